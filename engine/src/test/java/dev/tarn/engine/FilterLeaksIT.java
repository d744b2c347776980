package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts to get out what a row filter and a mask hide. Of table {@code t}, the attacker sees
 * three rows; the others would make every statement here fail, and their texts begin with {@code
 * hidden}.
 */
class FilterLeaksIT {
  private static final EngineUnderTest tarn = EngineUnderTest.get();
  private static final Principal EVE = new Principal("eve@leaks", Set.of(), false);
  private static final Principal KEEPER = new Principal("keeper@leaks", Set.of("keepers"), false);
  private static final String HIDDEN = "(?i)hidden\\d";

  private final List<String> heard = new ArrayList<>();

  @BeforeAll
  static void tables() {
    tarn.sql("CREATE SCHEMA main.leaks");
    tarn.sql(
        "CREATE FUNCTION main.leaks.mine(owner STRING) RETURNS BOOLEAN RETURN"
            + " is_account_group_member('keepers') OR owner = current_user()");
    tarn.sql(
        "CREATE FUNCTION main.leaks.masked(secret STRING) RETURNS STRING RETURN"
            + " CASE WHEN is_account_group_member('keepers') THEN secret ELSE 'x' END");
    tarn.sql(
        "CREATE TABLE main.leaks.t (id INT, owner STRING, s STRING, n INT, part STRING)"
            + " PARTITIONED BY (part) TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
    tarn.sql(
        "INSERT INTO main.leaks.t VALUES (1, 'eve@leaks', '11', 1, 'a'),"
            + " (2, 'other', 'hidden2', 0, 'hidden2'), (3, 'eve@leaks', '33', 3, 'a'),"
            + " (4, NULL, 'hidden4', 0, 'hidden4'), (5, 'eve@leaks', '55', 5, 'b'),"
            + " (6, 'other', 'hidden6', 0, 'a')");
    tarn.sql("ALTER TABLE main.leaks.t SET ROW FILTER main.leaks.mine ON (owner)");
    tarn.sql("CREATE TABLE main.leaks.m (id INT, secret STRING) PARTITIONED BY (secret)");
    tarn.sql("INSERT INTO main.leaks.m VALUES (1, 'hidden1'), (2, 'hidden2'), (3, 'hidden2')");
    tarn.sql("ALTER TABLE main.leaks.m ALTER COLUMN secret SET MASK main.leaks.masked");
    tarn.sql("CREATE VIEW main.leaks.v AS SELECT * FROM main.leaks.t");
    for (Principal user : List.of(EVE, KEEPER)) {
      tarn.sql("GRANT USE CATALOG ON CATALOG main TO `" + user.name() + "`");
      tarn.sql(
          "GRANT USE SCHEMA, SELECT, MODIFY, EXECUTE, CREATE TABLE, CREATE FUNCTION ON SCHEMA"
              + " main.leaks TO `"
              + user.name()
              + "`");
    }
  }

  /** Statements, and what Eve reads by them. */
  static Stream<Arguments> reads() {
    String t = "main.leaks.t";
    return Stream.of(
        Arguments.of("SELECT count(*) FROM " + t + " WHERE CAST(s AS INT) > 0", "3"),
        Arguments.of("SELECT count(*) FROM " + t + " WHERE 10 / n > 0", "3"),
        Arguments.of("SELECT count(*) FROM " + t + " WHERE 10 DIV n > 0 AND id > 0", "3"),
        Arguments.of("SELECT sum(CAST(s AS INT)) FROM " + t, "99"),
        Arguments.of("SELECT sum(CAST(concat(s, '') AS BIGINT)) FROM " + t, "99"),
        Arguments.of("SELECT count(1 / n) FROM " + t + " WHERE id < 100", "3"),
        Arguments.of("SELECT count(*), min(s), max(s), max(n) FROM " + t, "3|11|55|5"),
        Arguments.of("SELECT count(DISTINCT part), max(part) FROM " + t, "2|b"),
        Arguments.of("SELECT count(*) FROM " + t + " WHERE s = 'hidden2'", "0"),
        Arguments.of("SELECT count(*) FROM " + t + " WHERE part LIKE 'hid%'", "0"),
        Arguments.of("SELECT count(*) FROM " + t + " WHERE owner IS NULL OR owner = 'other'", "0"),
        Arguments.of(
            "SELECT count(*) FROM " + t + " WHERE if(s LIKE 'hid%', raise_error(s), true)", "3"),
        Arguments.of("SELECT count(*) FROM " + t + " WHERE assert_true(n > 0, s) IS NULL", "3"),
        Arguments.of(
            "SELECT count(*) FROM " + t + " WHERE element_at(array(1), IF(n = 0, 9, 1)) = 1", "3"),
        Arguments.of(
            "SELECT count(*) FROM " + t + " WHERE '5' RLIKE IF(n = 0, concat('(', s), '5')", "3"),
        Arguments.of(
            "SELECT count(*) FROM " + t + " WHERE CAST(s AS DECIMAL(4, 1)) < 1000 / n", "3"),
        Arguments.of(
            "SELECT count(*) FROM "
                + t
                + " a JOIN "
                + t
                + " b ON CAST(a.s AS INT) = CAST(b.s AS"
                + " INT)",
            "3"),
        Arguments.of(
            "SELECT count(*) FROM (VALUES (1)) w(x) LEFT JOIN " + t + " ON 1 / n > x + 9", "1"),
        Arguments.of("SELECT (SELECT max(CAST(s AS INT)) FROM " + t + ")", "55"),
        Arguments.of(
            "SELECT count(*) FROM range(9) r WHERE EXISTS (SELECT 1 FROM "
                + t
                + " WHERE id = r.id AND 1 / n > 0)",
            "3"),
        Arguments.of(
            "SELECT count(*) FROM range(9) r WHERE r.id IN (SELECT CAST(s AS INT) DIV 11 FROM "
                + t
                + ")",
            "3"),
        Arguments.of(
            "SELECT max(w) FROM (SELECT sum(CAST(s AS INT)) OVER (ORDER BY 1 / n) w FROM "
                + t
                + ")",
            "99"),
        Arguments.of(
            "SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY id) r FROM " + t + ")", "3"),
        Arguments.of(
            "SELECT sum(y) FROM (VALUES (0)) w(x), LATERAL (SELECT CAST(s AS INT) + x AS y FROM "
                + t
                + " WHERE 1 / n > x)",
            "99"),
        Arguments.of(
            "WITH c AS (SELECT CAST(s AS INT) AS i FROM " + t + ") SELECT sum(i) FROM c", "99"),
        Arguments.of(
            "WITH c AS (SELECT * FROM " + t + ") SELECT count(*) FROM c a, c b WHERE 1 / a.n > 0",
            "9"),
        Arguments.of(
            "SELECT count(*) FROM " + t + " VERSION AS OF 1 WHERE CAST(s AS INT) > 0", "3"),
        Arguments.of(
            "SELECT sum(CAST(e AS INT)) FROM (SELECT explode(split(s, ',')) e FROM " + t + ")",
            "99"),
        Arguments.of(
            "SELECT count(*) FROM (SELECT s FROM "
                + t
                + " UNION ALL SELECT s FROM main.leaks.v) WHERE CAST(s AS INT) > 0",
            "6"),
        Arguments.of(
            "SELECT count(*) FROM (SELECT s, count(*) c FROM "
                + t
                + " GROUP BY s HAVING CAST(s AS INT) > 0)",
            "3"),
        Arguments.of("SELECT count(*) FROM main.leaks.v WHERE CAST(s AS INT) > 0", "3"),
        Arguments.of(
            "SELECT count(*) FROM (SELECT * FROM " + t + " ORDER BY s LIMIT 100) WHERE 1 / n > 0",
            "3"),
        Arguments.of("SELECT count(*) FROM " + t + " TABLESAMPLE (100 PERCENT)", "3"),
        Arguments.of("SELECT count(*), max(secret) FROM main.leaks.m", "3|x"),
        Arguments.of("SELECT count(*) FROM main.leaks.m WHERE secret = 'hidden2'", "0"),
        Arguments.of("SELECT count(*) FROM main.leaks.m WHERE secret LIKE 'hid%'", "0"),
        Arguments.of("SELECT count(DISTINCT secret) FROM main.leaks.m", "1"),
        Arguments.of(
            "SELECT count(*) FROM main.leaks.m WHERE if(secret = 'x', true, raise_error(secret))",
            "3"),
        Arguments.of(
            "SELECT count(*) FROM main.leaks.m JOIN main.leaks.t USING (id) WHERE secret = s", "0"),
        Arguments.of(
            "SELECT max(to_json(struct(*))) FROM main.leaks.m", "{\"id\":3,\"secret\":\"x\"}"),
        Arguments.of(
            "SELECT count(*) FROM (SELECT id FROM main.leaks.m GROUP BY secret, id ORDER BY secret)",
            "3"));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void nothingAboveSeesWhatIsHidden(String sql, String rows) {
    for (String executor : List.of("spark", "native")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        String answer = hear(session, sql);
        if (!answer.contains("The native executor cannot run")) {
          assertThat(answer).as(executor).isEqualTo(rows);
        }
      }
    }
    assertThat(String.join("\n", heard))
        .doesNotContainPattern(HIDDEN.replace("hidden", "(?<!')hidden"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count(*) FROM main.leaks.t WHERE 10 / n > 0",
        "count(*) FROM main.leaks.t WHERE 10 % n < 9 AND id < 100",
        "count(*) FROM main.leaks.v WHERE 10 DIV n > 0",
        "count(1 / n) FROM main.leaks.t",
        "count(*) FROM main.leaks.t a JOIN main.leaks.t b ON 1 / a.n = 1 / b.n"
      })
  void theNativeExecutorStopsAtTheBarrier(String read) {
    try (SqlSession session = tarn.session(EVE, "native")) {
      assertThat(hear(session, "SELECT " + read)).isEqualTo("3");
    }
  }

  /** What comes back: rows, or why there are none. */
  private String hear(SqlSession session, String sql) {
    try {
      ResultStream result = session.execute(UUID.randomUUID().toString(), sql, List.of());
      String rows = String.join("\n", EngineUnderTest.rows(result));
      heard.add(rows + result.refusal() + result.profile());
      return rows;
    } catch (TarnException e) {
      heard.add(e.getMessage());
      return e.getMessage();
    }
  }

  @Test
  void noStatementTellsOfHiddenRows() {
    List<String> statements =
        List.of(
            "EXPLAIN SELECT * FROM main.leaks.t",
            "EXPLAIN EXTENDED SELECT * FROM main.leaks.m WHERE secret <> ''",
            "EXPLAIN COST SELECT * FROM main.leaks.t",
            "EXPLAIN FORMATTED SELECT count(*) FROM main.leaks.t",
            "DESCRIBE TABLE EXTENDED main.leaks.t",
            "DESCRIBE TABLE EXTENDED main.leaks.t AS JSON",
            "DESCRIBE TABLE main.leaks.t s",
            "DESCRIBE EXTENDED main.leaks.t s",
            "DESCRIBE DETAIL main.leaks.t",
            "DESCRIBE HISTORY main.leaks.t",
            "SHOW PARTITIONS main.leaks.t",
            "SHOW PARTITIONS main.leaks.m",
            "SHOW CREATE TABLE main.leaks.t",
            "SHOW TBLPROPERTIES main.leaks.t",
            "ANALYZE TABLE main.leaks.t COMPUTE STATISTICS FOR ALL COLUMNS",
            "CREATE TABLE main.leaks.c1 SHALLOW CLONE main.leaks.t",
            "CREATE TABLE main.leaks.c2 SHALLOW CLONE main.leaks.t VERSION AS OF 1",
            "CREATE TABLE main.leaks.c3 DEEP CLONE main.leaks.t",
            "SELECT _metadata.file_path FROM main.leaks.m",
            "SELECT _metadata.file_path FROM main.leaks.t",
            "SELECT input_file_name() FROM main.leaks.m",
            "SELECT * FROM table_changes('main.leaks.t', 0)",
            "SELECT * FROM table_changes('main.leaks.m', 0)",
            "SELECT * FROM main.leaks.t WITH ('readChangeFeed' = 'true', 'startingVersion' = '0')",
            "SELECT * FROM delta.`"
                + tarn.govern
                    .tables()
                    .find(new dev.tarn.kernel.name.EntityName("main", "leaks", "t"))
                    .orElseThrow()
                    .storageLocation()
                + "`",
            "SELECT * FROM read_files('"
                + tarn.folder.resolve("storage")
                + "', format => 'parquet')",
            "SET spark.sql.optimizer.excludedRules = x",
            "ALTER TABLE main.leaks.t ADD CONSTRAINT c CHECK (s NOT LIKE 'h%')",
            "ALTER TABLE main.leaks.t DROP ROW FILTER",
            "ALTER TABLE main.leaks.m ALTER COLUMN secret DROP MASK",
            "CREATE OR REPLACE FUNCTION main.leaks.mine(o STRING) RETURNS BOOLEAN RETURN true",
            "DROP FUNCTION main.leaks.masked",
            "DELETE FROM main.leaks.t WHERE 1 / n > 0",
            "UPDATE main.leaks.m SET id = CAST(secret AS INT)",
            "MERGE INTO main.leaks.t USING (SELECT 1 AS one) ON CAST(s AS INT) = one WHEN MATCHED"
                + " THEN DELETE",
            "INSERT OVERWRITE main.leaks.m VALUES (1, 'y')",
            "TRUNCATE TABLE main.leaks.t",
            "DROP TABLE main.leaks.t");
    for (String executor : List.of("spark", "auto")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        statements.forEach(sql -> hear(session, sql));
      }
    }
    assertThat(String.join("\n", heard)).doesNotContainPattern(HIDDEN);
    try (SqlSession session = tarn.session(KEEPER, "spark")) {
      assertThat(hear(session, "SELECT count(*), count(DISTINCT s) FROM main.leaks.t"))
          .isEqualTo("6|6");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT _metadata FROM main.leaks.t",
        "SELECT max(_metadata.file_size) FROM main.leaks.t",
        "SELECT id FROM main.leaks.t WHERE _metadata.file_name LIKE '%9%'",
        "OPTIMIZE main.leaks.t WHERE if(part LIKE 'hid%', raise_error(part), true)",
        "OPTIMIZE main.leaks.t WHERE part = 'hidden2'",
        "OPTIMIZE main.leaks.m",
        "REORG TABLE main.leaks.t WHERE raise_error(part) IS NULL APPLY (PURGE)",
        "REORG TABLE main.leaks.m APPLY (PURGE)",
        "VACUUM main.leaks.t DRY RUN",
        "RESTORE TABLE main.leaks.t TO VERSION AS OF 0"
      })
  void whatWorksOnAllRowsIsRefused(String sql) {
    for (String executor : List.of("spark", "auto")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        assertThat(hear(session, sql)).as(executor).contains("PERMISSION_DENIED");
      }
    }
    assertThat(String.join("\n", heard)).doesNotContainPattern(HIDDEN);
  }

  @Test
  void whoeverSeesAllRowsWorksOnThem() {
    tarn.sql(
        "CREATE TABLE main.leaks.kept PARTITIONED BY (owner) TBLPROPERTIES"
            + " ('delta.enableDeletionVectors' = 'true')"
            + " AS SELECT CAST(id AS INT) AS id, 'other' AS owner FROM range(1, 7)");
    tarn.sql("ALTER TABLE main.leaks.kept SET ROW FILTER main.leaks.mine ON (owner)");
    try (SqlSession session = tarn.session(KEEPER, "spark")) {
      hear(session, "DELETE FROM main.leaks.kept WHERE id = 6");
      hear(session, "UPDATE main.leaks.kept SET id = 7 WHERE id = 5");
      assertThat(hear(session, "OPTIMIZE main.leaks.kept WHERE owner = 'other'"))
          .contains("totalConsideredFiles")
          .doesNotContain("PERMISSION_DENIED");
      assertThat(hear(session, "SELECT count(*), max(id) FROM main.leaks.kept")).isEqualTo("5|7");
      assertThat(hear(session, "SELECT count(DISTINCT _metadata.file_path) FROM main.leaks.kept"))
          .doesNotContain("PERMISSION_DENIED");
    }
  }

  @Test
  void whatIsMadeOfATableHoldsWhatItsMakerSees() {
    try (SqlSession session = tarn.session(EVE, "spark")) {
      hear(session, "CREATE TABLE main.leaks.copied AS SELECT id, s FROM main.leaks.t");
      hear(session, "INSERT INTO main.leaks.copied SELECT id, secret FROM main.leaks.m");
      hear(
          session,
          "MERGE INTO main.leaks.copied c USING main.leaks.t t ON c.id = t.id AND 1 / t.n > 9 WHEN"
              + " NOT MATCHED THEN INSERT (id, s) VALUES (t.id, t.s)");
      hear(
          session,
          "UPDATE main.leaks.copied SET s = 'u' WHERE id IN (SELECT CAST(s AS INT) FROM"
              + " main.leaks.t)");
      hear(session, "CREATE TEMPORARY VIEW tv AS SELECT CAST(s AS INT) AS i FROM main.leaks.t");
      assertThat(hear(session, "SELECT sum(i) FROM tv")).isEqualTo("99");
      hear(session, "SET ansi_mode = false");
      assertThat(hear(session, "SELECT count(CAST(s AS INT)) FROM main.leaks.t")).isEqualTo("3");
    }
    assertThat(String.join("\n", heard)).doesNotContainPattern(HIDDEN);
    assertThat(tarn.sql("SELECT count(*), count_if(s LIKE 'hid%') FROM main.leaks.copied"))
        .containsExactly("9|0");
  }

  /** The function itself fails on what it hides; so does a condition on somebody else's view. */
  @Test
  void noErrorNamesAHiddenValue() {
    tarn.sql("CREATE TABLE main.leaks.e AS SELECT 'hidden7' AS s, 1 AS id");
    tarn.sql(
        "CREATE FUNCTION main.leaks.number(s STRING) RETURNS BOOLEAN RETURN CAST(s AS INT) > 0");
    tarn.sql(
        "CREATE VIEW main.leaks.own AS SELECT s FROM main.leaks.e WHERE id > 1 OR s RLIKE 'x'");
    tarn.sql("ALTER TABLE main.leaks.e SET ROW FILTER main.leaks.number ON (s)");
    for (String executor : List.of("spark", "auto", "native")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        assertThat(hear(session, "SELECT count(*) FROM main.leaks.e"))
            .containsPattern("CAST_INVALID_INPUT|native executor");
        hear(session, "CREATE TABLE main.leaks.e" + executor + " AS SELECT * FROM main.leaks.e");
      }
    }
    tarn.sql("ALTER TABLE main.leaks.e DROP ROW FILTER");
    for (String executor : List.of("spark", "auto", "native")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        hear(session, "SELECT count(*) FROM main.leaks.own WHERE CAST(s AS INT) > 0");
        hear(session, "SELECT count(*) FROM main.leaks.own WHERE raise_error(s) IS NULL");
      }
    }
    assertThat(String.join("\n", heard)).doesNotContainPattern(HIDDEN);
  }

  /** The results of one are not those of another, in whatever order they ask. */
  @Test
  void noCacheCrossesPrincipals() {
    String sql = "SELECT count(*) FROM main.leaks.t";
    for (String executor : List.of("native", "spark")) {
      try (SqlSession eve = tarn.session(EVE, executor);
          SqlSession keeper = tarn.session(KEEPER, executor)) {
        for (int i = 0; i < 3; i++) {
          assertThat(hear(keeper, sql)).isEqualTo("6");
          assertThat(hear(eve, sql)).isEqualTo("3");
        }
      }
    }
  }
}
