package dev.tarn.server;

import dev.tarn.kernel.config.Config;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs a server once through what every start needs, so that the launcher can record the classes:
 * HTTP, metadata, Spark, a Delta table. Uses a folder of its own and removes it.
 */
public final class WarmUp {
  private static final List<String> STATEMENTS =
      List.of(
          "SELECT 1",
          "CREATE TABLE warm_up AS SELECT id, CAST(id AS STRING) AS text FROM range(10)",
          "INSERT INTO warm_up VALUES (10, 'ten')",
          "SELECT text, count(*), sum(id) FROM warm_up WHERE id > 2 GROUP BY text ORDER BY 2, 1",
          "DROP TABLE warm_up");

  private WarmUp() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("tarn-warm-up");
    try (TarnServer server =
        TarnServer.start(
            ServerConfig.from(
                Config.load(folder.resolve("tarn.yaml"), Map.of(), Map.of("server.port", "0"))),
            folder)) {
      String token = Files.readString(server.administratorToken()).strip();
      TarnClient client = new TarnClient(server.url().toString(), token);
      client.awaitReady(Duration.ofMinutes(5));
      STATEMENTS.forEach(client::sql);
    } finally {
      delete(folder);
    }
    System.exit(0);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
