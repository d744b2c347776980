package dev.tarn.acceptance.jdbc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientJvm;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@link JdbcClient} as a separate process that knows only the driver, which the build copies
 * to {@code target/jdbc}.
 */
public final class JdbcProcess {
  private static final int TIMEOUT_SECONDS = 300;

  private final String url;
  private final String token;

  /**
   * What the client said.
   *
   * @param exitCode 0 if all steps succeeded
   * @param rows each line of output; null for SQL NULL
   * @param error stderr: {@code SQLSTATE<tab>message} of a failure
   */
  public record Outcome(int exitCode, List<List<String>> rows, String error) {}

  /**
   * @param port of a Tarn on 127.0.0.1
   * @param warehouse id of a warehouse
   * @param moreProperties more of the URL, such as {@code ;ConnCatalog=main}; may be empty
   */
  public JdbcProcess(int port, String warehouse, String token, String moreProperties) {
    this(token, port, warehouse, ";UseThriftClient=0" + moreProperties);
  }

  /** One that speaks Thrift, as the driver does unless told otherwise. */
  public static JdbcProcess thrift(int port, String warehouse, String token, String properties) {
    return new JdbcProcess(token, port, warehouse, properties);
  }

  private JdbcProcess(String token, int port, String warehouse, String moreProperties) {
    this.url =
        "jdbc:databricks://127.0.0.1:"
            + port
            + "/default;transportMode=http;ssl=0;AuthMech=3;httpPath="
            + "/sql/1.0/warehouses/"
            + warehouse
            + moreProperties;
    this.token = token;
  }

  private JdbcProcess(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /**
   * @param url the whole of it; user and password are not used by logins that it names otherwise
   */
  public static JdbcProcess to(String url, String token) {
    return new JdbcProcess(url, token);
  }

  /** Runs one query and returns its rows; throws if it fails. */
  public List<List<String>> query(String sql) {
    Outcome outcome = run("query " + sql);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(sql + ": " + outcome.error());
    }
    return outcome.rows();
  }

  /** Runs steps as {@link JdbcClient} describes them over one connection. */
  public Outcome run(String... steps) {
    try {
      Path out = Files.createTempFile("jdbc", ".out");
      Path err = Files.createTempFile("jdbc", ".err");
      try {
        Process process = start(steps, out, err);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("The JDBC client did not end: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), rows(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the JDBC client ran", e);
    }
  }

  private Process start(String[] steps, Path out, Path err) throws IOException {
    ClientJvm jvm =
        new ClientJvm(
            JdbcClient.class,
            ClientClasses.of(JdbcClient.class),
            ClientJvm.built("jdbc"),
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Xmx512m");
    ProcessBuilder builder = new ProcessBuilder();
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JDBC_URL", url);
    builder.environment().put("JDBC_USER", "token");
    builder.environment().put("JDBC_PASSWORD", token);
    return jvm.start(builder, List.of(steps));
  }

  private static List<List<String>> rows(Path out) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(out, StandardCharsets.UTF_8)) {
      if (line.startsWith("[")) {
        rows.add(Json.mapper().readValue(line, new TypeReference<List<String>>() {}));
      }
    }
    return rows;
  }
}
