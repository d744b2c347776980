package dev.tarn.testkit.tpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A query of a TPC benchmark in Spark's dialect.
 *
 * @param name such as {@code q01} or {@code q14a}
 * @param sql over the tables' bare names
 */
public record TpcQuery(String name, String sql) {
  /** Spark's tests call a column of the customers not as the specification and the data do. */
  private static final Pattern MISNAMED = Pattern.compile("\\bc_last_review_date\\b");

  static TpcQuery read(String benchmark, String name) {
    String resource = "/" + benchmark + "/" + name.replaceFirst("^q0", "q") + ".sql";
    try (InputStream in = TpcQuery.class.getResourceAsStream(resource)) {
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new TpcQuery(name, MISNAMED.matcher(sql).replaceAll("c_last_review_date_sk"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
