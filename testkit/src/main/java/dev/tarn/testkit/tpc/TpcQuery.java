package dev.tarn.testkit.tpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A query of a TPC benchmark in Spark's dialect.
 *
 * @param name such as {@code q01} or {@code q14a}
 * @param sql over the tables' bare names
 */
public record TpcQuery(String name, String sql) {
  static TpcQuery read(String benchmark, String name) {
    String resource = "/dev/tarn/testkit/" + benchmark + "/" + name + ".sql";
    try (InputStream in = TpcQuery.class.getResourceAsStream(resource)) {
      return new TpcQuery(name, new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
