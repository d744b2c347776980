package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole statements through the native executor, compared with what Spark answers. */
class NativeExecutorIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.native");
    TARN.sql(
        "CREATE OR REPLACE TABLE main.native.orders AS SELECT id, CAST(id % 7 AS INT) AS customer,"
            + " CAST(id * 1.25 AS DECIMAL(12,2)) AS price, concat('item ', id % 5) AS item,"
            + " DATE'2024-01-01' + CAST(id % 60 AS INT) AS day,"
            + " TIMESTAMP'2024-01-01 00:00:00' + make_interval(0,0,0,0,id) AS at,"
            + " CASE WHEN id % 11 = 0 THEN NULL ELSE id * 0.5D END AS weight FROM range(1000)");
    TARN.sql(
        "CREATE OR REPLACE TABLE main.native.customers AS SELECT * FROM VALUES (0, 'Ann'), (1, 'Bo'),"
            + " (2, NULL), (3, 'Cy'), (9, 'Di') AS t(id, name)");
    TARN.sql(
        "CREATE OR REPLACE TABLE main.native.skewed AS SELECT id % 2 AS k, id AS v FROM"
            + " range(2000000)");
  }

  private static List<String> run(String executor, String sql) {
    SessionDefaults defaults =
        new SessionDefaults(
            Optional.of("main"), Optional.of("native"), Map.of("tarn.executor", executor));
    try (SqlSession session = TARN.engine.openSession(EngineUnderTest.ADMIN, defaults)) {
      ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
      assertThat(rows.executor()).isEqualTo(executor);
      return EngineUnderTest.rows(rows);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT count(*) FROM orders",
        "SELECT * FROM orders ORDER BY id LIMIT 5",
        "SELECT id, id, price FROM orders WHERE id BETWEEN 10 AND 20 ORDER BY id DESC",
        "SELECT customer, sum(price), count(*), min(day), max(at) FROM orders GROUP BY customer ORDER"
            + " BY customer",
        "SELECT c.name, sum(o.price) s FROM orders o JOIN customers c ON o.customer = c.id GROUP BY"
            + " c.name HAVING sum(o.price) > 10 ORDER BY s DESC",
        "SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.id < 10"
            + " ORDER BY c.id, o.id",
        "SELECT c.name, o.id FROM customers c FULL JOIN orders o ON o.customer = c.id WHERE o.id IS NULL"
            + " OR o.id < 9 ORDER BY c.id NULLS LAST, o.id",
        "SELECT name FROM customers c LEFT SEMI JOIN orders o ON o.customer = c.id ORDER BY name",
        "SELECT name FROM customers c LEFT ANTI JOIN orders o ON o.customer = c.id ORDER BY name",
        "SELECT name FROM customers WHERE id IN (SELECT customer FROM orders) ORDER BY 1",
        "SELECT name FROM customers WHERE id NOT IN (SELECT customer FROM orders) ORDER BY 1",
        "SELECT name, (SELECT count(*) FROM orders o WHERE o.customer = c.id) n FROM customers c ORDER BY"
            + " 1",
        "SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND"
            + " o.price > 100) ORDER BY 1",
        "WITH t AS (SELECT customer, sum(price) s FROM orders GROUP BY customer) SELECT a.customer, b.s"
            + " FROM t a JOIN t b ON a.customer = b.customer ORDER BY 1",
        "SELECT item, customer, sum(price), grouping_id() FROM orders GROUP BY ROLLUP(item, customer)"
            + " ORDER BY 1, 2, 4",
        "SELECT item, customer, count(*) FROM orders GROUP BY CUBE(item, customer) ORDER BY 1, 2, 3",
        "SELECT year(day) y, month(day) + 1 m, count(DISTINCT customer) FROM orders GROUP BY year(day),"
            + " month(day) ORDER BY 1, 2",
        "SELECT DISTINCT item FROM orders ORDER BY item",
        "SELECT item FROM orders UNION SELECT name FROM customers ORDER BY 1",
        "SELECT id FROM customers EXCEPT SELECT customer FROM orders",
        "SELECT id FROM customers INTERSECT SELECT customer FROM orders ORDER BY 1",
        "SELECT id, row_number() OVER (PARTITION BY item ORDER BY id) r FROM orders ORDER BY id LIMIT 20",
        "SELECT id, sum(price) OVER (PARTITION BY item ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT"
            + " ROW) r FROM orders ORDER BY id LIMIT 20",
        "SELECT id, rank() OVER (ORDER BY customer) r, lag(id) OVER (ORDER BY id) l FROM orders ORDER BY"
            + " id LIMIT 20",
        "SELECT * FROM VALUES (1, 'a'), (2, NULL) AS t(x, y) ORDER BY x",
        "SELECT id, e FROM customers LATERAL VIEW explode(array(id, id + 1)) t AS e ORDER BY 1, 2",
        "SELECT * FROM range(5) ORDER BY id",
        "SELECT o.id, l.n FROM customers o, LATERAL (SELECT o.id * 2 AS n) l ORDER BY 1",
        "SELECT id FROM orders ORDER BY weight NULLS LAST, id LIMIT 3 OFFSET 2",
        "SELECT avg(price), avg(weight), sum(weight) FROM orders WHERE weight IS NOT NULL",
        "SELECT count(*) FROM orders VERSION AS OF 0"
      })
  void answersAsSparkDoes(String sql) {
    assertThat(run("native", sql)).isEqualTo(run("spark", sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM range(10000000) a JOIN range(10000000) b ON a.id * b.id = -1",
        "SELECT count(*) FROM range(100000000000) WHERE id % 7 = 8",
        "SELECT id FROM range(1000000000000)",
        // Minutes for what DuckDB takes for one step.
        "SELECT count(*) FROM range(2048) WHERE levenshtein(repeat('ab', 2000 + CAST(id AS INT)),"
            + " repeat('ba', 2000)) < 0",
        // After its first rows.
        "SELECT id FROM range(100000000000) WHERE id < 5000000 OR id % 7 = 8",
        "SELECT count(*) FROM range(100000000000) WHERE soundex(CAST(id AS STRING)) = 'x'",
        // Whose joins find pairs and no rows.
        "SELECT count(*) FROM main.native.skewed a JOIN main.native.skewed b ON a.k = b.k AND a.v + b.v"
            + " < 0",
        "SELECT count(*) FROM main.native.skewed a, main.native.skewed b WHERE a.k = b.k AND a.v * b.v ="
            + " -1",
        "SELECT count(b.v) FROM main.native.skewed a LEFT JOIN main.native.skewed b ON a.k = b.k AND"
            + " a.v + b.v < 0",
        "SELECT count(b.v) FROM main.native.skewed a FULL JOIN main.native.skewed b ON a.k = b.k AND"
            + " a.v + b.v < 0",
        "SELECT count(*) FROM main.native.skewed a JOIN main.native.skewed b ON a.v < b.v AND a.v * b.v ="
            + " -1",
        "SELECT count(*) FROM main.native.skewed a JOIN main.native.skewed b ON a.v <> b.v AND a.v * b.v"
            + " = -1 JOIN main.native.customers c ON c.id = a.k AND c.id + a.k + b.k < 0"
      })
  void stopsWhatWouldNeverEnd(String sql) throws Exception {
    String id = UUID.randomUUID().toString();
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, "native")) {
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(
              () -> {
                try (ResultStream rows = session.execute(id, sql, List.of())) {
                  while (rows.next().isPresent()) {}
                }
              });
      await().until(() -> TARN.runningNatively() > 0);
      assertThatThrownBy(() -> running.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      long asked = System.nanoTime();
      session.cancel(id);

      assertThatThrownBy(() -> running.get(15, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      System.out.printf("stopped after %d ms: %s%n", (System.nanoTime() - asked) / 1_000_000, sql);
      await().until(() -> TARN.runningNatively() == 0);
    }
  }

  @Test
  void leavesToSparkWhatItDoesNotKnow() {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      ResultStream rows =
          session.execute("unknown", "SELECT count(*) FROM range(3) WHERE rand() >= 0", List.of());
      assertThat(rows.executor()).isEqualTo("spark");
      assertThat(rows.refusal()).contains("rand");
      assertThat(EngineUnderTest.rows(rows)).containsExactly("3");
    }
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, "native")) {
      assertThatThrownBy(
              () ->
                  session.execute(
                      "refused", "SELECT count(*) FROM range(3) WHERE rand() >= 0", List.of()))
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_IMPLEMENTED))
          .hasMessageContaining("rand");
    }
  }

  @Test
  void failsAsSparkDoes() {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      assertThatThrownBy(
              () -> session.execute("zero", "SELECT 1 / (id - id) FROM range(3)", List.of()))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("DIVIDE_BY_ZERO");
    }
  }

  /** After more rows than are kept back until it is known that none fails. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "to_date(if(id < 199999, '2020-01', 'x'), 'yyyy-MM') | CANNOT_PARSE_TIMESTAMP | 22007",
        "id + 9223372036854575809 | ARITHMETIC_OVERFLOW | 22003",
        "id / (199999 - id) | DIVIDE_BY_ZERO | 22012"
      })
  void failsInTheMiddleWithSparksErrorClass(String failing) {
    String[] parts = failing.split(" [|] ");
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, "native");
        ResultStream rows =
            session.execute(
                UUID.randomUUID().toString(),
                "SELECT " + parts[0] + ", repeat('x', 1000) FROM range(200000)",
                List.of())) {
      assertThatThrownBy(
              () -> {
                while (rows.next().isPresent()) {}
              })
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.sqlState()).contains(parts[2]))
          .hasMessageStartingWith("[" + parts[1] + "]");
    }
  }

  @Test
  void seesEveryCommitAtOnceAndSkipsFiles() {
    TARN.sql(
        "CREATE OR REPLACE TABLE main.native.grows (id BIGINT, part INT) PARTITIONED BY (part)");
    for (int i = 0; i < 3; i++) {
      TARN.sql("INSERT INTO main.native.grows SELECT id, " + i + " FROM range(5)");
      assertThat(run("native", "SELECT count(*) FROM grows")).containsExactly(5 * (i + 1) + "");
    }
    TARN.sql("DELETE FROM main.native.grows WHERE id = 2");
    assertThat(
            run(
                "native",
                "SELECT part, count(*) FROM grows WHERE part > 0 GROUP BY part ORDER BY 1"))
        .containsExactly("1|4", "2|4");
    assertThat(run("native", "SELECT count(*) FROM grows WHERE id > 100")).containsExactly("0");
  }

  @Test
  void repeatsATranslationOnlyWhileItMeansTheSame() {
    TARN.sql("CREATE OR REPLACE TABLE main.native.repeated AS SELECT 1 AS x");
    String sql =
        "SELECT x, current_timestamp() > DATE'2020-01-01' AS later FROM main.native.repeated";
    String plainly = "SELECT x FROM main.native.repeated";
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, "native")) {
      for (String text : List.of(sql, plainly)) {
        assertThat(rows(session, text)).allMatch(row -> row.startsWith("1"));
        assertThat(rows(session, text)).hasSize(1);
      }
      TARN.sql("INSERT INTO main.native.repeated VALUES (2)");
      assertThat(rows(session, plainly)).containsExactlyInAnyOrder("1", "2");
      TARN.sql("CREATE OR REPLACE TABLE main.native.repeated AS SELECT 'text' AS x");
      assertThat(rows(session, plainly)).containsExactly("text");
      rows(session, "CREATE TEMPORARY VIEW shadow AS SELECT 1");
      assertThat(rows(session, plainly)).containsExactly("text");
      TARN.sql("DROP TABLE main.native.repeated");
      assertThatThrownBy(() -> rows(session, plainly))
          .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    }
  }

  private static List<String> rows(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
  }

  @Test
  void repeatsNoTranslationWithAnothersFunctions() {
    String sql = "SELECT own(id) FROM range(1)";
    try (SqlSession one = TARN.session(EngineUnderTest.ADMIN);
        SqlSession other = TARN.session(EngineUnderTest.ADMIN)) {
      rows(one, "CREATE TEMPORARY FUNCTION own(x BIGINT) RETURNS BIGINT RETURN x + 1");
      rows(other, "CREATE TEMPORARY FUNCTION own(x BIGINT) RETURNS BIGINT RETURN x + 2");
      assertThat(rows(one, sql)).containsExactly("1");
      assertThat(rows(other, sql)).containsExactly("2");
      rows(other, "DROP TEMPORARY FUNCTION own");
      assertThatThrownBy(() -> rows(other, sql)).hasMessageContaining("UNRESOLVED_ROUTINE");
    }
  }

  @Test
  void explainsWhichExecutorRunsAndWhy() {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      assertThat(rows(session, "EXPLAIN SELECT * FROM main.native.orders WHERE id > 5").get(0))
          .startsWith("== Executor ==\nnative\nfiles to read: ")
          .contains("== Physical Plan ==");
      assertThat(
              rows(
                      session,
                      "EXPLAIN SELECT soundex(item), kurtosis(id) FROM main.native.orders GROUP BY 1")
                  .get(0))
          .contains("\nevaluated by Spark within it: kurtosis, soundex\n");
      assertThat(rows(session, "EXPLAIN SELECT rand() FROM range(3)").get(0))
          .startsWith("== Executor ==\nspark, because")
          .contains("rand");
      assertThat(rows(session, "EXPLAIN SHOW TABLES IN main.native").get(0))
          .startsWith("== Executor ==\nspark\n");
    }
  }

  @Test
  void keepsToTheGrants() {
    Principal stranger = new Principal("stranger@example.com", Set.of(), false);
    try (SqlSession session = TARN.session(stranger)) {
      assertThatThrownBy(() -> session.execute("no", "SELECT * FROM main.native.orders", List.of()))
          .isInstanceOfSatisfying(
              TarnException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }
  }
}
