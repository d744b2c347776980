package dev.tarn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.policy.PolicyBarrier;
import dev.tarn.engine.spark.SessionLease;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.classic.Dataset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts to learn of rows that views and table functions leave out, by somebody who may not read
 * the tables below. Three of six rows are shown; on each of the others every condition here fails.
 */
class ViewLeaksIT {
  private static final EngineUnderTest tarn = EngineUnderTest.get();
  private static final Principal EVE = new Principal("eve@views", Set.of(), false);

  @BeforeAll
  static void views() {
    tarn.holders.put(EVE.name(), EVE);
    tarn.sql("CREATE SCHEMA main.below");
    tarn.sql("CREATE SCHEMA main.above");
    tarn.sql("CREATE TABLE main.below.t (id INT, owner STRING, s STRING, n INT)");
    tarn.sql(
        "INSERT INTO main.below.t VALUES (1, 'eve', '11', 1), (2, 'other', 'hidden2', 0),"
            + " (3, 'eve', '33', 3), (4, NULL, 'hidden4', 0), (5, 'eve', '55', 5),"
            + " (6, 'other', 'hidden6', 0)");
    tarn.sql("CREATE TABLE main.below.allowed AS SELECT 'eve' AS owner");
    tarn.sql(
        "CREATE VIEW main.above.filtered AS SELECT id, s, n FROM main.below.t"
            + " WHERE regexp_like(concat(owner, 'x'), '^ev.x$')");
    tarn.sql(
        "CREATE VIEW main.above.joined AS SELECT id, s, n FROM main.below.t JOIN main.below.allowed"
            + " USING (owner)");
    tarn.sql(
        "CREATE FUNCTION main.above.called() RETURNS TABLE (id INT, s STRING, n INT) RETURN SELECT"
            + " id, s, n FROM main.below.t WHERE owner IN (SELECT owner FROM main.below.allowed)");
    tarn.sql(
        "CREATE FUNCTION main.above.from_id(least INT) RETURNS TABLE (id INT, s STRING, n INT)"
            + " RETURN SELECT t.id, t.s, t.n FROM main.below.t t WHERE t.id >= from_id.least AND"
            + " t.owner IN (SELECT owner FROM main.below.allowed)");
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO `eve@views`");
    tarn.sql("GRANT USE SCHEMA, SELECT, EXECUTE, CREATE TABLE ON SCHEMA main.above TO `eve@views`");
    try (SqlSession session = tarn.session(EVE, "spark")) {
      rows(
          session,
          "CREATE VIEW main.above.hers AS SELECT * FROM main.above.joined WHERE 10 / n > 0");
    }
  }

  private static boolean barred(Principal principal, String sql) {
    try (SessionLease lease =
        tarn.engine.lease(principal, SessionDefaults.NONE, Optional.empty())) {
      return PolicyBarrier.in(((Dataset<?>) lease.spark().sql(sql)).queryExecution().analyzed());
    }
  }

  private static List<String> rows(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"joined", "called()", "from_id(1)", "hers"})
  void nothingIsEvaluatedOnWhatAViewLeavesOut(String name) {
    String v = "main.above." + name;
    List<String> reads =
        List.of(
            "count(*) FROM " + v + " WHERE 10 / n > 0",
            "count(*) FROM " + v + " WHERE CAST(s AS INT) > 0",
            "count(a.id) FROM range(9) r LEFT JOIN " + v + " a ON a.id = r.id AND 10 / a.n > 0",
            "count(*) FROM range(9) r WHERE EXISTS (SELECT 1 FROM "
                + v
                + " a WHERE a.id = r.id AND 10 / a.n > 0)",
            "count(*) FROM "
                + v
                + " v JOIN (SELECT id FROM range(1, 9) WHERE 10 / id > 0) r ON v.n = r.id",
            "count(*) FROM (SELECT n FROM "
                + v
                + " INTERSECT SELECT CAST(id AS INT) FROM range(1, 9) WHERE 10 / id > 0)",
            "count(*) FROM (SELECT CAST(id AS INT) AS n FROM range(1, 9) WHERE 10 / id > 0) r"
                + " WHERE n IN (SELECT n FROM "
                + v
                + ")",
            "count(*) FROM "
                + v
                + " WHERE n IN (SELECT CAST(id AS INT) FROM range(1, 9) WHERE 10 / id > 0)",
            "count(*) FROM (SELECT 10 / n AS x FROM " + v + " GROUP BY 10 / n) WHERE x > 0",
            "count(e) FROM " + v + " LATERAL VIEW explode(sequence(1, 10 DIV n, 10)) AS e");
    for (String executor : List.of("spark", "auto")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        for (String read : reads) {
          assertThat(rows(session, "SELECT " + read))
              .as(executor + ": " + read)
              .containsExactly("3");
        }
        assertThat(
                rows(
                    session,
                    "WITH c AS (SELECT * FROM "
                        + v
                        + ") SELECT count(*) FROM c a, c b WHERE 1 / a.n > 0"))
            .containsExactly("9");
        rows(session, "CREATE OR REPLACE TEMPORARY VIEW mine AS SELECT * FROM " + v);
        assertThat(rows(session, "SELECT count(*) FROM mine WHERE 10 / n > 0"))
            .containsExactly("3");
      }
    }
  }

  /** No barrier could stand between a column and the call that it is given to. */
  @Test
  void aCallIsGivenNoColumnsOfAnotherTable() {
    for (String executor : List.of("spark", "auto")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        rows(session, "USE main.above");
        for (String call :
            List.of("main.above.from_id(r.n)", "above.from_id(r.n)", "from_id(r.n)")) {
          assertThatThrownBy(
                  () ->
                      rows(
                          session,
                          "SELECT count(*) FROM main.above.joined r, LATERAL "
                              + call
                              + " f WHERE 10 / f.n > 0"))
              .as(call)
              .isInstanceOf(TarnException.class)
              .message()
              .containsAnyOf("TABLE_VALUED_FUNCTION", "UNRESOLVABLE", "PERMISSION_DENIED");
        }
      }
    }
  }

  /** A partition's value is in the names of its files, though no column of the view shows it. */
  @Test
  void noFileIsNamedBelowAView() {
    tarn.sql("CREATE TABLE main.below.p (id INT, pay STRING) PARTITIONED BY (pay)");
    tarn.sql("INSERT INTO main.below.p VALUES (1, 'hidden1')");
    tarn.sql("CREATE VIEW main.above.unpaid AS SELECT id FROM main.below.p");
    for (String executor : List.of("spark", "auto")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        assertThatThrownBy(() -> rows(session, "SELECT input_file_name() FROM main.above.unpaid"))
            .isInstanceOf(TarnException.class)
            .hasMessageContaining("PERMISSION_DENIED");
        assertThat(rows(session, "SELECT id FROM main.above.unpaid")).containsExactly("1");
      }
    }
  }

  /** Which files a condition leaves to be read tells of the values in them. */
  @Test
  void thePlanOfAQueryOverThemIsNotShown() {
    for (String executor : List.of("spark", "auto")) {
      try (SqlSession session = tarn.session(EVE, executor)) {
        for (String over :
            List.of("main.above.filtered", "main.above.called()", "main.above.hers")) {
          assertThatThrownBy(() -> rows(session, "EXPLAIN SELECT * FROM " + over + " WHERE n < 0"))
              .isInstanceOf(TarnException.class)
              .hasMessageContaining("PERMISSION_DENIED");
        }
      }
    }
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, "auto")) {
      assertThat(rows(session, "EXPLAIN SELECT * FROM main.above.filtered").get(0))
          .contains("Physical Plan");
    }
  }

  /** Whoever may read the tables, or asks nothing that can fail, does not wait for a barrier. */
  @Test
  void aBarrierStandsOnlyWhereItIsNeeded() {
    String safe = "SELECT n, count(*), sum(n) FROM main.above.joined WHERE id > 1 GROUP BY n";
    String unsafe = "SELECT count(*) FROM main.above.joined WHERE 10 / n > 0";
    assertThat(barred(EVE, safe)).isFalse();
    assertThat(barred(EVE, unsafe)).isTrue();
    assertThat(barred(EngineUnderTest.ADMIN, unsafe)).isFalse();
    Principal reader = new Principal("reader@views", Set.of(), false);
    tarn.sql("GRANT USE CATALOG ON CATALOG main TO `reader@views`");
    for (String schema : List.of("below", "above")) {
      tarn.sql("GRANT USE SCHEMA, SELECT ON SCHEMA main." + schema + " TO `reader@views`");
    }
    assertThat(barred(reader, unsafe)).isFalse();
  }
}
