package dev.tarn.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A short slice of fuzzing for every test run: each seed as it is, then so many changed ones. It
 * knows nothing of coverage; Jazzer, behind its switch, does.
 */
public final class Mutations {
  private static final int LONGEST = 1 << 16;

  /** Bytes that parsers of lengths, quotes and nesting care about. */
  private static final List<byte[]> TELLING =
      Stream.of(
              "\0",
              "'",
              "\"",
              "`",
              "\\",
              "%",
              "%00",
              "(",
              ")",
              "{",
              "[",
              "}",
              "]",
              ";",
              "--",
              "/*",
              "-1",
              "1e999999999",
              "9223372036854775808",
              "null",
              "\uFEFF",
              "\u0130",
              "🐦")
          .map(text -> text.getBytes(StandardCharsets.UTF_8))
          .toList();

  private static final int[] LENGTHS = {0, 1, -1, 127, 128, 1 << 30, Integer.MAX_VALUE, 1 << 31};

  /** What is fuzzed: it fails by throwing. */
  @FunctionalInterface
  public interface Target {
    void take(byte[] input) throws Exception;
  }

  private Mutations() {}

  /**
   * @throws AssertionError naming seed and input, if the target throws anything
   */
  public static void run(String name, Stream<byte[]> seeds, int count, Target target) {
    List<byte[]> good = seeds.toList();
    long seed = System.nanoTime();
    System.out.println(name + " seed " + seed);
    Random random = new Random(seed);
    good.forEach(input -> take(name, seed, target, input));
    for (int i = 0; i < count; i++) {
      byte[] input = good.get(random.nextInt(good.size())).clone();
      for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
        input = changed(input, good, random);
      }
      take(name, seed, target, input);
    }
  }

  private static void take(String name, long seed, Target target, byte[] input) {
    try {
      target.take(input.clone());
    } catch (Throwable e) {
      throw new AssertionError(
          name + " with seed " + seed + " on " + Base64.getEncoder().encodeToString(input), e);
    }
  }

  private static byte[] changed(byte[] input, List<byte[]> good, Random random) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + random.nextInt(16));
    switch (random.nextInt(7)) {
      case 0:
        return joined(input, at, new byte[0], to);
      case 1:
        return joined(input, at, TELLING.get(random.nextInt(TELLING.size())), at);
      case 2:
        return joined(input, at, TELLING.get(random.nextInt(TELLING.size())), to);
      case 3:
        byte[] other = good.get(random.nextInt(good.size()));
        int from = random.nextInt(other.length + 1);
        return joined(input, at, Arrays.copyOfRange(other, from, other.length), input.length);
      case 4:
        byte[] part = Arrays.copyOfRange(input, at, to);
        ByteArrayOutputStream repeated = new ByteArrayOutputStream();
        for (int i = random.nextInt(64); i >= 0; i--) {
          repeated.writeBytes(part);
        }
        return joined(input, at, repeated.toByteArray(), to);
      case 5:
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        byte[] big = {
          (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length
        };
        byte[] little = {big[3], big[2], big[1], big[0]};
        return joined(
            input, at, random.nextBoolean() ? big : little, Math.min(input.length, at + 4));
      default:
        return joined(
            input, at, new byte[] {(byte) random.nextInt(256)}, Math.min(input.length, at + 1));
    }
  }

  /** The input with what lies between two places replaced. */
  private static byte[] joined(byte[] input, int from, byte[] between, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, from);
    out.writeBytes(between);
    out.write(input, to, input.length - to);
    byte[] joined = out.toByteArray();
    return joined.length > LONGEST ? Arrays.copyOf(joined, LONGEST) : joined;
  }
}
