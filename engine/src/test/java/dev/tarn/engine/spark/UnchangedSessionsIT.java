package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session may begin in a Spark session that was used before, if nobody can tell. */
class UnchangedSessionsIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  private static SparkSession after(Principal principal, SessionDefaults defaults, String... sql) {
    try (SqlSession session = TARN.engine.openSession(principal, defaults)) {
      for (String each : sql) {
        run(session, each);
      }
      return ((SparkSqlSession) session).spark();
    }
  }

  private static List<String> run(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
  }

  private static SessionDefaults beginning(String zone) {
    return new SessionDefaults(
        Optional.empty(), Optional.empty(), Map.of("spark.sql.session.timeZone", zone));
  }

  @Test
  void whatOnlyReadIsUsedAgainByTheSamePrincipal() {
    SessionDefaults defaults = beginning("Europe/Oslo");
    SparkSession first = after(EngineUnderTest.ADMIN, defaults, "SELECT 1", "SELECT 2");
    assertThat(after(EngineUnderTest.ADMIN, defaults, "SELECT 3")).isSameAs(first);
    assertThat(after(Principal.administrator("other"), defaults)).isNotSameAs(first);
    assertThat(after(EngineUnderTest.ADMIN, beginning("Europe/Rome"))).isNotSameAs(first);
  }

  @Test
  void nobodyElseHasItMeanwhile() {
    SessionDefaults defaults = beginning("Asia/Tokyo");
    SparkSession first = after(EngineUnderTest.ADMIN, defaults, "SELECT 1");
    try (SqlSession open = TARN.engine.openSession(EngineUnderTest.ADMIN, defaults)) {
      assertThat(((SparkSqlSession) open).spark()).isSameAs(first);
      assertThat(after(EngineUnderTest.ADMIN, defaults)).isNotSameAs(first);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET TIME ZONE 'UTC'",
        "CREATE TEMPORARY VIEW seen AS SELECT 1",
        "CREATE TEMPORARY FUNCTION seen() RETURNS INT RETURN 1",
        "DECLARE seen = 1",
        "USE SCHEMA main.information_schema",
        "SELECT * FROM nowhere"
      })
  void whatElseWasDoneIsSeenByNobody(String sql) {
    SessionDefaults defaults = beginning("Africa/Cairo");
    SparkSession changed;
    try (SqlSession session = TARN.engine.openSession(EngineUnderTest.ADMIN, defaults)) {
      changed = ((SparkSqlSession) session).spark();
      try {
        run(session, sql);
      } catch (TarnException e) {
        assertThat(sql).contains("nowhere");
      }
      run(session, "SELECT 1");
    }
    assertThat(after(EngineUnderTest.ADMIN, defaults)).isNotSameAs(changed);
  }

  @Test
  void aChangeOfTheCatalogMakesAnotherOne() {
    SessionDefaults inSchema =
        new SessionDefaults(Optional.empty(), Optional.of("begun_in"), Map.of());
    after(EngineUnderTest.ADMIN, SessionDefaults.NONE, "CREATE SCHEMA main.begun_in");
    after(EngineUnderTest.ADMIN, inSchema, "SELECT 1");
    after(EngineUnderTest.ADMIN, SessionDefaults.NONE, "DROP SCHEMA main.begun_in");
    assertThatThrownBy(() -> after(EngineUnderTest.ADMIN, inSchema, "SELECT 1"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("begun_in");
  }

  @Test
  void closedSessionsRunNothing() {
    SqlSession session = TARN.engine.openSession(EngineUnderTest.ADMIN, beginning("Asia/Dhaka"));
    session.close();
    session.close();
    assertThatThrownBy(() -> run(session, "SELECT 1")).hasMessageContaining("closed");
    SparkSession given = after(EngineUnderTest.ADMIN, beginning("Asia/Dhaka"));
    assertThat(given).isSameAs(((SparkSqlSession) session).spark());
    try (SqlSession one = TARN.engine.openSession(EngineUnderTest.ADMIN, beginning("Asia/Dhaka"));
        SqlSession two = TARN.engine.openSession(EngineUnderTest.ADMIN, beginning("Asia/Dhaka"))) {
      assertThat(((SparkSqlSession) one).spark()).isNotSameAs(((SparkSqlSession) two).spark());
    }
  }
}
