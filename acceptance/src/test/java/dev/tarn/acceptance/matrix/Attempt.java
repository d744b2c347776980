package dev.tarn.acceptance.matrix;

import static dev.tarn.acceptance.matrix.World.FUNCTION;
import static dev.tarn.acceptance.matrix.World.OTHER;
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
          "SELECT 1 FROM %s WHERE false",
          "TABLE %s",
          "SELECT * FROM (SELECT max(id) FROM %s)",
          "SELECT (SELECT max(text) FROM %s)",
          "WITH x AS (SELECT * FROM %s) SELECT count(*) FROM x",
          "SELECT 1 WHERE EXISTS (SELECT 1 FROM %s)",
          "SELECT id FROM range(5) WHERE id IN (SELECT id FROM %s)",
          "SELECT r.id FROM range(5) r LEFT ANTI JOIN %s x ON x.id = r.id",
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

  private static final List<String> MANAGES =
      List.of("GRANT SELECT ON TABLE %s TO `matrix-4`", "SHOW GRANTS ON TABLE %s");

  static Attempt reading(String sql, Thing... things) {
    return new Attempt(
        sql, (model, user) -> List.of(things).stream().allMatch(t -> model.can(user, "SELECT", t)));
  }

  /**
   * @param mark of whoever tries, for names that are made
   */
  static List<Attempt> all(int mark) {
    List<Attempt> all = new ArrayList<>();
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
    for (String sql : READS.subList(0, 13)) {
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
    return all;
  }
}
