package dev.tarn.acceptance.commits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.clients.ClientProcess;
import dev.tarn.acceptance.clients.ClientProcess.Outcome;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delta Kernel's client of Unity Catalog, unmodified, in a process that has a host and a token. */
@ExtendWith(TarnUnderTest.class)
class ManagedCommitsIT {
  /** A user of their own, who may make tables from outside in a schema of their own. */
  static String token(Tarn tarn, String user, String schema) {
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    rest.post("/api/2.0/preview/scim/v2/Users", Map.of("userName", user));
    String metastore =
        rest.get("/api/2.1/unity-catalog/metastore_summary").json().path("metastore_id").asText();
    rest.patch(
        "/api/2.1/unity-catalog/metastores/" + metastore, Map.of("external_access_enabled", true));
    TarnClient administrator = tarn.administrator();
    administrator.sql("CREATE SCHEMA IF NOT EXISTS " + schema);
    administrator.sql("GRANT USE CATALOG ON CATALOG main TO `" + user + "`");
    administrator.sql(
        "GRANT USE SCHEMA, CREATE TABLE, EXTERNAL USE SCHEMA ON SCHEMA "
            + schema
            + " TO `"
            + user
            + "`");
    return administrator.createTokenFor(user, "writer", Duration.ofHours(1));
  }

  private static List<String> one(Outcome outcome) {
    assertThat(outcome.sqlState()).as(outcome.message()).isNull();
    return outcome.rows().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"preview", "v1"})
  void writersOutsideCommitThroughTheCatalog(String api, Tarn tarn) {
    String schema = "main.outside_" + api;
    String token = token(tarn, api + "-writer", schema);
    String table = schema + ".numbers";
    try (ClientProcess writer = UnityProcess.start(api, tarn.url(), token)) {
      assertThat(one(writer.run("metastore")).get(0)).hasSize(36);
      List<String> made = one(writer.run("create", table));
      assertThat(made.get(2)).isEqualTo("0");
      assertThat(one(writer.run("rows", table))).containsExactly("0", "[]");
      assertThat(one(writer.run("append", table, "1,2"))).containsExactly("1");
      assertThat(one(writer.run("append", table, "3"))).containsExactly("2");
      assertThat(one(writer.run("unpublished", table))).containsExactly("2");
      assertThat(one(writer.run("rows", table))).containsExactly("2", "[1, 2, 3]");
      assertThat(one(writer.run("rows", table, "1"))).containsExactly("1", "[1, 2]");

      // Of two who commit the same version one is told so, and nothing of the other is lost.
      Outcome lost = writer.run("race", table, "4", "5");
      assertThat(lost.sqlState()).as(lost.message()).isNotNull();
      assertThat(lost.message()).contains("CommitFailedException").contains("another writer");
      assertThat(one(writer.run("rows", table))).containsExactly("3", "[1, 2, 3, 4]");

      assertThat(one(writer.run("publish", table))).containsExactly("3");
      assertThat(one(writer.run("unpublished", table))).containsExactly("0");
      assertThat(one(writer.run("rows", table))).containsExactly("3", "[1, 2, 3, 4]");
      assertThat(one(writer.run("append", table, "6"))).containsExactly("4");
      assertThat(one(writer.run("rows", table))).containsExactly("4", "[1, 2, 3, 4, 6]");

      assertThat(one(writer.run("append", table, "7"))).containsExactly("5");
      assertThat(one(writer.run("append", table, "8"))).containsExactly("6");

      // Statements in here see all of it, and commit to the same log.
      TarnClient sql = new TarnClient(tarn.url(), token);
      String numbers = "SELECT array_join(sort_array(collect_list(n)), ' ') FROM " + table;
      assertThat(sql.sql(numbers).rows()).containsExactly(List.of("1 2 3 4 6 7 8"));
      sql.sql("INSERT INTO " + table + " VALUES (9)");
      sql.sql("DELETE FROM " + table + " WHERE n < 4");
      assertThat(one(writer.run("rows", table))).containsExactly("8", "[4, 6, 7, 8, 9]");
      assertThat(one(writer.run("append", table, "10"))).containsExactly("9");
      assertThat(sql.sql(numbers).rows()).containsExactly(List.of("4 6 7 8 9 10"));

      // What a commit says of the table, the catalog says too.
      assertThat(one(writer.run("property", table, "made.by", "somebody"))).containsExactly("10");
      Rest rest = new Rest(tarn.url(), token);
      assertThat(
              rest.get("/api/2.1/unity-catalog/tables/" + table)
                  .json()
                  .at("/properties/made.by")
                  .asText())
          .isEqualTo("somebody");
      mayNot(tarn, api, table);

      // Who never publishes is stopped.
      one(writer.run("create", schema + ".flooded"));
      Outcome flooded = writer.run("flood", schema + ".flooded");
      assertThat(flooded.message()).contains("50 commits that are not published");
    }
  }

  @Test
  void sparkOfSomebodyElseCommitsThroughTheCatalog(Tarn tarn) {
    String token = token(tarn, "spark-writer", "main.outside_spark");
    String table = "main.outside_spark.numbers";
    try (ClientProcess writer = UnityProcess.start("preview", tarn.url(), token)) {
      one(writer.run("create", table));
      one(writer.run("append", table, "1,2"));
      List<String> told =
          UnityProcess.spark(
              tarn.url(),
              token,
              "SELECT n FROM " + table + " ORDER BY n",
              "INSERT INTO " + table + " VALUES (3)",
              "DELETE FROM " + table + " WHERE n = 1",
              "SELECT n FROM " + table + " ORDER BY n");
      assertThat(told)
          .contains("row\t[1]", "done\tINSERT INTO " + table + " VALUES (3)")
          .endsWith("row\t[2]", "row\t[3]", "done\tSELECT n FROM " + table + " ORDER BY n");
      assertThat(one(writer.run("rows", table))).containsExactly("3", "[2, 3]");
    }
    assertThat(tarn.administrator().sql("SELECT sum(n) FROM " + table).rows())
        .containsExactly(List.of("5"));
    // Nor does it get around the grants.
    tarn.administrator()
        .sql("REVOKE EXTERNAL USE SCHEMA ON SCHEMA main.outside_spark FROM `spark-writer`");
    assertThat(UnityProcess.spark(tarn.url(), token, "INSERT INTO " + table + " VALUES (4)"))
        .anyMatch(line -> line.startsWith("failed") && line.contains("EXTERNAL USE SCHEMA"));
    assertThat(tarn.administrator().sql("SELECT sum(n) FROM " + table).rows())
        .containsExactly(List.of("5"));
  }

  /** A reader without EXTERNAL USE SCHEMA has SQL only. */
  private static void mayNot(Tarn tarn, String api, String table) {
    String user = api + "-reader";
    new Rest(tarn.url(), tarn.administratorToken())
        .post("/api/2.0/preview/scim/v2/Users", Map.of("userName", user));
    TarnClient administrator = tarn.administrator();
    administrator.sql("GRANT USE CATALOG ON CATALOG main TO `" + user + "`");
    administrator.sql("GRANT USE SCHEMA ON SCHEMA main.outside_" + api + " TO `" + user + "`");
    administrator.sql("GRANT SELECT, MODIFY ON TABLE " + table + " TO `" + user + "`");
    String token = administrator.createTokenFor(user, "reader", Duration.ofHours(1));
    try (ClientProcess reader = UnityProcess.start(api, tarn.url(), token)) {
      for (String step : List.of("rows", "append")) {
        Outcome refused = reader.run(step, table, "1");
        assertThat(refused.message()).contains("EXTERNAL USE SCHEMA").contains("403");
      }
      Outcome refused = reader.run("create", "main.outside_" + api + ".mine");
      assertThat(refused.message()).contains("CREATE TABLE").contains("403");
    }
    assertThat(new TarnClient(tarn.url(), token).sql("SELECT max(n) FROM " + table).rows())
        .containsExactly(List.of("10"));
  }
}
