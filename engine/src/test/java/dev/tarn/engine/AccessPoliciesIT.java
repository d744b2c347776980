package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies by attributes, with both executors. */
class AccessPoliciesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final Principal CLERK = new Principal("clerk@x.y", Set.of("clerks"), false);
  private static final Principal PERSONNEL =
      new Principal("hr@x.y", Set.of("clerks", "personnel"), false);

  @BeforeAll
  static void catalog() {
    for (String key : List.of("abac_pii", "abac_geo", "abac_domain")) {
      TARN.govern.tagPolicies().create(EngineUnderTest.ADMIN, key, null, List.of());
    }
    TARN.sql("CREATE CATALOG abac");
    TARN.sql("CREATE SCHEMA abac.s");
    TARN.sql(
        "CREATE FUNCTION abac.s.hide(v STRING, fill STRING) RETURNS STRING"
            + " RETURN concat(left(v, 1), fill)");
    TARN.sql("CREATE FUNCTION abac.s.here(r STRING) RETURNS BOOLEAN RETURN r = 'eu'");
    for (Principal user : List.of(CLERK, PERSONNEL)) {
      TARN.sql(
          "GRANT USE CATALOG, USE SCHEMA, SELECT, MODIFY, CREATE TABLE ON CATALOG abac TO `"
              + user.name()
              + "`");
    }
  }

  private static void people(String table) {
    TARN.sql(
        "CREATE TABLE abac.s."
            + table
            + " (id INT, name STRING, region STRING)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    TARN.sql("INSERT INTO abac.s." + table + " VALUES (1, 'Ann', 'eu'), (2, 'Bob', 'us')");
  }

  private static void tag(String table, String column, String key) {
    TARN.sql(
        "ALTER TABLE abac.s."
            + table
            + " ALTER COLUMN "
            + column
            + " SET TAGS ('"
            + key
            + "' = 'yes')");
  }

  private static List<String> run(Principal user, String executor, String sql) {
    try (SqlSession session = TARN.session(user, executor)) {
      ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
      assertThat(rows.executor()).isEqualTo(executor);
      return EngineUnderTest.rows(rows);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "native"})
  void tagsSayWhatIsHiddenFromWhom(String executor) {
    String table = "people_" + executor;
    String all = "SELECT * FROM abac.s." + table + " ORDER BY id";
    people(table);
    tag(table, "name", "abac_pii");
    assertThat(run(CLERK, executor, all)).containsExactly("1|Ann|eu", "2|Bob|us");
    TARN.sql(
        "CREATE POLICY hide_names ON TABLE abac.s."
            + table
            + " COMMENT 'no names' COLUMN MASK abac.s.hide TO `account users` EXCEPT personnel,"
            + " `admin` FOR TABLES MATCH COLUMNS has_tag('abac_pii') AS pii ON COLUMN pii USING"
            + " COLUMNS ('**')");
    assertThat(run(CLERK, executor, all)).containsExactly("1|A**|eu", "2|B**|us");
    assertThat(run(PERSONNEL, executor, all)).containsExactly("1|Ann|eu", "2|Bob|us");
    assertThat(run(CLERK, executor, "SELECT id FROM abac.s." + table + " WHERE name = 'Ann'"))
        .isEmpty();
    TARN.sql(
        "CREATE POLICY only_here ON SCHEMA abac.s ROW FILTER abac.s.here TO clerks EXCEPT personnel"
            + " FOR TABLES WHEN has_tag_value('abac_domain', '"
            + executor
            + "') MATCH COLUMNS has_tag('abac_geo') place USING COLUMNS (place)");
    tag(table, "region", "abac_geo");
    assertThat(run(CLERK, executor, all)).hasSize(2);
    TARN.sql("SET TAG ON TABLE abac.s." + table + " abac_domain = " + executor);
    assertThat(run(CLERK, executor, all)).containsExactly("1|A**|eu");
    assertThat(run(CLERK, executor, "SELECT count(*) FROM abac.s." + table)).containsExactly("1");
    TARN.sql("CREATE VIEW abac.s.v_" + executor + " AS SELECT name FROM abac.s." + table);
    assertThat(run(CLERK, executor, "SELECT * FROM abac.s.v_" + executor)).containsExactly("A**");
    TARN.sql("ALTER TABLE abac.s." + table + " RENAME COLUMN name TO called");
    assertThat(run(CLERK, executor, "SELECT called FROM abac.s." + table)).containsExactly("A**");
    TARN.sql("DROP POLICY only_here ON SCHEMA abac.s");
    TARN.sql("DROP POLICY hide_names ON TABLE abac.s." + table);
    assertThat(run(CLERK, executor, "SELECT called FROM abac.s." + table + " ORDER BY 1"))
        .containsExactly("Ann", "Bob");
  }

  @Test
  void whatIsHiddenCannotBeChangedOrCloned() {
    people("kept");
    tag("kept", "name", "abac_pii");
    TARN.sql(
        "CREATE POLICY mask ON TABLE abac.s.kept COLUMN MASK abac.s.hide TO clerks FOR TABLES"
            + " MATCH COLUMNS has_tag('abac_pii') AS c ON COLUMN c USING COLUMNS ('-')");
    for (String sql :
        List.of(
            "UPDATE abac.s.kept SET id = 3 WHERE name = 'Ann'",
            "DELETE FROM abac.s.kept WHERE name = 'Ann'",
            "CREATE TABLE abac.s.copy SHALLOW CLONE abac.s.kept",
            "ALTER TABLE abac.s.kept ALTER COLUMN name UNSET TAGS ('abac_pii')")) {
      assertThatThrownBy(() -> TARN.sql(CLERK, sql)).as(sql).isInstanceOf(TarnException.class);
    }
    assertThat(TARN.sql(CLERK, "SELECT name FROM abac.s.kept VERSION AS OF 1 ORDER BY id"))
        .containsExactly("A-", "B-");
    TARN.sql(CLERK, "CREATE TABLE abac.s.copied AS SELECT name FROM abac.s.kept");
    assertThat(TARN.sql("SELECT name FROM abac.s.copied ORDER BY 1")).containsExactly("A-", "B-");
  }

  @Test
  void columnsThatAreGoneStayHiddenInOlderVersions() {
    people("older");
    tag("older", "name", "abac_pii");
    TARN.sql(
        "CREATE POLICY mask ON TABLE abac.s.older COLUMN MASK abac.s.hide TO clerks FOR TABLES"
            + " MATCH COLUMNS has_tag('abac_pii') AS c ON COLUMN c USING COLUMNS ('-')");
    TARN.sql("ALTER TABLE abac.s.older RENAME COLUMN name TO called");
    assertThatThrownBy(() -> TARN.sql(CLERK, "SELECT name FROM abac.s.older VERSION AS OF 1"))
        .isInstanceOf(TarnException.class);
    assertThat(
            TARN.sql(
                "SELECT column_name FROM abac.information_schema.column_tags"
                    + " WHERE table_name = 'older'"))
        .containsExactly("called");
    TARN.sql("ALTER TABLE abac.s.older DROP COLUMN called");
    assertThat(TARN.sql(CLERK, "SELECT name FROM abac.s.older VERSION AS OF 1 ORDER BY id"))
        .containsExactly("A-", "B-");
    assertThat(TARN.sql(CLERK, "SELECT called FROM abac.s.older VERSION AS OF 2 ORDER BY id"))
        .containsExactly("A-", "B-");
    TARN.sql("CREATE OR REPLACE TABLE abac.s.older (x INT)");
    assertThat(TARN.sql(CLERK, "SELECT name FROM abac.s.older VERSION AS OF 1 ORDER BY id"))
        .containsExactly("A-", "B-");
    assertThat(TARN.sql(CLERK, "SELECT * FROM abac.s.older")).isEmpty();
  }

  @Test
  void whatIsTaggedAfterItWasRenamedWasHiddenBefore() {
    people("late");
    TARN.sql(
        "CREATE POLICY mask ON TABLE abac.s.late COLUMN MASK abac.s.hide TO clerks FOR TABLES"
            + " MATCH COLUMNS has_tag('abac_pii') AS c ON COLUMN c USING COLUMNS ('-')");
    TARN.sql("ALTER TABLE abac.s.late RENAME COLUMN name TO called");
    tag("late", "called", "abac_pii");
    TARN.sql("ALTER TABLE abac.s.late DROP COLUMN called");
    String older = "SELECT name, region FROM abac.s.late VERSION AS OF 1 ORDER BY id";
    assertThat(TARN.sql(CLERK, older)).containsExactly("A-|eu", "B-|us");
    assertThat(TARN.sql(older)).containsExactly("Ann|eu", "Bob|us");
    TARN.sql("RESTORE TABLE abac.s.late TO VERSION AS OF 1");
    assertThat(TARN.sql(CLERK, "SELECT name FROM abac.s.late ORDER BY id"))
        .containsExactly("A-", "B-");
  }

  /** What is restored has columns that the catalog does not list. */
  @Test
  void columnsThatAreGoneOrBackAreNeitherClonedNorAskedFor() {
    people("back");
    tag("back", "name", "abac_pii");
    TARN.sql(
        "CREATE POLICY mask ON TABLE abac.s.back COLUMN MASK abac.s.hide TO clerks FOR TABLES"
            + " MATCH COLUMNS has_tag('abac_pii') AS c ON COLUMN c USING COLUMNS ('-')");
    TARN.sql("ALTER TABLE abac.s.back RENAME COLUMN name TO called");
    refused("ALTER TABLE abac.s.back DROP COLUMN called");
    TARN.sql("ALTER TABLE abac.s.back DROP COLUMN called");
    refused("CREATE TABLE abac.s.clone SHALLOW CLONE abac.s.back VERSION AS OF 1");
    refused("DESCRIBE HISTORY abac.s.back");
    refused("RESTORE TABLE abac.s.back TO VERSION AS OF 1");
    TARN.sql(CLERK, "UPDATE abac.s.back SET id = id + 1");
    TARN.sql("RESTORE TABLE abac.s.back TO VERSION AS OF 1");
    assertThat(TARN.sql(CLERK, "SELECT name FROM abac.s.back ORDER BY id"))
        .containsExactly("A-", "B-");
    refused("CREATE TABLE abac.s.clone SHALLOW CLONE abac.s.back");
    refused("ALTER TABLE abac.s.back ADD CONSTRAINT c CHECK (name <> 'Ann')");
    refused("UPDATE abac.s.back SET id = 0 WHERE name = 'Ann'");
    refused("DELETE FROM abac.s.back WHERE name = 'Ann'");
    refused("DESCRIBE EXTENDED abac.s.back name");
    refused("DESCRIBE DETAIL abac.s.back");
    refused("OPTIMIZE abac.s.back");
  }

  /** Also a policy of the catalog may go by a tag that the table has from its schema. */
  @Test
  void noTableLeavesItsPolicies() {
    for (String schema : List.of("staff", "open")) {
      TARN.sql("CREATE SCHEMA abac." + schema);
    }
    TARN.sql("SET TAG ON SCHEMA abac.staff abac_domain = staff");
    for (String table : List.of("hers", "plain", "other")) {
      TARN.sql(CLERK, "CREATE TABLE abac.staff." + table + " (name STRING)");
    }
    TARN.sql("ALTER TABLE abac.staff.hers ALTER COLUMN name SET TAGS ('abac_pii' = 'yes')");
    TARN.sql("ALTER TABLE abac.staff.other ALTER COLUMN name SET TAGS ('abac_geo' = 'yes')");
    TARN.sql(
        "CREATE POLICY mask ON SCHEMA abac.staff COLUMN MASK abac.s.hide TO clerks FOR TABLES"
            + " MATCH COLUMNS has_tag('abac_pii') AS c ON COLUMN c USING COLUMNS ('-')");
    TARN.sql(
        "CREATE POLICY staff_only ON CATALOG abac ROW FILTER abac.s.here TO clerks FOR TABLES"
            + " WHEN has_tag_value('abac_domain', 'staff')"
            + " MATCH COLUMNS has_tag('abac_geo') AS g USING COLUMNS (g)");
    refused("DESCRIBE HISTORY abac.staff.hers");
    refused("OPTIMIZE abac.staff.hers");
    refused("EXPLAIN COST SELECT * FROM abac.staff.hers");
    assertThat(TARN.sql(CLERK, "DESCRIBE HISTORY abac.staff.plain")).isNotEmpty();
    refused("ALTER TABLE abac.staff.hers RENAME TO abac.open.hers");
    refused("ALTER TABLE abac.staff.other RENAME TO abac.open.other");
    TARN.sql(CLERK, "ALTER TABLE abac.staff.hers RENAME TO abac.staff.still");
    TARN.sql(CLERK, "ALTER TABLE abac.staff.plain RENAME TO abac.open.plain");
    TARN.sql("ALTER TABLE abac.staff.still RENAME TO abac.open.hers");
    assertThat(TARN.sql(CLERK, "SELECT * FROM abac.open.hers")).isEmpty();
    TARN.sql("DROP POLICY staff_only ON CATALOG abac");
  }

  private static void refused(String sql) {
    assertThatThrownBy(() -> TARN.sql(CLERK, sql))
        .as(sql)
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void nothingIsReadWhereItCannotBeSaidWhatHolds() {
    people("unclear");
    tag("unclear", "name", "abac_pii");
    TARN.sql("CREATE FUNCTION abac.s.gone(v STRING) RETURNS STRING RETURN '?'");
    String mask =
        " ON TABLE abac.s.unclear COLUMN MASK abac.s.%s TO clerks FOR TABLES MATCH COLUMNS"
            + " has_tag('abac_pii') AS c ON COLUMN c";
    String read = "SELECT name FROM abac.s.unclear";
    TARN.sql("CREATE POLICY a" + mask.formatted("gone"));
    assertThat(TARN.sql(CLERK, read)).containsExactly("?", "?");
    TARN.sql("CREATE POLICY b" + mask.formatted("hide") + " USING COLUMNS ('-')");
    assertThatThrownBy(() -> TARN.sql(CLERK, read)).hasMessageContaining("several");
    assertThat(TARN.sql("SELECT count(*) FROM abac.s.unclear")).containsExactly("2");
    TARN.sql("DROP POLICY b ON TABLE abac.s.unclear");
    TARN.sql("DROP FUNCTION abac.s.gone");
    assertThatThrownBy(() -> TARN.sql(CLERK, read)).hasMessageContaining("gone");
    TARN.sql("DROP POLICY IF EXISTS a ON TABLE abac.s.unclear");
    TARN.sql("DROP POLICY IF EXISTS a ON TABLE abac.s.unclear");
    assertThat(TARN.sql(CLERK, read)).containsExactlyInAnyOrder("Ann", "Bob");
  }

  @Test
  void policiesAreListedAndDescribed() {
    people("listed");
    TARN.sql(
        "CREATE OR REPLACE POLICY `the_one` ON TABLE abac.s.listed ROW FILTER abac.s.here TO clerks"
            + " FOR TABLES WHEN has_tag('abac_domain') AND NOT has_tag('abac_geo')"
            + " MATCH COLUMNS has_tag('abac_geo') OR has_tag('abac_pii') AS r USING COLUMNS (r)");
    assertThat(TARN.sql("SHOW POLICIES ON TABLE abac.s.listed"))
        .containsExactly("the_one|ROW_FILTER|TABLE|abac.s.listed");
    assertThat(TARN.sql("SHOW POLICIES ON CATALOG abac")).isEmpty();
    assertThat(TARN.sql("SHOW EFFECTIVE POLICIES ON TABLE abac.s.listed"))
        .contains("the_one|ROW_FILTER|TABLE|abac.s.listed");
    assertThat(TARN.sql("DESCRIBE POLICY the_one ON TABLE abac.s.listed"))
        .contains(
            "Function Name|abac.s.here",
            "When Condition|has_tag('abac_domain') AND NOT has_tag('abac_geo')",
            "Match Columns|has_tag('abac_geo') OR has_tag('abac_pii') AS r",
            "Using Columns|r");
    assertThatThrownBy(() -> TARN.sql(CLERK, "SHOW POLICIES ON TABLE abac.s.listed"))
        .hasMessageContaining("MANAGE");
    assertThatThrownBy(
            () ->
                TARN.sql(
                    "CREATE POLICY x ON CATALOG abac ROW FILTER abac.s.here TO clerks FOR TABLES"
                        + " MATCH COLUMNS has_tag('free') AS r USING COLUMNS (r)"))
        .hasMessageContaining("not governed");
  }
}
