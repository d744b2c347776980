package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statements that random queries found to mean something else natively, as small as they got. */
class RandomFindingsIT {
  private static NativeAndSpark both;

  @BeforeAll
  static void table() {
    EngineUnderTest tarn = EngineUnderTest.get();
    tarn.sql("CREATE SCHEMA main.random_findings");
    tarn.sql(
        "CREATE TABLE main.random_findings.t (id INT, i INT, d DOUBLE, s STRING, dt DATE,"
            + " p DECIMAL(38,10), a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<a: INT, b: STRING>)");
    tarn.sql(
        "INSERT INTO main.random_findings.t VALUES"
            + " (1, 2147483647, 0.5D, 'a', DATE'2024-02-29', 1.5, array(1, NULL), map('a', 1), named_struct('a', 1, 'b', 'x')),"
            + " (2, NULL, double('NaN'), '', DATE'0001-01-01', NULL, array(), map(), NULL),"
            + " (3, -1, -0.0D, NULL, NULL, -2.5, NULL, NULL, named_struct('a', NULL, 'b', '')),"
            + " (4, 7, 0.0D, 'é', DATE'9999-12-31', 0, array(3, 2), map('b', NULL), named_struct('a', 2, 'b', NULL))");
    both =
        new NativeAndSpark(
            settings ->
                tarn.engine.openSession(
                    EngineUnderTest.ADMIN,
                    new SessionDefaults(
                        Optional.of("main"), Optional.of("random_findings"), settings)));
  }

  @AfterAll
  static void close() {
    both.close();
  }

  private static void same(String... queries) {
    for (String query : queries) {
      assertThat(both.compare(query)).as("difference").isEmpty();
    }
  }

  @Test
  void aCorrelationWithAConstantDividesByZero() {
    same("SELECT corr(0.25D, id) FROM t", "SELECT corr(id, 0.25D) OVER () FROM t");
  }

  @Test
  void aCorrelationOfOnePairIsNull() {
    same("SELECT corr(id, id) FROM t WHERE id = 1", "SELECT id, corr(id, id) FROM t GROUP BY id");
  }

  @Test
  void aTrySumThatOverflowsOnTheWayIsNull() {
    same(
        "SELECT try_sum(x) FROM VALUES (9223372036854775807L), (9L), (-100L) AS v(x)",
        "SELECT sum(x) FROM VALUES (9223372036854775807L), (9L), (-100L) AS v(x)",
        "SELECT sum(DISTINCT x) FROM VALUES (1L), (1L), (NULL), (-100L) AS v(x)",
        "SELECT id, sum(CAST(i AS BIGINT)) OVER (ORDER BY id) FROM t");
  }

  @Test
  void theFirstZeroOfAnArrayIsItsExtremeWhateverItsSign() {
    same(
        "SELECT id, array_max(array(d, 0.0D)), array_max(array(0.0D, d)) FROM t",
        "SELECT id, array_min(array(d, 0.0D)), array_min(array(0.0D, d)) FROM t",
        "SELECT id, greatest(d, 0.0D), least(d, 0.0D) FROM t",
        "SELECT id, greatest(0.0D, d), least(0.0D, d) FROM t",
        "SELECT id, CAST(greatest(d + d, d) AS STRING), CAST(least(d, d) AS STRING) FROM t");
  }
}
