package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that take the place of others with their name. */
class ReplacedTablesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  @BeforeAll
  static void schema() {
    TARN.sql("CREATE SCHEMA main.replaced");
  }

  @AfterAll
  static void drop() {
    TARN.sql("DROP SCHEMA main.replaced CASCADE");
  }

  private static TableInfo info(String table) {
    return TARN.govern.tables().find(new EntityName("main", "replaced", table)).orElseThrow();
  }

  private static List<String> run(String executor, String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, executor)) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  private static void assertRows(String table, String... rows) {
    String sql = "SELECT * FROM main.replaced." + table + " ORDER BY ALL";
    assertThat(run("native", sql)).containsExactly(rows);
    assertThat(run("spark", sql)).containsExactly(rows);
  }

  /** Each stands in the place of {@code (a BIGINT, b STRING) PARTITIONED BY (b)}. */
  /** Each stands in the place of {@code (a BIGINT, b STRING) PARTITIONED BY (b)}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      quoteCharacter = '"',
      textBlock =
          """
          MANAGED | CREATE OR REPLACE TABLE | (c DATE NOT NULL COMMENT 'when', a STRING) | c,a |
          EXTERNAL | REPLACE TABLE | (c DATE) | c |
          EXTERNAL | CREATE OR REPLACE TABLE | (b STRING, x INT) PARTITIONED BY (x) | b,x |
          MANAGED | REPLACE TABLE | (b STRING, x INT) CLUSTER BY (x) | b,x |
          MANAGED | CREATE OR REPLACE TABLE | (x INT) TBLPROPERTIES ('delta.columnMapping.mode' = 'name') | x |
          MANAGED | CREATE OR REPLACE TABLE | PARTITIONED BY (one) AS SELECT 1 AS one, 'x' AS two | one,two | 1/x
          EXTERNAL | CREATE OR REPLACE TABLE | AS SELECT 1 AS one, 'x' AS b | one,b | 1/x
          EXTERNAL | REPLACE TABLE | CLUSTER BY (two) AS SELECT 1 AS one, 'x' AS two | one,two | 1/x
          """)
  void aReplacementMayBeAnything(
      TableType type, String verb, String definition, String columns, String row) {
    String table = "t" + UUID.randomUUID().toString().replace("-", "");
    String name = "main.replaced." + table;
    TARN.sql(
        "CREATE TABLE "
            + name
            + " (a BIGINT, b STRING) PARTITIONED BY (b) COMMENT 'old'"
            + " TBLPROPERTIES ('old' = 'yes')"
            + (type == TableType.EXTERNAL ? " LOCATION '" + TARN.folder.resolve(table) + "'" : ""));
    TARN.sql("INSERT INTO " + name + " VALUES (1, 'p'), (2, NULL)");
    TARN.sql("GRANT SELECT ON TABLE " + name + " TO reader");
    TableInfo before = info(table);

    TARN.sql(verb + " " + name + " " + definition);

    TableInfo after = info(table);
    assertThat(after.tableId()).isEqualTo(before.tableId());
    assertThat(after.storageLocation()).isEqualTo(before.storageLocation());
    assertThat(after.tableType()).isEqualTo(type);
    assertThat(after.columns()).extracting(ColumnInfo::name).containsExactly(columns.split(","));
    assertThat(after.comment()).isNullOrEmpty();
    assertThat(after.properties()).doesNotContainKey("old");
    assertThat(TARN.sql("SHOW GRANTS reader ON TABLE " + name)).hasSize(1);
    assertRows(table, row == null ? new String[0] : new String[] {row.replace('/', '|')});
    assertThat(TARN.sql("SELECT count(*) FROM " + name + " VERSION AS OF 1")).containsExactly("2");
    assertThat(TARN.sql("DESCRIBE HISTORY " + name).get(0)).contains(verb);
  }

  @Test
  void aReplacementTakesItsOwnRows() {
    TARN.sql("CREATE TABLE main.replaced.rows AS SELECT 1 AS a");
    TARN.sql("CREATE OR REPLACE TABLE main.replaced.rows (x DATE, y INT) PARTITIONED BY (y)");
    TARN.sql("INSERT INTO main.replaced.rows VALUES (date_from_unix_date(19782), 7)");
    assertRows("rows", "19782|7");
    TARN.sql("CREATE OR REPLACE TABLE main.replaced.rows AS SELECT y, x FROM main.replaced.rows");
    assertRows("rows", "7|19782");
  }

  @Test
  void aReplacementThatFailsChangesNothing() {
    TARN.sql("CREATE TABLE main.replaced.kept COMMENT 'mine' AS SELECT 1 AS a");
    for (String sql :
        List.of(
            "CREATE OR REPLACE TABLE main.replaced.kept AS SELECT 1 / (id - id) x FROM range(5)",
            "CREATE OR REPLACE TABLE main.replaced.kept (x INT) LOCATION '/tmp/another'",
            "CREATE OR REPLACE TABLE main.replaced.kept (x INT) USING csv",
            "CREATE OR REPLACE TABLE main.replaced.kept (x INT) PARTITIONED BY (y)",
            "CREATE TABLE main.replaced.kept (x INT)",
            "REPLACE TABLE main.replaced.nowhere (x INT)")) {
      assertThatThrownBy(() -> TARN.sql(sql)).as(sql).isInstanceOf(TarnException.class);
    }
    assertRows("kept", "1");
    assertThat(info("kept").comment()).isEqualTo("mine");
    assertThat(info("kept").columns()).extracting(ColumnInfo::name).containsExactly("a");
  }

  @Test
  void onlyWhoManagesATableReplacesIt() {
    Principal writer = Principal.user("replacing");
    TARN.sql("CREATE TABLE main.replaced.guarded AS SELECT 1 AS a");
    TARN.sql("GRANT USE CATALOG ON CATALOG main TO replacing");
    TARN.sql("GRANT USE SCHEMA, CREATE TABLE ON SCHEMA main.replaced TO replacing");
    TARN.sql("GRANT SELECT, MODIFY ON TABLE main.replaced.guarded TO replacing");
    for (String definition : List.of("(x INT)", "AS SELECT 2 AS x")) {
      assertThatThrownBy(
              () -> TARN.sql(writer, "CREATE OR REPLACE TABLE main.replaced.guarded " + definition))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("MANAGE");
    }
    assertRows("guarded", "1");
    TARN.sql("GRANT MANAGE ON TABLE main.replaced.guarded TO replacing");
    TARN.sql(writer, "CREATE OR REPLACE TABLE main.replaced.guarded (x INT)");
    assertRows("guarded");
    assertThat(info("guarded").owner()).isEqualTo("admin");
  }
}
