package dev.tarn.acceptance.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A temporary view of a DataFrame opens no more than its query would if it were asked now. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TemporaryViewsIT {
  private static final String SCIM = "/api/2.0/preview/scim/v2/";

  private final Rest rest;
  private final TarnClient administrator;
  private final ConnectProcess reader;

  TemporaryViewsIT(Tarn tarn) {
    this.rest = new Rest(tarn.url(), tarn.administratorToken());
    this.administrator = tarn.administrator();
    administrator.createUser("view-keeper");
    for (String sql :
        List.of(
            "CREATE SCHEMA main.kept",
            "CREATE SCHEMA main.keeper",
            "CREATE FUNCTION main.kept.even(id BIGINT) RETURNS BOOLEAN RETURN id % 2 = 0",
            "GRANT USE CATALOG ON CATALOG main TO `view-keeper`",
            "GRANT USE SCHEMA, SELECT, EXECUTE ON SCHEMA main.kept TO `view-keeper`",
            "GRANT USE SCHEMA, CREATE TABLE ON SCHEMA main.keeper TO `view-keeper`")) {
      administrator.sql(sql);
    }
    String token = administrator.createTokenFor("view-keeper", "connect", Duration.ofHours(1));
    this.reader = ConnectProcess.to(tarn.port(), token);
  }

  @AfterAll
  void end() {
    reader.close();
  }

  private void filtered(String table) {
    administrator.sql("CREATE TABLE " + table + " AS SELECT id FROM range(4)");
    administrator.sql("ALTER TABLE " + table + " SET ROW FILTER main.kept.even ON (id)");
  }

  private List<String> ids(String view) {
    return reader.rows("sql", "SELECT id FROM " + view + " ORDER BY id").stream()
        .map(row -> row.get(0))
        .toList();
  }

  @Test
  void keepsTheFilterOfATableThatIsRenamed() {
    filtered("main.kept.before");
    reader.rows("view", "renamed", "SELECT * FROM main.kept.before");
    assertThat(ids("renamed")).containsExactly("0", "2");

    administrator.sql("ALTER TABLE main.kept.before RENAME TO main.kept.after");

    assertThat(reader.failure("sql", "SELECT * FROM renamed").condition())
        .isEqualTo("TABLE_OR_VIEW_NOT_FOUND");
  }

  @Test
  void readsTheTableThatHasTheNameNow() {
    administrator.sql("CREATE SCHEMA main.moving");
    administrator.sql(
        "GRANT USE SCHEMA, CREATE TABLE, SELECT ON SCHEMA main.moving TO `view-keeper`");
    filtered("main.moving.t");
    reader.rows("view", "moved", "SELECT * FROM main.moving.t");

    administrator.sql("ALTER TABLE main.moving.t RENAME TO main.moving.hidden");
    reader.rows("sql", "CREATE TABLE main.moving.t AS SELECT 7L AS id");

    assertThat(ids("moved")).containsExactly("7");
  }

  @Test
  void losesWhatIsDropped() {
    filtered("main.kept.dropped");
    reader.rows("view", "gone", "SELECT * FROM main.kept.dropped");
    administrator.sql("DROP TABLE main.kept.dropped");
    assertThat(reader.failure("sql", "SELECT * FROM gone").condition())
        .isEqualTo("TABLE_OR_VIEW_NOT_FOUND");
  }

  @Test
  void readsViewsAndFunctionsAsTheyAreNow() {
    administrator.sql("CREATE VIEW main.kept.narrowed AS SELECT id FROM range(4)");
    administrator.sql(
        "CREATE FUNCTION main.kept.rows_of() RETURNS TABLE(id BIGINT) RETURN SELECT id FROM range(4)");
    reader.rows("view", "over_view", "SELECT * FROM main.kept.narrowed");
    reader.rows("view", "over_function", "SELECT * FROM main.kept.rows_of()");
    assertThat(ids("over_view")).hasSize(4);
    assertThat(ids("over_function")).hasSize(4);

    administrator.sql(
        "CREATE OR REPLACE VIEW main.kept.narrowed AS SELECT id FROM range(4) WHERE id = 1");
    administrator.sql(
        "CREATE OR REPLACE FUNCTION main.kept.rows_of() RETURNS TABLE(id BIGINT)"
            + " RETURN SELECT id FROM range(2)");

    assertThat(ids("over_view")).containsExactly("1");
    assertThat(ids("over_function")).containsExactly("0", "1");
    administrator.sql("REVOKE EXECUTE ON SCHEMA main.kept FROM `view-keeper`");
    try {
      assertThat(reader.run("sql", "SELECT * FROM over_function").failure()).isNotNull();
    } finally {
      administrator.sql("GRANT EXECUTE ON SCHEMA main.kept TO `view-keeper`");
    }
  }

  @Test
  void asksForTheGroupsOfNow() {
    String user =
        rest.get(SCIM + "Users?filter=userName%20eq%20%22view-keeper%22")
            .json()
            .path("Resources")
            .path(0)
            .path("id")
            .asText();
    String group =
        rest.post(
                SCIM + "Groups",
                Map.of("displayName", "trusted-once", "members", List.of(Map.of("value", user))))
            .json()
            .path("id")
            .asText();
    reader.rows("view", "trusted", "SELECT is_account_group_member('trusted-once') AS id");
    assertThat(ids("trusted")).containsExactly("true");

    rest.delete(SCIM + "Groups/" + group);

    assertThat(ids("trusted")).containsExactly("false");
  }

  @Test
  void bindsNamesOfTheSessionWhenItIsMade() {
    reader.rows("view", "steps", "SELECT id FROM range(5)");
    reader.rows("view", "steps", "SELECT id FROM steps WHERE id > 0");
    reader.rows("view", "steps", "WITH s AS (SELECT id FROM steps) SELECT id FROM s WHERE id > 1");
    assertThat(ids("steps")).containsExactly("2", "3", "4");
    reader.rows("view", "twin", "SELECT id FROM steps WHERE id < 4");
    reader.rows("view", "steps", "SELECT id FROM twin UNION ALL SELECT id + 10 FROM twin");
    assertThat(ids("steps")).containsExactly("2", "3", "12", "13");
    assertThat(ids("twin")).containsExactly("2", "3");
    assertThat(ids("steps JOIN twin USING (id)")).containsExactly("2", "3");

    reader.rows("database", "keeper");
    reader.rows("sql", "CREATE TABLE main.keeper.near AS SELECT 1L AS id");
    reader.rows("view", "near", "SELECT id FROM near");
    reader.rows("database", "kept");
    assertThat(ids("near")).containsExactly("1");
  }

  @Test
  void usesVariablesAndTemporaryFunctions() {
    reader.rows("sql", "DECLARE VARIABLE least BIGINT DEFAULT 2");
    reader.rows("sql", "CREATE TEMPORARY FUNCTION plus_one(x BIGINT) RETURNS BIGINT RETURN x + 1");
    reader.rows("view", "mixed", "SELECT plus_one(id) AS id FROM range(4) WHERE id >= least");
    assertThat(ids("mixed")).containsExactly("3", "4");
    assertThat(reader.rows("sql", "SELECT CAST('2024-01-01' AS TIMESTAMP) = '2024-01-01'"))
        .containsExactly(List.of("true"));
  }
}
