package dev.tarn.acceptance.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.connect.ConnectProcess.Failure;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Through Spark Connect nobody gets further than their grants, by code, path or setting. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GovernedConnectIT {
  private static final String SECRET = "main.guarded.secret";
  private static final String OPEN = "main.guarded.open";

  private final Tarn tarn;
  private final TarnClient administrator;
  private final ConnectProcess analyst;

  GovernedConnectIT(Tarn tarn) {
    this.tarn = tarn;
    this.administrator = tarn.administrator();
    administrator.createUser("connect-analyst");
    for (String sql :
        List.of(
            "CREATE SCHEMA main.guarded",
            "CREATE TABLE " + SECRET + " AS SELECT id, 'secret' AS text FROM range(3)",
            "CREATE TABLE " + OPEN + " AS SELECT id FROM range(3)",
            "GRANT USE CATALOG ON CATALOG main TO `connect-analyst`",
            "GRANT USE SCHEMA ON SCHEMA main.guarded TO `connect-analyst`",
            "GRANT SELECT ON TABLE " + OPEN + " TO `connect-analyst`")) {
      administrator.sql(sql);
    }
    String token = administrator.createTokenFor("connect-analyst", "connect", Duration.ofHours(1));
    this.analyst = ConnectProcess.to(tarn.port(), token);
  }

  @AfterAll
  void end() {
    analyst.close();
  }

  @Test
  void actsAsTheTokensUser() {
    assertThat(analyst.rows("sql", "SELECT current_user(), session_user()"))
        .containsExactly(List.of("connect-analyst", "connect-analyst"));
    assertThat(analyst.rows("table", OPEN)).hasSize(3);
    assertThat(analyst.rows("tables", "main.guarded").stream().map(r -> r.get(0))).contains("open");
    assertThat(analyst.rows("exists", OPEN)).containsExactly(List.of("true"));
    assertThat(analyst.rows("columns", OPEN)).hasSize(1);
  }

  @Test
  void grantsHold() {
    List<List<String>> steps =
        List.of(
            List.of("table", SECRET),
            List.of("sql", "SELECT * FROM " + SECRET),
            List.of("sql", "SELECT (SELECT max(id) FROM " + SECRET + ")"),
            List.of("expression", "(SELECT max(text) FROM " + SECRET + ")"),
            List.of("expression", "id IN (SELECT id FROM " + SECRET + ")"),
            List.of("option", "versionAsOf", "0", SECRET),
            List.of("view", "mine", "SELECT * FROM " + SECRET),
            List.of("sql", "GRANT SELECT ON TABLE " + SECRET + " TO `connect-analyst`"),
            List.of("sql", "SHOW GRANTS ON TABLE " + SECRET),
            List.of("save-as", "overwrite", "main.guarded.mine", "SELECT 1 AS id"),
            List.of("save-as", "append", OPEN, "SELECT 9L AS id"),
            List.of("save-as", "overwrite", OPEN, "SELECT 9L AS id"),
            List.of("insert-into", OPEN, "SELECT 9L AS id"),
            List.of("write-to", OPEN, "SELECT 9L AS id"),
            List.of("create", "main.guarded.mine", "SELECT 9L AS id"),
            List.of("merge", OPEN, "SELECT 9L AS id"),
            List.of("sql", "DROP TABLE " + OPEN),
            List.of("sql", "EXPLAIN SELECT * FROM " + SECRET));
    for (List<String> step : steps) {
      Failure failure = analyst.failure(step.toArray(String[]::new));
      assertThat(failure.message())
          .as(step.toString())
          .contains("connect-analyst")
          .contains("main.guarded");
      assertThat(failure.sqlState()).as(step.toString()).isEqualTo("42501");
    }
    assertThat(analyst.rows("table", OPEN)).hasSize(3);
  }

  /** For the administrator too: what is refused would go around the grants of others. */
  @Test
  void codeAndPathsAreClosed() throws Exception {
    Path folder = Files.createTempDirectory("connect-paths");
    String place = storageLocation(SECRET);
    String path = place.replaceFirst("^file:/*", "/");
    String out = folder.resolve("out").toString();
    Path jar = Files.write(folder.resolve("code.jar"), new byte[] {'P', 'K'});
    List<List<String>> steps = new ArrayList<>();
    for (String format :
        List.of("delta", "parquet", "json", "csv", "text", "binaryFile", "orc", "xml", "avro")) {
      steps.add(List.of("load", format, path));
      steps.add(List.of("save", format, out, "SELECT 1"));
      steps.add(List.of("table", format + ".`" + path + "`"));
      steps.add(List.of("sql", "SELECT * FROM " + format + ".`" + path + "`"));
    }
    steps.addAll(
        List.of(
            List.of("load", "kafka", "x"),
            List.of("load", "rate", "x"),
            List.of("jdbc", "jdbc:sqlite:" + tarn.data().resolve("tarn.db")),
            List.of("option", "path", path, OPEN),
            List.of("option", "fs.file.impl", "java.lang.Object", OPEN),
            List.of("save-option", "path", out, "main.guarded.placed", "SELECT 1 AS id"),
            List.of("external", "main.guarded.placed", path),
            List.of("udf"),
            List.of("register"),
            List.of("java-udf", "java.lang.Object"),
            List.of("map"),
            List.of("expression", "java_method('java.lang.System', 'exit', 1)"),
            List.of("expression", "reflect('java.lang.System', 'getenv', 'HOME')"),
            List.of("sql", "ADD JAR '" + jar + "'"),
            List.of("sql", "LIST JARS"),
            List.of("command", "java.lang.Object", "x"),
            List.of("stream", OPEN, "main.guarded.streamed"),
            List.of("global-view", "everywhere", "SELECT 1"),
            List.of("sql", "CREATE GLOBAL TEMPORARY VIEW everywhere AS SELECT 1"),
            List.of("cache", OPEN),
            List.of("cache-table", OPEN),
            List.of("clear-cache"),
            List.of("refresh-path", path),
            List.of("checkpoint", OPEN),
            List.of("files", OPEN),
            List.of("get", "spark.tarn.session"),
            List.of("get", "spark.local.dir"),
            List.of("get", "spark.sql.warehouse.dir"),
            List.of("set", "spark.tarn.session", "x"),
            List.of("unset", "spark.tarn.session"),
            List.of("set", "spark.sql.runSQLOnFiles", "true"),
            List.of("set", "spark.sql.catalog.mine", "java.lang.Object"),
            List.of("set", "spark.sql.connect.serverStacktrace.enabled", "true"),
            List.of("sql", "SET spark.tarn.session"),
            List.of("sql", "SET"),
            List.of("sql", "RESET")));
    try (ConnectProcess client = ConnectProcess.to(tarn.port(), tarn.administratorToken())) {
      for (List<String> step : steps) {
        Failure failure = client.failure(step.toArray(String[]::new));
        assertThat(failure.message()).as(step.toString()).doesNotContain("NullPointer");
        assertThat(failure.sqlState())
            .as(step + ": " + failure)
            .isIn("42501", "42K0I", "42P01", "22023", "42601", "0A000");
      }
      assertThat(client.failure("artifact", jar.toString()).message())
          .contains("PERMISSION_DENIED");
      assertThat(folder.resolve("out")).doesNotExist();
      assertThat(client.rows("settings").toString())
          .doesNotContain("spark.tarn")
          .doesNotContain("/");
      assertThat(client.rows("sql", "SELECT 1")).containsExactly(List.of("1"));
    }
    tarn.assertServes();
  }

  private String storageLocation(String table) {
    return new dev.tarn.acceptance.launcher.Rest(tarn.url(), tarn.administratorToken())
        .get("/api/2.1/unity-catalog/tables/" + table)
        .json()
        .path("storage_location")
        .asText();
  }
}
