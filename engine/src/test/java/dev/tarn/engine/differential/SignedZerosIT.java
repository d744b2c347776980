package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Found by random queries: an EXCEPT ALL that kept -0.0 where Spark says 0.0. */
class SignedZerosIT {
  private static NativeAndSpark both;

  @BeforeAll
  static void table() {
    EngineUnderTest tarn = EngineUnderTest.get();
    tarn.sql("CREATE SCHEMA main.signed_zeros");
    tarn.sql("CREATE TABLE main.signed_zeros.z (id INT, d DOUBLE, f FLOAT)");
    tarn.sql(
        "INSERT INTO main.signed_zeros.z VALUES (1, -0.0D, -0.0F), (2, 0.0D, 0.0F),"
            + " (3, double('NaN'), float('NaN')), (4, -0.0D, 1.0F), (5, NULL, NULL)");
    both =
        new NativeAndSpark(
            settings ->
                tarn.engine.openSession(
                    EngineUnderTest.ADMIN,
                    new SessionDefaults(
                        Optional.of("main"), Optional.of("signed_zeros"), settings)));
  }

  @AfterAll
  static void close() {
    both.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT d FROM z EXCEPT ALL SELECT 1.0D",
        "SELECT d FROM z EXCEPT SELECT 1.0D",
        "SELECT d FROM z INTERSECT SELECT d FROM z",
        "SELECT d FROM z INTERSECT ALL SELECT d FROM z",
        "SELECT d FROM z UNION SELECT d FROM z",
        "SELECT DISTINCT f FROM z",
        "SELECT d, count(*) FROM z GROUP BY d",
        "SELECT array(d), count(*) FROM z GROUP BY 1",
        "SELECT named_struct('f', f), count(*) FROM z GROUP BY 1",
      })
  void groupsAreNamedAsSparkNamesThem(String query) {
    assertThat(both.compare(query)).as("difference").isEmpty();
  }

  @Test
  void valuesThatAreNotGroupedKeepTheirSignNatively() {
    assertThat(both.compare("SELECT id, d, f FROM z ORDER BY id")).as("difference").isEmpty();
    assertThat(both.refusal()).isEmpty();
    assertThat(both.compare("SELECT id, sum(d) FROM z GROUP BY id")).as("difference").isEmpty();
    assertThat(both.refusal()).isEmpty();
  }
}
