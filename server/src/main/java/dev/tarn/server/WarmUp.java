package dev.tarn.server;

import dev.tarn.kernel.config.Config;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
          "CREATE VOLUME landing");

  private static final String PIPELINE =
      """
      CREATE OR REFRESH STREAMING TABLE bronze AS
      SELECT *, _metadata.file_path FROM STREAM read_files(
        '/Volumes/main/default/landing/', format => 'csv', header => true);
      CREATE OR REFRESH STREAMING TABLE silver (
        CONSTRAINT positive EXPECT (id > 0) ON VIOLATION DROP ROW
      ) AS SELECT CAST(id AS BIGINT) AS id, name FROM STREAM(bronze);
      CREATE OR REFRESH MATERIALIZED VIEW gold AS
      SELECT s.name, count(*) AS n, rank() OVER (ORDER BY count(*)) AS rank
      FROM silver s LEFT JOIN warm_up w ON w.id = s.id
      GROUP BY s.name;
      """;

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
      client.putFile(
          "/Volumes/main/default/landing/rows.csv",
          "id,name\n1,a\n2,b\n-1,c\n".getBytes(StandardCharsets.UTF_8));
      runPipeline(client);
      client.sql("SELECT * FROM gold ORDER BY rank");
    } finally {
      delete(folder);
    }
    System.exit(0);
  }

  private static void runPipeline(TarnClient client) throws InterruptedException {
    String folder = "/Workspace/Users/" + client.currentUser() + "/warm-up";
    client.putWorkspaceFile(folder + "/all.sql", PIPELINE.getBytes(StandardCharsets.UTF_8));
    String pipeline =
        client.pipelines().createOrEdit("warm-up", "main", "default", folder, Map.of());
    String update = client.pipelines().start(pipeline, false, false);
    while (!Set.of("COMPLETED", "FAILED", "CANCELED")
        .contains(client.pipelines().state(pipeline, update))) {
      Thread.sleep(200);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
