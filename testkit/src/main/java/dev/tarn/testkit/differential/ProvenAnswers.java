package dev.tarn.testkit.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answers of the executor under test that were found equal to those of the one that is right, as
 * digests, a line each. An answer that is among them need not be computed a second time by the
 * slower one; any other is compared.
 *
 * <p>With {@code -Dtarn.answers.record=FOLDER} nothing is taken for proven, and what was proven in
 * that run is written to the folder.
 */
public final class ProvenAnswers {
  private static final String FOLDER = System.getProperty("tarn.answers.record", "");

  private final String name;
  private final String context;
  private final Set<String> digests = new TreeSet<>();

  private ProvenAnswers(String name, String context) {
    this.name = name;
    this.context = context;
  }

  /**
   * Reads those that are kept.
   *
   * @param beside a class in whose package the resource is
   * @param name of the resource
   * @param context what an answer hangs on but its statement: the version of what is right, the
   *     size of the data
   */
  public static ProvenAnswers read(Class<?> beside, String name, String context) {
    ProvenAnswers proven = new ProvenAnswers(name, context);
    if (FOLDER.isEmpty()) {
      try (InputStream lines = beside.getResourceAsStream(name)) {
        if (lines != null) {
          proven.digests.addAll(
              Arrays.asList(
                  new String(lines.readAllBytes(), StandardCharsets.US_ASCII).split("\n")));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return proven;
  }

  boolean contains(String sql, Answer answer) {
    return digests.contains(digest(sql, answer));
  }

  void add(String sql, Answer answer) {
    digests.add(digest(sql, answer));
    if (!FOLDER.isEmpty()) {
      try {
        Files.writeString(Path.of(FOLDER).resolve(name), String.join("\n", digests) + "\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String digest(String sql, Answer answer) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : new String[] {context, sql, text(answer)}) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Answer answer) {
    if (answer instanceof Answer.Failure failure) {
      return "fails " + failure.condition() + ' ' + failure.sqlState();
    }
    Answer.Rows rows = (Answer.Rows) answer;
    StringBuilder text = new StringBuilder(rows.columns().toString());
    rows.rows().forEach(row -> text.append('\n').append(Values.text(row)));
    return text.toString();
  }
}
