package dev.tarn.govern.clones;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The files of other tables that a shallow clone may name: those that it was made of. Kept as
 * digests of their paths, 16 bytes each, in ascending order one after the other: a clone may have a
 * hundred thousand files.
 */
public final class ClonedFiles {
  public static final ClonedFiles NONE = new ClonedFiles(List.of(new byte[0]));

  private static final int LENGTH = 16;

  private final List<byte[]> sorted;

  /**
   * @param sorted digests as {@link #digests} answers them
   */
  ClonedFiles(List<byte[]> sorted) {
    this.sorted = List.copyOf(sorted);
  }

  /**
   * @param files as {@link #contains} is asked for them
   */
  public static ClonedFiles of(Collection<String> files) {
    return new ClonedFiles(List.of(digests(files)));
  }

  /**
   * @param file an absolute local path, or a URI of another file system, decoded and without {@code
   *     ..}
   */
  public boolean contains(String file) {
    byte[] digest = digest(file);
    return sorted.stream().anyMatch(each -> contains(each, digest));
  }

  private static boolean contains(byte[] sorted, byte[] digest) {
    int low = 0;
    int high = sorted.length / LENGTH - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = middle * LENGTH;
      int order = Arrays.compare(sorted, at, at + LENGTH, digest, 0, LENGTH);
      if (order == 0) {
        return true;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  static byte[] digests(Collection<String> files) {
    byte[][] each = files.stream().distinct().map(ClonedFiles::digest).toArray(byte[][]::new);
    Arrays.sort(each, Arrays::compare);
    byte[] all = new byte[each.length * LENGTH];
    for (int i = 0; i < each.length; i++) {
      System.arraycopy(each[i], 0, all, i * LENGTH, LENGTH);
    }
    return all;
  }

  private static byte[] digest(String file) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(whole, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
