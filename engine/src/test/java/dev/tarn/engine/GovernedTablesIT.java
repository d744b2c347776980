package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GovernedTablesIT {
  private final EngineUnderTest tarn = EngineUnderTest.get();

  @Test
  void aTableLivesThroughItsStatements() {
    tarn.sql("CREATE SCHEMA main.life COMMENT 'for the test'");
    tarn.sql("CREATE TABLE main.life.t (id BIGINT, name STRING COMMENT 'who') COMMENT 'people'");
    tarn.sql("INSERT INTO main.life.t VALUES (1, 'a'), (2, 'b')");
    tarn.sql("UPDATE main.life.t SET name = 'c' WHERE id = 2");
    tarn.sql("DELETE FROM main.life.t WHERE id = 1");
    tarn.sql(
        "MERGE INTO main.life.t USING (SELECT 3L AS id, 'd' AS name) s ON t.id = s.id"
            + " WHEN NOT MATCHED THEN INSERT *");
    assertThat(tarn.sql("SELECT * FROM main.life.t ORDER BY id")).containsExactly("2|c", "3|d");
    assertThat(tarn.sql("SELECT * FROM main.life.t VERSION AS OF 1 ORDER BY id"))
        .containsExactly("1|a", "2|b");

    tarn.sql("ALTER TABLE main.life.t ADD COLUMN age INT");
    assertThat(tarn.govern.tables().find(new dev.tarn.kernel.name.EntityName("main", "life", "t")))
        .get()
        .satisfies(
            t -> {
              assertThat(t.comment()).isEqualTo("people");
              assertThat(t.columns()).extracting("name").containsExactly("id", "name", "age");
            });
    tarn.sql("OPTIMIZE main.life.t");
    assertThat(tarn.sql("DESCRIBE HISTORY main.life.t")).hasSizeGreaterThan(4);

    tarn.sql("CREATE TABLE main.life.copy AS SELECT * FROM main.life.t");
    tarn.sql("CREATE OR REPLACE TABLE main.life.copy AS SELECT id FROM main.life.t WHERE id > 2");
    assertThat(tarn.sql("SELECT * FROM main.life.copy")).containsExactly("3");
    assertThat(tarn.sql("SHOW TABLES IN main.life")).hasSize(2);

    tarn.sql("DROP TABLE main.life.copy");
    assertThatThrownBy(() -> tarn.sql("SELECT * FROM main.life.copy"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    tarn.sql("DROP SCHEMA main.life CASCADE");
    assertThat(tarn.sql("SHOW SCHEMAS IN main")).doesNotContain("life");
  }

  @Test
  void anInsertAnswersHowManyRowsItWrote() {
    tarn.sql("CREATE SCHEMA main.counted");
    tarn.sql("CREATE TABLE main.counted.a (id BIGINT)");
    tarn.sql("CREATE TABLE main.counted.b (id BIGINT)");
    assertThat(tarn.sql("INSERT INTO main.counted.a SELECT id FROM range(7)"))
        .containsExactly("7|7");
    assertThat(tarn.sql("INSERT INTO main.counted.b VALUES (1), (2)")).containsExactly("2|2");
    assertThat(tarn.sql("INSERT OVERWRITE main.counted.a VALUES (9)")).containsExactly("1|1");
    assertThat(tarn.sql("INSERT INTO main.counted.b SELECT id FROM main.counted.b WHERE id > 5"))
        .containsExactly("0|0");
    assertThat(tarn.sql("SELECT count(*) FROM main.counted.b")).containsExactly("2");
    tarn.sql("DROP SCHEMA main.counted CASCADE");
  }

  @Test
  void aFailedCreateLeavesNothing() {
    tarn.sql("CREATE SCHEMA main.failing");
    assertThatThrownBy(
            () ->
                tarn.sql("CREATE TABLE main.failing.t AS SELECT 1 / (id - id) AS x FROM range(5)"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("DIVIDE_BY_ZERO");
    assertThat(tarn.sql("SHOW TABLES IN main.failing")).isEmpty();
    tarn.sql("CREATE TABLE main.failing.t AS SELECT 1 AS x");
    assertThat(tarn.sql("SELECT x FROM main.failing.t")).containsExactly("1");
  }

  /** Spark resolves a name once in a statement. */
  @Test
  void whoReadsATableInAStatementMayNotWriteToItForThat() {
    Principal reader = Principal.user("analyst");
    tarn.sql("CREATE SCHEMA main.rereading");
    tarn.sql("CREATE TABLE main.rereading.t AS SELECT id FROM range(3)");
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO analyst");
    tarn.sql("GRANT USE SCHEMA ON SCHEMA main.rereading TO analyst");
    tarn.sql("GRANT SELECT ON TABLE main.rereading.t TO analyst");
    for (String sql :
        List.of(
            "INSERT INTO main.rereading.t SELECT * FROM main.rereading.t",
            "INSERT OVERWRITE main.rereading.t SELECT * FROM main.rereading.t WHERE id > 1",
            "INSERT OVERWRITE main.rereading.t WITH x AS (TABLE main.rereading.t) SELECT * FROM x",
            "INSERT INTO main.rereading.t REPLACE WHERE id = 1 SELECT 1L FROM main.rereading.t",
            "INSERT INTO main.rereading.t SELECT 1 WHERE EXISTS (TABLE main.rereading.t)",
            "UPDATE main.rereading.t SET id = (SELECT max(id) FROM main.rereading.t)",
            "DELETE FROM main.rereading.t WHERE id IN (TABLE main.rereading.t)",
            "MERGE INTO main.rereading.t USING main.rereading.t s ON t.id = s.id"
                + " WHEN MATCHED THEN DELETE")) {
      assertDenied(() -> tarn.sql(reader, sql), "MODIFY");
    }
    assertThat(tarn.sql("SELECT * FROM main.rereading.t ORDER BY id"))
        .containsExactly("0", "1", "2");
    tarn.sql("GRANT MODIFY ON TABLE main.rereading.t TO analyst");
    tarn.sql(reader, "INSERT OVERWRITE main.rereading.t SELECT * FROM main.rereading.t");
    assertThat(tarn.sql("SELECT count(*) FROM main.rereading.t")).containsExactly("3");
    tarn.sql("REVOKE USE CATALOG ON CATALOG main FROM analyst");
    tarn.sql("DROP SCHEMA main.rereading CASCADE");
  }

  @Test
  void anAnalystReadsWhatIsGrantedAndNothingElse() {
    Principal analyst = Principal.user("analyst");
    tarn.sql("CREATE SCHEMA main.guarded");
    tarn.sql("CREATE TABLE main.guarded.gold AS SELECT 1 AS x");
    tarn.sql("UPDATE main.guarded.gold SET x = 1");
    tarn.sql("CREATE TABLE main.guarded.silver AS SELECT 2 AS y");

    assertDenied(() -> tarn.sql(analyst, "SELECT * FROM main.guarded.gold"), "USE CATALOG");
    var start = new SessionDefaults(Optional.of("main"), Optional.of("default"), Map.of());
    try (var session = tarn.engine.openSession(analyst, start)) {
      assertThat(
              EngineUnderTest.rows(session.execute("where", "SELECT current_schema()", List.of())))
          .containsExactly("default");
    }
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO analyst");
    assertDenied(() -> tarn.sql(analyst, "SELECT * FROM main.guarded.gold"), "USE SCHEMA");
    tarn.sql("GRANT USE SCHEMA ON SCHEMA main.guarded TO analyst");
    assertDenied(() -> tarn.sql(analyst, "SELECT * FROM main.guarded.gold"), "SELECT");
    tarn.sql("GRANT SELECT ON TABLE main.guarded.gold TO analyst");
    assertThat(tarn.sql(analyst, "SELECT * FROM main.guarded.gold")).containsExactly("1");
    assertThat(tarn.sql("SHOW GRANTS analyst ON TABLE main.guarded.gold"))
        .containsExactly(
            "analyst|SELECT|TABLE|main.guarded.gold",
            "analyst|USE SCHEMA|SCHEMA|main.guarded",
            "analyst|USE CATALOG|CATALOG|main");

    String silver = "main.guarded.silver";
    String location =
        tarn.govern
            .tables()
            .find(new dev.tarn.kernel.name.EntityName("main", "guarded", "silver"))
            .orElseThrow()
            .storageLocation();
    for (String sql :
        new String[] {
          "SELECT * FROM " + silver,
          "SELECT count(*) FROM " + silver,
          "WITH s AS (SELECT * FROM " + silver + ") SELECT * FROM s",
          "SELECT (SELECT max(y) FROM " + silver + ")",
          "SELECT * FROM main.guarded.gold WHERE x IN (SELECT y FROM " + silver + ")",
          "SELECT * FROM " + silver + " VERSION AS OF 0",
          "SELECT * FROM table_changes('" + silver + "', 0)",
          "CREATE TEMPORARY VIEW v AS SELECT * FROM " + silver,
          "EXPLAIN EXTENDED SELECT * FROM " + silver,
          "DESCRIBE TABLE EXTENDED " + silver,
          "DESCRIBE HISTORY " + silver,
          "DESCRIBE DETAIL " + silver,
          "SHOW COLUMNS IN " + silver,
          "SHOW TBLPROPERTIES " + silver,
          "INSERT INTO main.guarded.gold VALUES (5)",
          "DELETE FROM main.guarded.gold",
          "UPDATE main.guarded.gold SET x = 1",
          "MERGE INTO main.guarded.gold USING (SELECT 1 AS x) s ON false WHEN NOT MATCHED THEN INSERT *",
          "TRUNCATE TABLE main.guarded.gold",
          "OPTIMIZE main.guarded.gold",
          "REORG TABLE main.guarded.gold APPLY (PURGE)",
          "VACUUM main.guarded.gold",
          "RESTORE TABLE main.guarded.gold TO VERSION AS OF 0",
          "ALTER TABLE main.guarded.gold ADD COLUMN z INT",
          "ALTER TABLE main.guarded.gold SET TBLPROPERTIES ('a' = 'b')",
          "DROP TABLE main.guarded.gold",
          "CREATE TABLE main.guarded.mine (x INT)",
          "CREATE SCHEMA main.mine",
          "CREATE CATALOG mine",
          "DROP SCHEMA main.guarded CASCADE",
          "GRANT SELECT ON TABLE " + silver + " TO analyst",
          "SELECT * FROM delta.`" + location + "`",
          "SELECT * FROM parquet.`" + location + "`",
          "SELECT * FROM text.`/etc/passwd`",
          "DESCRIBE DETAIL '" + location.replace("file://", "") + "'",
          "DESCRIBE HISTORY '" + location.replace("file://", "") + "'",
          "VACUUM '" + location.replace("file://", "") + "'",
          "OPTIMIZE '" + location.replace("file://", "") + "'",
          "SELECT * FROM table_changes_by_path('" + location.replace("file://", "") + "', 0)",
          "CREATE TEMPORARY VIEW v USING csv OPTIONS (path '/etc/passwd')",
          "CREATE TABLE spark_catalog.default.t USING csv LOCATION '/etc'",
          "CREATE TABLE spark_catalog.default.t (x INT) USING delta",
          "INSERT OVERWRITE DIRECTORY '/tmp/out' USING csv SELECT 1",
          "SELECT java_method('java.lang.System', 'getProperty', 'user.home')",
          "SELECT reflect('java.lang.System', 'getenv')",
          "SELECT TRANSFORM (1) USING 'cat' AS (x)",
          "ADD JAR '/tmp/evil.jar'",
          "CREATE TEMPORARY FUNCTION f AS 'java.lang.String'",
          "SET spark.sql.runSQLOnFiles=true",
          "SET spark.sql.adaptive.customCostEvaluatorClass=java.lang.String",
          "SET spark.tarn.session=0",
          "SET spark.tarn.session",
          "SET",
          "SET -v",
          "RESET",
          "RESET spark.tarn.session",
          "CACHE TABLE x AS SELECT 1",
          "LOAD DATA LOCAL INPATH '/etc/passwd' INTO TABLE main.guarded.gold"
        }) {
      assertThat(catchThrowable(() -> tarn.sql(analyst, sql)))
          .as(sql)
          .isInstanceOf(TarnException.class);
    }
    try (var session = tarn.session(analyst)) {
      for (String sql : List.of("RESET", "RESET spark.tarn.session")) {
        assertThat(catchThrowable(() -> session.execute("reset", sql, List.of())))
            .as(sql)
            .isNotNull();
        assertThat(
                catchThrowable(
                    () -> session.execute("after", "SELECT TRANSFORM (1) USING 'cat'", List.of())))
            .as("what a session may do after " + sql)
            .isInstanceOf(TarnException.class);
      }
    }
    assertThat(tarn.sql(analyst, "SELECT '${spark.tarn.session} ${env:PATH} ${system:user.home}'"))
        .containsExactly("${spark.tarn.session} ${env:PATH} ${system:user.home}");
    assertThat(tarn.sql(analyst, "SHOW TABLES IN main.guarded"))
        .containsExactly("guarded|gold|false");
    assertThat(tarn.sql("SELECT * FROM main.guarded.gold")).containsExactly("1");
  }

  private static void assertDenied(ThrowingCallable call, String privilege) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
              assertThat(e).hasMessageContaining(privilege).hasMessageContaining("analyst");
            });
  }
}
