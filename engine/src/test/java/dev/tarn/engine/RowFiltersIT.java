package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row filters and column masks, with both executors. */
class RowFiltersIT {
  private static final EngineUnderTest tarn = EngineUnderTest.get();
  private static final Principal WEST = new Principal("west@x.y", Set.of("west"), false);
  private static final Principal CHIEF = new Principal("chief@x.y", Set.of("chiefs"), false);

  @BeforeAll
  static void table() {
    tarn.sql("CREATE SCHEMA main.filters");
    tarn.sql(
        "CREATE TABLE main.filters.people (id INT, region STRING, name STRING, pay INT)"
            + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
    tarn.sql(
        "INSERT INTO main.filters.people VALUES (1, 'west', 'Ann', 10), (2, 'east', 'Bob', 20),"
            + " (3, 'west', 'Cid', 30), (4, NULL, 'Dan', 40)");
    tarn.sql(
        "CREATE FUNCTION main.filters.sees(r STRING) RETURNS BOOLEAN RETURN"
            + " is_account_group_member('chiefs') OR (is_account_group_member('west') AND r = 'west')");
    tarn.sql(
        "CREATE FUNCTION main.filters.hidden(n STRING, fill STRING) RETURNS STRING RETURN"
            + " CASE WHEN is_account_group_member('chiefs') THEN n ELSE concat(left(n, 1), fill) END");
    tarn.sql("ALTER TABLE main.filters.people SET ROW FILTER main.filters.sees ON (region)");
    tarn.sql(
        "ALTER TABLE main.filters.people ALTER COLUMN name SET MASK main.filters.hidden USING"
            + " COLUMNS ('***')");
    tarn.sql("CREATE VIEW main.filters.v AS SELECT id, name FROM main.filters.people");
    for (Principal user : List.of(WEST, CHIEF)) {
      tarn.sql("GRANT USE CATALOG ON CATALOG main TO `" + user.name() + "`");
      tarn.sql(
          "GRANT USE SCHEMA, CREATE TABLE, SELECT, MODIFY ON SCHEMA main.filters TO `"
              + user.name()
              + "`");
    }
  }

  private static List<String> run(Principal user, String executor, String sql) {
    try (SqlSession session = tarn.session(user, executor)) {
      ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
      assertThat(rows.executor()).isEqualTo(executor);
      return EngineUnderTest.rows(rows);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native"})
  void everybodySeesTheirRows(String executor) {
    String all = "SELECT * FROM main.filters.people ORDER BY id";
    assertThat(run(WEST, executor, all)).containsExactly("1|west|A***|10", "3|west|C***|30");
    assertThat(run(CHIEF, executor, all))
        .containsExactly("1|west|Ann|10", "2|east|Bob|20", "3|west|Cid|30", "4|null|Dan|40");
    assertThat(run(EngineUnderTest.ADMIN, executor, all)).isEmpty();
    assertThat(run(WEST, executor, "SELECT count(*), min(pay), max(pay) FROM main.filters.people"))
        .containsExactly("2|10|30");
    assertThat(run(WEST, executor, "SELECT name FROM main.filters.v ORDER BY name"))
        .containsExactly("A***", "C***");
    assertThat(
            run(
                WEST,
                executor,
                "SELECT a.id, b.id FROM main.filters.people a JOIN main.filters.people b ON a.id <"
                    + " b.id"))
        .containsExactly("1|3");
    assertThat(
            run(WEST, executor, "SELECT id FROM main.filters.people VERSION AS OF 1 ORDER BY id"))
        .containsExactly("1", "3");
    assertThat(
            run(
                WEST,
                executor,
                "WITH p AS (SELECT * FROM main.filters.people) SELECT (SELECT count(*) FROM p), id"
                    + " FROM p WHERE EXISTS (SELECT 1 FROM main.filters.people q WHERE q.id = p.id"
                    + " + 2)"))
        .containsExactly("2|1");
  }

  @Test
  void whoIsSparedChangesRowsAndOthersDoNot() {
    tarn.sql("CREATE TABLE main.filters.t AS SELECT * FROM main.filters.people VERSION AS OF 1");
    tarn.sql("INSERT INTO main.filters.t VALUES (1, 'west', 'Ann', 10), (2, 'east', 'Bob', 20)");
    tarn.sql("ALTER TABLE main.filters.t SET ROW FILTER main.filters.sees ON (region)");
    for (String statement :
        List.of(
            "DELETE FROM main.filters.t",
            "UPDATE main.filters.t SET pay = 1",
            "MERGE INTO main.filters.t USING (SELECT 2 AS id) s ON t.id = s.id WHEN MATCHED THEN"
                + " DELETE",
            "INSERT OVERWRITE main.filters.t VALUES (9, 'west', 'x', 1)",
            "INSERT INTO main.filters.t REPLACE WHERE id = 2 VALUES (2, 'west', 'x', 1)",
            "TRUNCATE TABLE main.filters.t",
            "RESTORE TABLE main.filters.t TO VERSION AS OF 0",
            "ALTER TABLE main.filters.t ADD CONSTRAINT c CHECK (id <> 2)")) {
      assertThatThrownBy(() -> tarn.sql(WEST, statement))
          .as(statement)
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("row filter");
    }
    tarn.sql(WEST, "INSERT INTO main.filters.t VALUES (5, 'east', 'Eve', 50)");
    tarn.sql("OPTIMIZE main.filters.t");
    tarn.sql(CHIEF, "UPDATE main.filters.t SET pay = 21 WHERE id = 2");
    tarn.sql(
        CHIEF,
        "MERGE INTO main.filters.t USING (SELECT 5 AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE"
            + " SET pay = 51");
    tarn.sql(CHIEF, "DELETE FROM main.filters.t WHERE id = 1");
    tarn.sql("ALTER TABLE main.filters.t DROP ROW FILTER");
    assertThat(tarn.sql("SELECT id, pay FROM main.filters.t ORDER BY id"))
        .containsExactly("2|21", "5|51");
  }

  @Test
  void aPolicyIsSeenByTheNextStatementOfTheSameSession() {
    tarn.sql("CREATE TABLE main.filters.changing AS SELECT id, 'west' AS region FROM range(3)");
    for (String executor : List.of("native", "spark")) {
      try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, executor)) {
        String count = "SELECT count(*) FROM main.filters.changing";
        for (int i = 0; i < 3; i++) {
          assertThat(of(session, count)).containsExactly("3");
          tarn.sql(
              "ALTER TABLE main.filters.changing SET ROW FILTER main.filters.sees ON (region)");
          assertThat(of(session, count)).containsExactly("0");
          tarn.sql("ALTER TABLE main.filters.changing DROP ROW FILTER");
        }
      }
    }
  }

  private static List<String> of(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
  }

  @Test
  void withoutItsFunctionATableIsClosed() {
    tarn.sql("CREATE TABLE main.filters.closed AS SELECT 1 AS id");
    tarn.sql("CREATE FUNCTION main.filters.gone(i INT) RETURNS BOOLEAN RETURN i = 1");
    tarn.sql("ALTER TABLE main.filters.closed SET ROW FILTER main.filters.gone ON (id)");
    assertThat(tarn.sql("SELECT * FROM main.filters.closed")).containsExactly("1");
    tarn.sql("DROP FUNCTION main.filters.gone");
    assertThatThrownBy(() -> tarn.sql("SELECT * FROM main.filters.closed"))
        .hasMessageContaining("main.filters.gone");
    tarn.sql("CREATE FUNCTION main.filters.gone(i INT) RETURNS BOOLEAN RETURN true");
    assertThatThrownBy(() -> tarn.sql("SELECT * FROM main.filters.closed"))
        .hasMessageContaining("main.filters.gone");
    tarn.sql("ALTER TABLE main.filters.closed DROP ROW FILTER");
    assertThat(tarn.sql("SELECT * FROM main.filters.closed")).containsExactly("1");
  }

  @Test
  void whatDoesNotFitIsRefusedWhereItIsSet() {
    tarn.sql("CREATE TABLE main.filters.fit (id INT, s STRING, n INT)");
    tarn.sql("CREATE FUNCTION main.filters.number(i INT) RETURNS INT RETURN i");
    tarn.sql("CREATE FUNCTION main.filters.date_of(i INT) RETURNS DATE RETURN DATE '2020-01-01'");
    for (String statement :
        List.of(
            "SET ROW FILTER main.filters.number ON (id)",
            "SET ROW FILTER main.filters.sees ON ()",
            "SET ROW FILTER main.filters.sees ON (nothing)",
            "SET ROW FILTER main.filters.sees ON (id + 1)",
            "SET ROW FILTER main.filters.none ON (id)",
            "ALTER COLUMN n SET MASK main.filters.date_of",
            "ALTER COLUMN n SET MASK main.filters.number USING COLUMNS (s)",
            "ALTER COLUMN nothing SET MASK main.filters.number",
            "DROP ROW FILTER",
            "ALTER COLUMN n DROP MASK")) {
      assertThatThrownBy(() -> tarn.sql("ALTER TABLE main.filters.fit " + statement))
          .as(statement)
          .isInstanceOf(TarnException.class);
    }
    assertThatThrownBy(() -> tarn.sql(WEST, "ALTER TABLE main.filters.people DROP ROW FILTER"))
        .hasMessageContaining("MANAGE");
  }

  @Test
  void whatHoldsIsShown() {
    assertThat(
            tarn.sql(
                "SELECT * FROM main.information_schema.row_filters WHERE schema_name = 'filters' AND"
                    + " table_name = 'people'"))
        .containsExactly("main|filters|people|main|filters|sees|region");
    assertThat(
            tarn.sql(
                "SELECT column_name, mask_name, mask_col_usage FROM"
                    + " system.information_schema.column_masks WHERE schema_name = 'filters'"))
        .contains("name|hidden|null");
    assertThat(tarn.sql("DESCRIBE TABLE EXTENDED main.filters.people AS JSON").get(0))
        .contains("main.filters.sees", "main.filters.hidden");
  }

  @Test
  void aTableIsMadeWithItsFilterAndMasks() {
    tarn.sql(
        "CREATE TABLE main.filters.made (mask INT COMMENT 'MASK', region STRING, name STRING NOT NULL"
            + " MASK main.filters.hidden USING COLUMNS ('***'), s STRUCT<a: INT, mask: INT>) USING"
            + " delta WITH ROW FILTER main.filters.sees ON (region) COMMENT 'WITH ROW FILTER'");
    tarn.sql(
        "INSERT INTO main.filters.made VALUES (1, 'west', 'Ann', NULL), (2, 'east', 'Bob', NULL)");
    tarn.sql(
        "CREATE TABLE main.filters.selected WITH ROW FILTER main.filters.sees ON (region) AS SELECT"
            + " 'east' AS region UNION ALL SELECT 'west' AS region");
    for (String executor : List.of("native", "spark")) {
      assertThat(run(WEST, executor, "SELECT mask, name FROM main.filters.made"))
          .containsExactly("1|A***");
      assertThat(run(WEST, executor, "SELECT * FROM main.filters.selected"))
          .containsExactly("west");
    }
    String statement = tarn.sql("SHOW CREATE TABLE main.filters.made").get(0);
    assertThat(statement)
        .contains("name STRING NOT NULL MASK main.filters.hidden USING COLUMNS ('***')")
        .contains("WITH ROW FILTER main.filters.sees ON (region)");
    tarn.sql(statement.replace("filters.made", "filters.again"));
    assertThat(tarn.sql("SHOW CREATE TABLE main.filters.again").get(0))
        .isEqualTo(statement.replace("filters.made", "filters.again"));
    assertThat(tarn.sql("SHOW TBLPROPERTIES main.filters.made").toString())
        .doesNotContain("tarn.filters");
    tarn.sql("CREATE OR REPLACE TABLE main.filters.made (region STRING, name STRING)");
    tarn.sql("INSERT INTO main.filters.made VALUES ('west', 'Ann'), ('east', 'Bob')");
    assertThat(run(WEST, "native", "SELECT name FROM main.filters.made")).containsExactly("A***");
  }

  @Test
  void aTableWhoseFilterDoesNotFitIsNotMade() {
    tarn.sql("CREATE FUNCTION main.filters.young(age INT) RETURNS BOOLEAN RETURN age < 9");
    for (String clauses :
        List.of(
            "(a STRING) WITH ROW FILTER main.filters.nothing ON (a)",
            "(a STRING) WITH ROW FILTER main.filters.sees ON (b)",
            "(a STRING) WITH ROW FILTER main.filters.sees ON ()",
            "(a STRING) WITH ROW FILTER main.filters.hidden ON (a, a)",
            "(a STRING MASK main.filters.hidden)",
            "(a STRING MASK main.filters.hidden USING COLUMNS (b))",
            "(a ARRAY<INT> MASK main.filters.hidden USING COLUMNS ('-'))",
            "(a ARRAY<INT>) WITH ROW FILTER main.filters.young ON (a)",
            "WITH ROW FILTER main.filters.young ON (a) AS SELECT array(1) AS a",
            "WITH ROW FILTER main.filters.sees ON (b) AS SELECT 'a' AS a")) {
      assertThatThrownBy(() -> tarn.sql("CREATE TABLE main.filters.unfit " + clauses))
          .as(clauses)
          .isInstanceOf(TarnException.class);
      assertThat(tarn.govern.tables().find(new EntityName("main", "filters", "unfit")))
          .as(clauses)
          .isEmpty();
    }
    for (String definition :
        List.of(
            "(a STRING) WITH ROW FILTER main.filters.sees ON (region)",
            "WITH ROW FILTER main.filters.sees ON (region) AS"
                + " SELECT raise_error('late') AS region")) {
      assertThatThrownBy(
              () -> tarn.sql("CREATE OR REPLACE TABLE main.filters.people " + definition))
          .as(definition)
          .isInstanceOf(TarnException.class);
      assertThat(tarn.sql("SHOW CREATE TABLE main.filters.people").get(0))
          .as("what failed has changed nothing")
          .contains("MASK main.filters.hidden", "WITH ROW FILTER main.filters.sees ON (region)");
    }
  }

  @Test
  void aTableIsReplacedWithAnotherFilterAndOtherMasks() {
    tarn.sql("CREATE TABLE main.filters.other (region STRING, name STRING)");
    String replace = "CREATE OR REPLACE TABLE main.filters.other ";
    tarn.sql(
        replace
            + "(area STRING, id INT, name STRING MASK main.filters.hidden USING COLUMNS ('+'))"
            + " WITH ROW FILTER main.filters.sees ON (area)");
    tarn.sql("INSERT INTO main.filters.other VALUES ('west', 1, 'Ann'), ('east', 2, 'Bob')");
    String select = "SELECT name FROM main.filters.other";
    assertThat(run(WEST, "native", select)).containsExactly("A+");
    tarn.sql(replace + "(area STRING, name STRING) WITH ROW FILTER main.filters.sees ON (area)");
    tarn.sql("INSERT INTO main.filters.other VALUES ('west', 'Cid'), ('east', 'Dan')");
    for (String executor : List.of("native", "spark")) {
      assertThat(run(WEST, executor, select)).as("the mask is gone").containsExactly("Cid");
    }
    assertThatThrownBy(
            () ->
                tarn.sql(
                    replace
                        + "WITH ROW FILTER main.filters.sees ON (area) AS SELECT 'east' AS area"))
        .hasMessageContaining("INSERT INTO");
  }

  @Test
  void columnsThatAPolicyUsesStay() {
    tarn.sql(
        "CREATE TABLE main.filters.columns (id INT, region STRING, other INT)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    tarn.sql("ALTER TABLE main.filters.columns SET ROW FILTER main.filters.sees ON (region)");
    for (String change : List.of("RENAME COLUMN region TO r", "DROP COLUMN region")) {
      assertThatThrownBy(() -> tarn.sql("ALTER TABLE main.filters.columns " + change))
          .hasMessageContaining("row filter");
    }
    tarn.sql("ALTER TABLE main.filters.columns DROP COLUMN other");
    tarn.sql("ALTER TABLE main.filters.columns RENAME TO filters.renamed");
    assertThat(tarn.govern.tables().find(new EntityName("main", "filters", "renamed")))
        .hasValueSatisfying(t -> assertThat(t.filters().rowFilter()).isNotNull());
  }
}
