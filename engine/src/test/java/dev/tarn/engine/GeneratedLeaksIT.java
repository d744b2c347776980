package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Expressions that fail on hidden rows or tell them apart, in all kinds of queries: whoever is
 * filtered gets the very answer that a table without the hidden rows gives.
 */
class GeneratedLeaksIT {
  private static final EngineUnderTest tarn = EngineUnderTest.get();
  private static final Principal MAL = new Principal("mal@generated", Set.of(), false);
  private static final int ROWS = 40;
  private static final int BY_SPARK = 2;
  private static final int NATIVELY = 9;

  /** True of every visible row; of hidden ones false, or an error. */
  private static final List<String> EXPRESSIONS =
      List.of(
          "CAST(s AS INT) > 0",
          "CAST(concat(s, '') AS DOUBLE) > 0",
          "CAST(s AS DECIMAL(6, 2)) >= 0",
          "bigint(s) + 1 > 0",
          "10 / n > 0",
          "10 % n >= 0",
          "10 DIV n >= 0",
          "if(n = 0, raise_error(s), true)",
          "assert_true(n <> 0, s) IS NULL",
          "element_at(array(1), IF(n = 0, 5, 1)) = 1",
          "array(1)[IF(n = 0, 5, 0)] = 1",
          "'5' RLIKE IF(n = 0, concat('(', s), '.')",
          "make_date(2000, IF(n = 0, 99, 1), 1) IS NOT NULL",
          "2147483647 * IF(n = 0, 2, 1) > 0",
          "CAST(n + IF(n = 0, 3000000000, 0) AS INT) > 0",
          "CAST(IF(n = 0, -1, 1) + 127 AS TINYINT) IS NULL OR n <> 0",
          "s NOT LIKE 'hid%'",
          "length(s) < 4",
          "n <> 0",
          "s < 'h'",
          "owner <> 'other'");

  /** {@code T} is the table, {@code E} an expression of its rows. */
  private static final List<String> SHAPES =
      List.of(
          "SELECT count(*) FROM T WHERE E",
          "SELECT id FROM T WHERE id > 3 AND E AND id < 30",
          "SELECT count(*) FROM T WHERE NOT (E)",
          "SELECT count(*) FROM T WHERE (E) OR id = 2",
          "SELECT bool_and(E), count_if(E) FROM T",
          "SELECT max(s) FILTER (WHERE E) FROM T",
          "SELECT id, E FROM T",
          "SELECT s FROM T ORDER BY E, id LIMIT 3",
          "SELECT id % 3, count(*) FROM T WHERE E GROUP BY id % 3",
          "SELECT E, count(*), min(s), max(s), min(n) FROM T GROUP BY E",
          "SELECT count(*) FROM (SELECT s, n, owner FROM T GROUP BY ALL HAVING E)",
          "SELECT count(*) FROM (SELECT DISTINCT s, n, owner FROM T) WHERE E",
          "SELECT count(*) FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY s) AS r FROM T)"
              + " WHERE r = 1 AND E",
          "SELECT sum(r) FROM (SELECT rank() OVER (ORDER BY E, id) AS r FROM T)",
          "SELECT count(*) FROM range(20) r JOIN T ON r.id = n AND E",
          "SELECT count(*) FROM range(20) r LEFT JOIN T ON r.id = n AND E",
          "SELECT count(*) FROM T LEFT JOIN range(20) r ON r.id = n AND E",
          "SELECT count(*) FROM T FULL JOIN range(20) r ON r.id = n WHERE n IS NULL OR E",
          "SELECT count(*) FROM T LEFT SEMI JOIN range(20) r ON r.id = n AND E",
          "SELECT count(*) FROM range(20) r LEFT ANTI JOIN T ON r.id = n AND E",
          "SELECT count(*) FROM range(20) r WHERE EXISTS (SELECT 1 FROM T WHERE n = r.id AND E)",
          "SELECT count(*) FROM range(20) r WHERE r.id NOT IN (SELECT if(E, n, 0) FROM T)",
          "SELECT count(*) FROM T WHERE if(E, n, 0) IN (SELECT id FROM range(9))",
          "SELECT (SELECT max(s) FROM T WHERE E)",
          "SELECT r.id, (SELECT count(*) FROM T WHERE n = r.id AND E) FROM range(5) r",
          "SELECT count(*) FROM range(5) r, LATERAL (SELECT n FROM T WHERE n < r.id AND E)",
          "SELECT count(*) FROM (SELECT * FROM T UNION ALL SELECT * FROM T) WHERE E",
          "SELECT count(*) FROM (SELECT * FROM T INTERSECT SELECT * FROM T) WHERE E",
          "SELECT count(*) FROM (SELECT * FROM T EXCEPT SELECT * FROM T WHERE id = 1) WHERE E",
          "WITH w AS (SELECT * FROM T) SELECT count(*) FROM w a JOIN (SELECT * FROM w WHERE E) b ON"
              + " a.id = b.id",
          "SELECT count(*) FROM (SELECT T.*, explode(array(1, 2)) FROM T) WHERE E",
          "SELECT count(*) FROM (SELECT * FROM T ORDER BY id LIMIT 1000) WHERE E",
          "SELECT sum(CASE WHEN E THEN id END) FROM T WHERE s > '1'");

  @BeforeAll
  static void tables() {
    tarn.sql("CREATE SCHEMA main.generated");
    tarn.sql("CREATE TABLE main.generated.allowed AS SELECT 'mal@generated' AS name");
    tarn.sql(
        "CREATE FUNCTION main.generated.own(owner STRING) RETURNS BOOLEAN RETURN owner ="
            + " current_user()");
    tarn.sql(
        "CREATE FUNCTION main.generated.listed(owner STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1"
            + " FROM main.generated.allowed a WHERE a.name = owner AND a.name = current_user())");
    String rows =
        " AS SELECT CAST(id AS INT) AS id, IF(id % 2 = 1, 'mal@generated', 'other') AS owner, IF(id"
            + " % 2 = 1, CAST(id AS STRING), concat('hidden', id)) AS s, IF(id % 2 = 1, CAST(id AS"
            + " INT), 0) AS n FROM range("
            + ROWS
            + ")";
    tarn.sql("CREATE TABLE main.generated.seen" + rows + " WHERE id % 2 = 1");
    for (String filter : List.of("own", "listed")) {
      String table = "main.generated.by_" + filter;
      tarn.sql("CREATE TABLE " + table + rows);
      tarn.sql("ALTER TABLE " + table + " SET ROW FILTER main.generated." + filter + " ON (owner)");
      tarn.sql("CREATE VIEW " + table + "_view AS SELECT * FROM " + table);
    }
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO `mal@generated`");
    tarn.sql("GRANT USE SCHEMA, SELECT, EXECUTE ON SCHEMA main.generated TO `mal@generated`");
  }

  private static final List<String> PATHS =
      List.of(
          "main.generated.by_own",
          "main.generated.by_listed",
          "main.generated.by_own_view",
          "main.generated.by_listed_view",
          "main.generated.by_own VERSION AS OF 0",
          "(SELECT * FROM main.generated.by_listed)");

  private static String query(String shape, String table, String expression) {
    return shape
        .replaceAll("\\bE\\b", Matcher.quoteReplacement("(" + expression + ")"))
        .replaceAll("FROM T\\b|JOIN T\\b", "$0 AS T")
        .replaceAll("\\bT AS T\\b", table + " AS T");
  }

  /** Rows in some order, or why there are none. */
  private static String answer(SqlSession session, String sql) {
    try {
      List<String> rows =
          new ArrayList<>(
              EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of())));
      Collections.sort(rows);
      return String.join("\n", rows);
    } catch (TarnException e) {
      return "failed: " + e.getMessage();
    }
  }

  private static void compare(String executor, int expressions) {
    long seed = Long.getLong("tarn.seed", 1);
    Random random = new Random(seed);
    int compared = 0;
    try (SqlSession attacker = tarn.session(MAL, executor)) {
      for (String shape : SHAPES) {
        List<String> some = new ArrayList<>(EXPRESSIONS);
        Collections.shuffle(some, random);
        for (String expression : some.subList(0, expressions)) {
          String table = PATHS.get(random.nextInt(PATHS.size()));
          String sql = query(shape, table, expression);
          String expected = answer(attacker, query(shape, "main.generated.seen", expression));
          String heard = answer(attacker, sql);
          assertThat(heard).as("seed %d: %s", seed, sql).doesNotContain("hidden1", "hidden2");
          if (executor.equals("native") && (expected + heard).contains("native executor")) {
            continue;
          }
          assertThat(expected).as("seed %d: %s", seed, sql).doesNotContain("failed");
          assertThat(heard).as("seed %d: %s", seed, sql).isEqualTo(expected);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(SHAPES.size() * expressions / 2);
  }

  @Test
  void sparkAnswersAsIfTheyWereNotThere() {
    compare("spark", BY_SPARK);
  }

  @Test
  void theNativeExecutorAnswersAsIfTheyWereNotThere() {
    compare("native", NATIVELY);
  }
}
