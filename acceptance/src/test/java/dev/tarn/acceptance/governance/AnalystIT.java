package dev.tarn.acceptance.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.flights.FlightsPlatformUnderTest;
import dev.tarn.acceptance.flights.FlightsPlatformUnderTest.Demo;
import dev.tarn.acceptance.flights.IndependentGold;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.Rest.Answer;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The analyst may read gold and nothing else, whatever the path. */
@ExtendWith(FlightsPlatformUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalystIT {
  private static final String UNITY = "/api/2.1/unity-catalog/";
  private static final String LANDED = "/Volumes/main/flights/landing/airports/airports.csv";

  private final Demo demo;
  private final String token;
  private final TarnClient analyst;
  private final Rest rest;
  private final Rest administrator;

  AnalystIT(Demo demo) {
    this.demo = demo;
    this.token = demo.administrator().createTokenFor("analyst", "acceptance", Duration.ofHours(1));
    this.analyst = new TarnClient(demo.url(), token);
    this.rest = new Rest(demo.url(), token);
    this.administrator = new Rest(demo.url(), demo.administratorToken());
  }

  @Test
  void readsGold() {
    for (String table : IndependentGold.names()) {
      String count = "SELECT count(*) FROM main.flights." + table;
      assertThat(analyst.sql(count).rows())
          .as(table)
          .isEqualTo(demo.administrator().sql(count).rows());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM main.flights.flights LIMIT 1",
        "SELECT count(*) FROM main.flights.flights_raw",
        "SELECT 1 FROM `main`.`flights`.`flights` WHERE false",
        "SELECT h.* FROM main.flights.on_time_by_hour h JOIN main.flights.flights f ON"
            + " f.departure_hour = h.departure_hour",
        "SELECT * FROM main.flights.on_time_by_hour WHERE departure_hour IN (SELECT departure_hour"
            + " FROM main.flights.flights)",
        "SELECT (SELECT max(id) FROM main.flights.flights)",
        "WITH f AS (SELECT * FROM main.flights.flights) SELECT count(*) FROM f",
        "SELECT flights FROM main.flights.on_time_by_hour UNION SELECT id FROM"
            + " main.flights.flights",
        "SELECT * FROM main.flights.flights VERSION AS OF 0",
        "SELECT * FROM main.flights.flights TIMESTAMP AS OF current_timestamp()",
        "SELECT * FROM table_changes('main.flights.flights', 0)",
        "TABLE main.flights.flights",
        "EXPLAIN SELECT * FROM main.flights.flights",
        "DESCRIBE TABLE main.flights.flights",
        "DESCRIBE EXTENDED main.flights.flights",
        "DESCRIBE HISTORY main.flights.flights",
        "DESCRIBE DETAIL main.flights.flights",
        "SHOW CREATE TABLE main.flights.flights",
        "SHOW COLUMNS IN main.flights.flights",
        "SHOW TBLPROPERTIES main.flights.flights",
        "CREATE TEMPORARY VIEW mine AS SELECT * FROM main.flights.flights",
        "CREATE TABLE main.flights.mine AS SELECT * FROM main.flights.flights",
        "INSERT INTO main.flights.on_time_by_hour SELECT 1, id, 1, 1 FROM main.flights.flights",
        "MERGE INTO main.flights.flights t USING main.flights.on_time_by_hour s ON t.id = s.flights"
            + " WHEN MATCHED THEN DELETE",
        "INSERT INTO main.flights.on_time_by_hour VALUES (1, 1, 1, 1)",
        "DELETE FROM main.flights.on_time_by_hour",
        "UPDATE main.flights.on_time_by_hour SET flights = 0",
        "TRUNCATE TABLE main.flights.on_time_by_hour",
        "DROP TABLE main.flights.on_time_by_hour",
        "ALTER TABLE main.flights.on_time_by_hour SET TBLPROPERTIES ('a' = 'b')",
        "REORG TABLE main.flights.on_time_by_hour APPLY (PURGE)",
        "OPTIMIZE main.flights.on_time_by_hour",
        "VACUUM main.flights.on_time_by_hour",
        "CREATE TABLE main.flights.mine (id INT)",
        "CREATE SCHEMA main.mine",
        "CREATE VOLUME main.flights.mine",
        "DROP VOLUME main.flights.landing",
        "DROP SCHEMA main.flights CASCADE",
        "GRANT SELECT ON TABLE main.flights.flights TO analyst",
        "GRANT ALL PRIVILEGES ON CATALOG main TO `account users`",
        "REVOKE SELECT ON TABLE main.flights.on_time_by_hour FROM analyst"
      })
  void isToldWhatIsMissing(String sql) {
    ClientException refusal = refusal(sql);
    assertThat(refusal.errorCode() + ": " + refusal.getMessage())
        .contains("PERMISSION_DENIED")
        .contains("analyst")
        .contains("main");
    assertThat(analyst.sql("SELECT count(*) > 0 FROM main.flights.on_time_by_hour").rows())
        .containsExactly(List.of("true"));
  }

  private ClientException refusal(String sql) {
    ClientException refusal = catchThrowableOfType(ClientException.class, () -> analyst.sql(sql));
    assertThat(refusal).as("the analyst must not: " + sql).isNotNull();
    return refusal;
  }

  @Test
  void theMessageNamesUserPrivilegeAndTable() {
    assertThat(refusal("SELECT * FROM main.flights.airports").getMessage())
        .contains("'analyst'")
        .contains("SELECT")
        .contains("'main.flights.airports'")
        .contains("grant");
  }

  /** Files lead to no rows, by no spelling of their place. */
  @Test
  void filesAreClosed() {
    String place = storageLocation("main.flights.flights");
    String path = place.replaceFirst("^file:/*", "/");
    List<String> statements = new ArrayList<>();
    for (String spelling : List.of(place, path, "file:" + path)) {
      for (String format : List.of("delta", "parquet", "json", "csv", "text", "binaryFile")) {
        statements.add("SELECT * FROM " + format + ".`" + spelling + "`");
        statements.add("SELECT * FROM read_files('" + spelling + "', format => '" + format + "')");
      }
    }
    for (String file :
        List.of(
            "/etc/passwd",
            "/Volumes/main/flights/landing/airports/",
            "dbfs:/Volumes/main/flights/landing/airports/",
            "/Volumes/main/flights/landing/../../../../etc/passwd",
            demo.data().resolve("admin.token").toString(),
            demo.data().resolve("metadata.db").toString())) {
      statements.add("SELECT * FROM read_files('" + file + "', format => 'text')");
      statements.add("SELECT * FROM text.`" + file + "`");
    }
    statements.add("CREATE TABLE main.flights.mine USING delta LOCATION '" + place + "'");
    statements.add("CREATE TEMPORARY VIEW v USING parquet OPTIONS (path '" + path + "')");
    statements.add("CREATE TEMPORARY VIEW v USING text OPTIONS (path '/etc/passwd')");
    statements.add("INSERT OVERWRITE DIRECTORY '/tmp/x' USING csv SELECT 1");
    statements.add("COPY INTO main.flights.on_time_by_hour FROM '" + path + "' FILEFORMAT = CSV");
    statements.add("ADD JAR '/tmp/x.jar'");
    statements.add("SELECT java_method('java.lang.System', 'getProperty', 'user.home')");
    statements.add("SET spark.sql.runSQLOnFiles = true");
    for (String sql : statements) {
      assertThat(refusal(sql).errorCode()).as(sql).isNotEqualTo("INTERNAL_ERROR");
    }
  }

  private String storageLocation(String table) {
    return administrator.get(UNITY + "tables/" + table).json().path("storage_location").asText();
  }

  @Test
  void jdbcIsNoOtherPath() {
    JdbcProcess jdbc = new JdbcProcess(demo.port(), "default", token, "");
    assertThat(jdbc.query("SELECT count(*) FROM main.flights.on_time_by_hour"))
        .containsExactly(List.of("24"));
    JdbcProcess.Outcome silver = jdbc.run("query SELECT * FROM main.flights.flights");
    assertThat(silver.exitCode()).isOne();
    assertThat(silver.rows()).isEmpty();
    assertThat(silver.error())
        .contains("PERMISSION_DENIED")
        .contains("'analyst'")
        .contains("SELECT")
        .contains("main.flights.flights");
    JdbcProcess.Outcome tables = jdbc.run("tables main flights");
    assertThat(tables.rows().stream().map(row -> row.get(2)).toList())
        .containsExactlyInAnyOrderElementsOf(IndependentGold.names());
  }

  @Test
  void listingsShowGoldOnly() {
    assertThat(names(rest.get(UNITY + "tables?catalog_name=main&schema_name=flights"), "tables"))
        .containsExactlyInAnyOrderElementsOf(IndependentGold.names());
    assertThat(
            analyst.sql("SHOW TABLES IN main.flights").rows().stream().map(r -> r.get(1)).toList())
        .containsExactlyInAnyOrderElementsOf(IndependentGold.names());
    assertThat(names(rest.get(UNITY + "volumes?catalog_name=main&schema_name=flights"), "volumes"))
        .isEmpty();
    assertThat(rest.get(UNITY + "tables/main.flights.on_time_by_hour").status()).isEqualTo(200);
    assertThat(rest.get(UNITY + "tables/main.flights.flights").status()).isIn(403, 404);
    assertThat(rest.get(UNITY + "volumes/main.flights.landing").status()).isIn(403, 404);
  }

  @Test
  void searchingFindsGoldOnly() {
    assertThat(found(administrator, "departure_hour"))
        .contains("main.flights.flights", "main.flights.on_time_by_hour");
    assertThat(found(rest, "departure_hour"))
        .containsExactlyInAnyOrder(
            "main.flights.on_time_by_airport_and_hour", "main.flights.on_time_by_hour");
    assertThat(found(rest, "main.flights.flights")).doesNotContain("main.flights.flights");
    assertThat(found(administrator, "landing")).contains("main.flights.landing");
    assertThat(found(rest, "landing")).doesNotContain("main.flights.landing");
  }

  /** What is found in catalog {@code main}. */
  private static List<String> found(Rest rest, String text) {
    Answer answer = rest.get("/api/2.0/tarn/search?max_results=100&q=" + text);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> found = new ArrayList<>();
    for (JsonNode each : answer.json().path("results")) {
      if (each.path("full_name").asText().startsWith("main.")) {
        found.add(each.path("full_name").asText());
      }
    }
    return found;
  }

  private static List<String> names(Answer answer, String field) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    for (JsonNode each : answer.json().path(field)) {
      names.add(each.path("name").asText());
    }
    return names;
  }

  @Test
  void cannotGrantItself() {
    Map<String, Object> change =
        Map.of("changes", List.of(Map.of("principal", "analyst", "add", List.of("SELECT"))));
    for (String securable :
        List.of(
            "table/main.flights.flights",
            "table/main.flights.on_time_by_hour",
            "schema/main.flights",
            "catalog/main")) {
      assertThat(rest.patch(UNITY + "permissions/" + securable, change).status())
          .as(securable)
          .isEqualTo(403);
    }
    assertThat(rest.delete(UNITY + "tables/main.flights.on_time_by_hour").status()).isEqualTo(403);
    assertThat(rest.delete(UNITY + "tables/main.flights.flights").status()).isIn(403, 404);
    assertThat(
            rest.post(UNITY + "schemas", Map.of("name", "mine", "catalog_name", "main")).status())
        .isEqualTo(403);
    assertThat(rest.post(UNITY + "catalogs", Map.of("name", "mine")).status()).isEqualTo(403);
  }

  @Test
  void theVolumeIsClosed() {
    String file = "/api/2.0/fs/files" + LANDED;
    String folder = "/api/2.0/fs/directories/Volumes/main/flights/landing";
    byte[] content = "x".getBytes(StandardCharsets.UTF_8);
    List<Answer> answers =
        List.of(
            rest.get(file),
            rest.call("HEAD", file, null),
            rest.call("PUT", file + "?overwrite=true", content),
            rest.call("PUT", file.replace("airports.csv", "new.csv"), content),
            rest.delete(file),
            rest.get(folder + "/airports"),
            rest.call("PUT", folder + "/mine", null),
            rest.delete(folder + "/airports"));
    assertThat(answers).extracting(Answer::status).containsOnly(403);
    assertThat(answers.get(0).json().path("message").asText())
        .contains("'analyst'")
        .contains("READ VOLUME")
        .contains("main.flights.landing");
    assertThat(administrator.get(file).body()).startsWith("iata,");
  }

  @Test
  void thePipelineOfAnotherDoesNotExist() {
    JsonNode pipeline = administrator.get("/api/2.0/pipelines").json().path("statuses").get(0);
    String id = pipeline.path("pipeline_id").asText();
    assertThat(pipeline.path("name").asText()).isEqualTo("flights");
    assertThat(rest.get("/api/2.0/pipelines").json().path("statuses")).isEmpty();
    String path = "/api/2.0/pipelines/" + id;
    assertThat(
            List.of(
                rest.get(path),
                rest.get(path + "/events"),
                rest.get(path + "/updates"),
                rest.post(path + "/updates", Map.of("full_refresh", true)),
                rest.post(path + "/stop", Map.of()),
                rest.delete(path)))
        .extracting(Answer::status)
        .containsOnly(404);
  }

  @Test
  void workspaceFilesOfOthersAreClosed() {
    String folder = "/Workspace/Users/admin/pipelines/flights";
    List<Answer> answers =
        List.of(
            rest.get("/api/2.0/workspace/export?path=" + folder + "/gold.sql"),
            rest.get("/api/2.0/workspace/list?path=" + folder),
            rest.get("/api/2.0/workspace/get-status?path=" + folder + "/gold.sql"),
            rest.post(
                "/api/2.0/workspace/import",
                Map.of("path", folder + "/gold.sql", "content", "", "overwrite", true)),
            rest.post("/api/2.0/workspace/delete", Map.of("path", folder, "recursive", true)));
    assertThat(answers).extracting(Answer::status).allMatch(s -> s == 403 || s == 404);
    assertThat(
            administrator
                .get("/api/2.0/workspace/get-status?path=" + folder + "/gold.sql")
                .status())
        .isEqualTo(200);
  }

  @Test
  void tokensAndUsersOfOthersAreClosed() {
    List<String> owned = new ArrayList<>();
    rest.get("/api/2.0/token/list")
        .json()
        .path("token_infos")
        .forEach(t -> owned.add(t.path("comment").asText()));
    assertThat(owned).contains("acceptance").isSubsetOf("acceptance", "flights demo");
    String other =
        administrator
            .post("/api/2.0/token/create", Map.of("comment", "the administrator's"))
            .json()
            .path("token_info")
            .path("token_id")
            .asText();
    assertThat(rest.post("/api/2.0/token/delete", Map.of("token_id", other)).status())
        .isEqualTo(404);
    assertThat(
            rest.post(
                    "/api/2.0/token-management/on-behalf-of/tokens",
                    Map.of("application_id", "admin", "comment", "x", "lifetime_seconds", 60))
                .status())
        .isEqualTo(403);
    assertThat(rest.post("/api/2.0/preview/scim/v2/Users", Map.of("userName", "mine")).status())
        .isEqualTo(403);
  }

  @Test
  void statementsAndSessionsOfOthersDoNotExist() {
    JsonNode statement =
        administrator
            .post(
                "/api/2.0/sql/statements",
                Map.of("warehouse_id", "default", "statement", "SELECT 'secret'"))
            .json();
    String path = "/api/2.0/sql/statements/" + statement.path("statement_id").asText();
    assertThat(administrator.get(path).body()).contains("secret");
    assertThat(
            List.of(
                rest.get(path),
                rest.get(path + "/result/chunks/0"),
                rest.post(path + "/cancel", Map.of()),
                rest.delete(path)))
        .extracting(Answer::status)
        .containsOnly(404);
    assertThat(administrator.get(path).body()).contains("secret");
    String session = demo.administrator().openSession("main", "flights");
    Answer used =
        rest.post(
            "/api/2.0/sql/statements",
            Map.of(
                "warehouse_id", "default",
                "session_id", session,
                "statement", "SELECT * FROM flights"));
    assertThat(used.json().at("/status/state").asText()).as(used.body()).isEqualTo("FAILED");
    assertThat(used.json().at("/status/sql_state").asText()).isEqualTo("08003");
    demo.administrator().closeSession(session);
  }

  @Test
  void withoutATokenNothingAnswers() {
    for (String wrong : new String[] {null, "dapi00000000000000000000000000000000", "", "x y"}) {
      Rest nobody = new Rest(demo.url(), wrong);
      for (String path :
          List.of(
              "/api/2.0/sql/warehouses",
              "/api/2.0/preview/scim/v2/Me",
              "/api/2.0/pipelines",
              UNITY + "catalogs",
              UNITY + "tables/main.flights.on_time_by_hour",
              "/api/2.0/fs/files" + LANDED,
              "/api/2.0/workspace/list?path=/")) {
        assertThat(nobody.get(path).status()).as(wrong + " " + path).isEqualTo(401);
      }
      Answer statement =
          nobody.post(
              "/api/2.0/sql/statements",
              Map.of("warehouse_id", "default", "statement", "SELECT 1"));
      assertThat(statement.status()).isEqualTo(401);
      assertThat(statement.errorCode()).isEqualTo("UNAUTHENTICATED");
    }
    assertThat(new Rest(demo.url(), null).get("/health").status()).isEqualTo(200);
  }
}
