package dev.tarn.acceptance.matrix;

import static dev.tarn.acceptance.matrix.World.FUNCTION;
import static dev.tarn.acceptance.matrix.World.GOVERNED;
import static dev.tarn.acceptance.matrix.World.LOCATION;
import static dev.tarn.acceptance.matrix.World.OTHER;
import static dev.tarn.acceptance.matrix.World.READER;
import static dev.tarn.acceptance.matrix.World.TABLE;
import static dev.tarn.acceptance.matrix.World.VIEW;

import dev.tarn.acceptance.matrix.AccessModel.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * A statement, and who may run it by the model.
 *
 * @param allowed of a model and a user
 */
record Attempt(String sql, BiPredicate<AccessModel, String> allowed) {
  /** Ways to read a table, all of which need the same. */
  private static final List<String> READS =
      List.of(
          "SELECT count(*) FROM %s",
          "SELECT text FROM %s ORDER BY id LIMIT 1",
          "SELECT * FROM (SELECT max(id) FROM %s)",
          "SELECT (SELECT max(text) FROM %s)",
          "SELECT id FROM range(5) WHERE id IN (SELECT id FROM %s)",
          "SELECT * FROM range(5) r, LATERAL (SELECT x.text FROM %s x WHERE x.id = r.id)",
          "SELECT 'none' UNION ALL SELECT text FROM %s",
          "SELECT id, row_number() OVER (ORDER BY text) FROM %s",
          "SELECT * FROM %s VERSION AS OF 0",
          "SELECT * FROM IDENTIFIER('%s')",
          "EXECUTE IMMEDIATE 'SELECT max(text) FROM %s'",
          "EXPLAIN SELECT * FROM %s WHERE text = 'a'",
          "EXPLAIN EXTENDED SELECT * FROM %s",
          "CREATE OR REPLACE TEMPORARY VIEW mine AS SELECT * FROM %s",
          "SELECT raise_error(text) FROM %s WHERE id > 99",
          "DESCRIBE HISTORY %s",
          "DESCRIBE DETAIL %s");

  /** More of them, each tried on one table or the other. */
  private static final List<String> MORE_READS =
      List.of(
          "SELECT 1 FROM %s WHERE false",
          "TABLE %s",
          "SELECT 1 WHERE EXISTS (SELECT 1 FROM %s)",
          "SELECT r.id FROM range(5) r LEFT ANTI JOIN %s x ON x.id = r.id",
          "WITH x AS (SELECT * FROM %s) SELECT count(*) FROM x",
          "SELECT count(*) FROM %s TABLESAMPLE (1 ROWS)",
          "DESCRIBE QUERY SELECT * FROM STREAM %s",
          "REFRESH TABLE %s",
          "SELECT text, count(*) FROM %s GROUP BY ALL HAVING count(*) > 0",
          "SELECT * FROM (SELECT * FROM %s) PIVOT (max(text) FOR id IN (1, 2))",
          "SELECT * FROM range(1) LATERAL VIEW explode(array((SELECT max(text) FROM %s))) e AS x",
          "SELECT CASE WHEN (SELECT count(*) FROM %s) < 0 THEN 1 / 0 END",
          "SELECT id FROM range(2) WHERE (SELECT max(text) FROM %s) = 'hidden'",
          "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 2)"
              + " SELECT * FROM r JOIN %s x ON x.id = r.n",
          "SELECT * FROM values (1) t(a) WHERE EXISTS (SELECT * FROM %s x WHERE x.id = t.a)",
          "BEGIN DECLARE x STRING; SET x = (SELECT max(text) FROM %s); SELECT x; END",
          "CREATE OR REPLACE TEMPORARY FUNCTION mine() RETURNS STRING"
              + " RETURN (SELECT max(text) FROM %s)",
          "EXPLAIN COST SELECT count(*) FROM %s",
          "EXPLAIN FORMATTED SELECT max(text) FROM %s",
          "EXPLAIN CODEGEN SELECT * FROM %s",
          "DESCRIBE QUERY SELECT * FROM %s",
          "SHOW COLUMNS IN %s",
          "DESCRIBE TABLE EXTENDED %s text",
          "SHOW TBLPROPERTIES %s",
          "SHOW CREATE TABLE %s");

  /** Ways to change a table without looking at its rows. */
  private static final List<String> WRITES =
      List.of(
          "INSERT INTO %s VALUES (9, 'mine')",
          "INSERT INTO %s (id) SELECT 9",
          "EXECUTE IMMEDIATE \"INSERT INTO %s VALUES (9, 'mine')\"");

  /** Ways to change a table by what its rows are. */
  private static final List<String> CHANGES =
      List.of(
          "UPDATE %s SET text = 'mine' WHERE id = 9",
          "DELETE FROM %s WHERE id = 9",
          "INSERT INTO %1$s SELECT * FROM %1$s WHERE id > 99",
          "MERGE INTO %s x USING (SELECT 9L AS id) y ON x.id = y.id WHEN MATCHED THEN DELETE");

  /** What takes the right to manage the table, and no way to it. */
  private static final List<String> MANAGES =
      List.of("SHOW GRANTS ON TABLE %s", "REVOKE APPLY TAG ON TABLE %s FROM `matrix-4`");

  /** What nobody but an administrator gets, whatever is granted. */
  private static final List<String> NEVERS =
      List.of(
          "SELECT * FROM delta.`%s`",
          "SELECT * FROM parquet.`%s`",
          "SELECT * FROM read_files('%s', format => 'parquet')",
          "SELECT * FROM text.`%s/_delta_log`",
          "CREATE TABLE matrix.a.made_never LOCATION '%s'",
          "CREATE EXTERNAL VOLUME matrix.a.made_never LOCATION '%s'",
          "DESCRIBE DETAIL delta.`%s`",
          "DESCRIBE HISTORY '%s'",
          "VACUUM delta.`%s`",
          "CREATE TABLE matrix.a.made_never SHALLOW CLONE delta.`%s`",
          "ALTER TABLE matrix.a.t SET TAGS ('" + GOVERNED + "' = 'x')",
          "ALTER TABLE matrix.a.t UNSET TAGS ('" + GOVERNED + "')",
          "SELECT java_method('java.lang.System', 'getProperty', 'java.home')",
          "SELECT reflect('java.lang.System', 'getProperty', 'java.home')",
          "SELECT try_reflect('java.lang.System', 'getProperty', 'java.home')",
          "ADD JAR '%s/x.jar'",
          "SET spark.sql.warehouse.dir = '%s'",
          "SELECT * FROM read_files('/etc/passwd', format => 'text')",
          "SELECT * FROM read_files('file:///etc/passwd', format => 'text')",
          "SELECT * FROM text.`/Volumes/matrix/a/files/../../../../etc/passwd`",
          "CREATE TEMPORARY FUNCTION evil AS 'java.lang.Runtime'",
          "CREATE TEMPORARY VIEW evil USING parquet OPTIONS (path '%s')",
          "INSERT OVERWRITE DIRECTORY '%s' USING parquet SELECT 1 AS x");

  static Attempt reading(String sql, Thing... things) {
    return new Attempt(
        sql, (model, user) -> List.of(things).stream().allMatch(t -> model.can(user, "SELECT", t)));
  }

  /** Of a table in the schema of {@link World#TABLE}, if something else is allowed too. */
  private static Attempt creating(String sql, BiPredicate<AccessModel, String> besides) {
    return new Attempt(
        sql,
        besides.and(
            (model, user) ->
                model.uses(user, TABLE) && model.holds(user, "CREATE TABLE", TABLE.schema())));
  }

  /**
   * @param mark of whoever tries, for names that are made
   * @param location of the files of {@link World#TABLE}
   * @param place the URL of {@link World#LOCATION}
   */
  static List<Attempt> all(int mark, String location, String place) {
    List<Attempt> all = new ArrayList<>();
    for (int i = 0; i < MORE_READS.size(); i++) {
      Thing table = (i + mark) % 2 == 0 ? TABLE : OTHER;
      all.add(reading(String.format(MORE_READS.get(i), table.path()), table));
    }
    for (Thing table : List.of(TABLE, OTHER)) {
      for (String sql : READS) {
        all.add(reading(String.format(sql, table.path()), table));
      }
      for (String sql : WRITES) {
        all.add(
            new Attempt(
                String.format(sql, table.path()),
                (model, user) -> model.can(user, "MODIFY", table)));
      }
      for (String sql : CHANGES) {
        all.add(
            new Attempt(
                String.format(sql, table.path()),
                (model, user) ->
                    model.can(user, "MODIFY", table) && model.can(user, "SELECT", table)));
      }
    }
    for (String sql : READS.subList(0, 8)) {
      if (!sql.contains("text")) {
        all.add(reading(String.format(sql, VIEW.path()), VIEW));
      }
    }
    String joined = "SELECT count(*) FROM " + VIEW.path() + " JOIN %s USING (id)";
    all.add(reading(String.format(joined, OTHER.path()), VIEW, OTHER));
    all.add(reading(String.format(joined, TABLE.path()), VIEW, TABLE));
    String both = "SELECT (SELECT max(text) FROM %s) FROM %s";
    all.add(reading(String.format(both, TABLE.path(), OTHER.path()), TABLE, OTHER));
    all.add(
        new Attempt(
            "INSERT INTO " + OTHER.path() + " SELECT * FROM " + TABLE.path() + " WHERE id > 99",
            (model, user) -> model.can(user, "MODIFY", OTHER) && model.can(user, "SELECT", TABLE)));
    all.add(
        new Attempt(
            "SELECT " + FUNCTION.path() + "(1)",
            (model, user) -> model.can(user, "EXECUTE", FUNCTION)));
    all.add(
        new Attempt(
            "SELECT sum(" + FUNCTION.path() + "(id)) FROM " + VIEW.path(),
            (model, user) ->
                model.can(user, "EXECUTE", FUNCTION) && model.can(user, "SELECT", VIEW)));
    String made = TABLE.schema().path() + ".made_" + mark;
    all.add(new Attempt("CREATE OR REPLACE TEMPORARY VIEW own AS SELECT 1", (model, user) -> true));
    all.add(
        new Attempt(
            "CREATE TABLE IF NOT EXISTS " + made + " (id INT)",
            (model, user) ->
                model.uses(user, TABLE) && model.holds(user, "CREATE TABLE", TABLE.schema())));
    for (Thing table : List.of(TABLE, OTHER)) {
      String copy = made + "_of_" + table.schema().path().replace('.', '_');
      boolean clones = (mark % 2 == 0) == (table == TABLE);
      all.add(
          creating(
              "CREATE TABLE "
                  + copy
                  + (clones ? " SHALLOW CLONE " : " AS SELECT * FROM ")
                  + table.path(),
              (model, user) -> model.can(user, "SELECT", table)));
      all.add(
          new Attempt(
              "ALTER TABLE " + table.path() + " SET TAGS ('seen' = 'x')",
              (model, user) -> model.can(user, "APPLY TAG", table)));
      for (String sql : MANAGES) {
        all.add(
            new Attempt(
                String.format(sql, table.path()),
                (model, user) -> model.holds(user, "MANAGE", table)));
      }
    }
    all.add(
        new Attempt(
            "SELECT " + READER.path() + "()", (model, user) -> model.can(user, "EXECUTE", READER)));
    all.add(
        new Attempt(
            "SELECT * FROM read_files('" + place + "/given.txt', format => 'text')",
            (model, user) -> model.holds(user, "READ FILES", LOCATION)));
    all.add(
        creating(
            "CREATE TABLE " + made + "_placed (id INT) LOCATION '" + place + "/t" + mark + "'",
            (model, user) -> model.holds(user, "CREATE EXTERNAL TABLE", LOCATION)));
    all.add(
        new Attempt(
            "CREATE EXTERNAL VOLUME " + made + "_files LOCATION '" + place + "/v" + mark + "'",
            (model, user) ->
                model.uses(user, TABLE)
                    && model.holds(user, "CREATE VOLUME", TABLE.schema())
                    && model.holds(user, "CREATE EXTERNAL VOLUME", LOCATION)));
    for (String sql : mark < World.USERS.size() ? NEVERS : List.<String>of()) {
      all.add(new Attempt(String.format(sql, location), (model, user) -> false));
    }
    return all;
  }
}
