package dev.tarn.testkit.cases;

import java.util.ArrayList;
import java.util.List;

/**
 * Statements of every kind that every client must be able to send, each with one answer. Values are
 * whole numbers and text, which all drivers print alike; {@link TypeCases} has the rest.
 */
public final class StatementCases {
  /** A line of JSON to be loaded. */
  public static final String LANDED = "{\"id\": 50, \"what\": \"loon\"}";

  private final String schema;
  private final List<StatementCase> cases = new ArrayList<>();

  private StatementCases(String schema) {
    this.schema = schema;
    sessions();
    scripts();
    tables();
    browsing();
    errors();
  }

  /**
   * @param schema of catalog {@code main}, there and without tables, that this run's tables are
   *     made in; its volume {@code landing} has the file {@link #LANDED}
   */
  public static List<StatementCase> in(String schema) {
    return List.copyOf(new StatementCases(schema).cases);
  }

  private void answers(String name, List<String> statements, List<List<String>> rows) {
    cases.add(new StatementCase(name, statements, rows, null));
  }

  private void fails(String name, String sqlState, String... statements) {
    cases.add(new StatementCase(name, List.of(statements), List.of(), sqlState));
  }

  private void sessions() {
    answers(
        "USE",
        List.of(
            "USE CATALOG main",
            "USE SCHEMA " + schema,
            "SELECT current_catalog(), current_schema()"),
        List.of(List.of("main", schema)));
    answers(
        "session variables",
        List.of(
            "DECLARE OR REPLACE VARIABLE lakes INT DEFAULT 5",
            "SET VAR lakes = lakes + 1",
            "SELECT lakes"),
        List.of(List.of("6")));
    answers(
        "temporary view",
        List.of(
            "CREATE OR REPLACE TEMPORARY VIEW peaks AS SELECT * FROM VALUES (1, 'a'), (2, 'b') AS"
                + " t(id, name)",
            "SELECT name FROM peaks ORDER BY id DESC"),
        List.of(List.of("b"), List.of("a")));
    answers(
        "settings",
        List.of("SET spark.sql.session.timeZone = Asia/Tokyo", "SELECT current_timezone()"),
        List.of(List.of("Asia/Tokyo")));
  }

  private void scripts() {
    answers(
        "script",
        List.of(
            "BEGIN DECLARE n INT DEFAULT 0; WHILE n < 3 DO SET n = n + 1; END WHILE; SELECT n;"
                + " END"),
        List.of(List.of("3")));
    answers(
        "EXECUTE IMMEDIATE",
        List.of("EXECUTE IMMEDIATE 'SELECT ? + ?' USING 40, 2"),
        List.of(List.of("42")));
    answers(
        "EXECUTE IMMEDIATE INTO",
        List.of(
            "DECLARE OR REPLACE VARIABLE found STRING",
            "EXECUTE IMMEDIATE 'SELECT upper(?)' INTO found USING 'tarn'",
            "SELECT found"),
        List.of(List.of("TARN")));
  }

  private void tables() {
    String table = "main." + schema + ".sightings";
    answers(
        "CREATE, INSERT, UPDATE, DELETE",
        List.of(
            "CREATE OR REPLACE TABLE " + table + " (id BIGINT, what STRING)",
            "INSERT INTO " + table + " VALUES (1, 'otter'), (2, 'heron'), (3, 'pike')",
            "UPDATE " + table + " SET what = 'grey heron' WHERE id = 2",
            "DELETE FROM " + table + " WHERE id = 3",
            "SELECT id, what FROM " + table + " ORDER BY id"),
        List.of(List.of("1", "otter"), List.of("2", "grey heron")));
    answers(
        "MERGE",
        List.of(
            "MERGE INTO "
                + table
                + " t USING (SELECT * FROM VALUES (2, 'bittern'), (4, 'newt') AS s(id, what)) s"
                + " ON t.id = s.id WHEN MATCHED THEN UPDATE SET what = s.what"
                + " WHEN NOT MATCHED THEN INSERT *",
            "SELECT id, what FROM " + table + " ORDER BY id"),
        List.of(List.of("1", "otter"), List.of("2", "bittern"), List.of("4", "newt")));
    answers(
        "time travel",
        List.of("SELECT count(*) FROM " + table + " VERSION AS OF 1"),
        List.of(List.of("3")));
    answers(
        "many rows",
        List.of("SELECT count(*), sum(id) FROM range(1000000)"),
        List.of(List.of("1000000", "499999500000")));
    answers("no rows", List.of("SELECT id FROM " + table + " WHERE id > 99"), List.of());
    answers(
        "COPY INTO",
        List.of(
            "COPY INTO "
                + table
                + " FROM '/Volumes/main/"
                + schema
                + "/landing/' FILEFORMAT = JSON",
            "SELECT id, what FROM " + table + " WHERE id = 50"),
        List.of(List.of("50", "loon")));
  }

  private void browsing() {
    answers(
        "information_schema.tables",
        List.of(
            "SELECT table_name, table_type FROM main.information_schema.tables WHERE table_schema"
                + " = '"
                + schema
                + "'"),
        List.of(List.of("sightings", "MANAGED")));
    answers(
        "information_schema.columns",
        List.of(
            "SELECT column_name, ordinal_position FROM main.information_schema.columns WHERE"
                + " table_schema = '"
                + schema
                + "' ORDER BY ordinal_position"),
        List.of(List.of("id", "1"), List.of("what", "2")));
    answers(
        "SHOW TABLES",
        List.of("SHOW TABLES IN main." + schema + " LIKE 'sight*'"),
        List.of(List.of(schema, "sightings", "false")));
  }

  private void errors() {
    fails("no such table", "42P01", "SELECT * FROM main." + schema + ".nowhere");
    fails("syntax", "42601", "SELEC 1");
    fails("no such column", "42703", "SELECT depth FROM main." + schema + ".sightings");
    fails("division by zero", "22012", "SELECT 1 / 0");
    fails("not a number", "22018", "SELECT CAST('deep' AS INT)");
    fails("too large", "22003", "SELECT 127Y + 1Y");
    answers("after errors", List.of("SELECT 1"), List.of(List.of("1")));
  }
}
