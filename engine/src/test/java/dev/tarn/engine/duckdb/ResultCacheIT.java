package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that are kept, and what ends their life. */
class ResultCacheIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.kept");
    TARN.sql(
        "CREATE OR REPLACE TABLE main.kept.steady AS SELECT id, id * 2 AS two FROM range(100)");
    TARN.sql("CREATE OR REPLACE TABLE main.kept.many AS SELECT id FROM range(100000)");
  }

  private record Answer(List<String> rows, boolean fromCache) {}

  private static Answer ask(SqlSession session, String sql, Parameter... parameters) {
    ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of(parameters));
    assertThat(rows.executor()).isEqualTo("native");
    return new Answer(EngineUnderTest.rows(rows), rows.profile().fromCache());
  }

  private static SqlSession session() {
    return TARN.session(EngineUnderTest.ADMIN, "native");
  }

  @Test
  void answersTheSameQueryAgainInAnySessionOfItsPrincipal() {
    String sql = "SELECT two, id FROM main.kept.steady WHERE id < 7 ORDER BY id DESC";
    Answer first;
    try (SqlSession session = session()) {
      first = ask(session, sql);
      assertThat(first.fromCache()).isFalse();
      assertThat(ask(session, sql)).isEqualTo(new Answer(first.rows(), true));
    }
    try (SqlSession session = session()) {
      assertThat(ask(session, sql)).isEqualTo(new Answer(first.rows(), true));
      assertThat(ask(session, sql + " LIMIT 3").fromCache()).isFalse();
      String named = "SELECT count(*) FROM main.kept.steady WHERE id < :n";
      Parameter ten = new Parameter(Optional.of("n"), "10", "INT");
      Parameter five = new Parameter(Optional.of("n"), "5", "INT");
      assertThat(ask(session, named, ten)).isEqualTo(new Answer(List.of("10"), false));
      assertThat(ask(session, named, ten)).isEqualTo(new Answer(List.of("10"), true));
      assertThat(ask(session, named, five)).isEqualTo(new Answer(List.of("5"), false));
      session.execute(UUID.randomUUID().toString(), "SET timezone = Asia/Tokyo", List.of()).close();
      assertThat(ask(session, sql).fromCache()).isFalse();
    }
  }

  @Test
  void seesEveryWriteToAnyTableItRead() {
    TARN.sql("CREATE OR REPLACE TABLE main.kept.left (id BIGINT)");
    TARN.sql("CREATE OR REPLACE TABLE main.kept.right (id BIGINT)");
    String sql =
        "SELECT count(*) FROM main.kept.left l WHERE id IN (SELECT id FROM main.kept.right)";
    try (SqlSession session = session()) {
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("0"), false));
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("0"), true));
      TARN.sql("INSERT INTO main.kept.left VALUES (1), (2)");
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("0"), false));
      TARN.sql("INSERT INTO main.kept.right VALUES (2), (1)");
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("2"), false));
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("2"), true));
      TARN.sql("DELETE FROM main.kept.right WHERE id = 2");
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("1"), false));
      TARN.sql("CREATE OR REPLACE TABLE main.kept.right AS SELECT 5L AS id");
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("0"), false));
    }
  }

  @Test
  void neverServesWhomTheGrantsKeepOut() {
    String sql = "SELECT sum(two) FROM main.kept.steady";
    Principal reader = new Principal("reader@example.com", Set.of(), false);
    try (SqlSession admin = session();
        SqlSession session = TARN.session(reader)) {
      ask(admin, sql);
      assertThat(ask(admin, sql).fromCache()).isTrue();
      assertDenied(session, sql);
      TARN.sql("GRANT USE CATALOG ON CATALOG main TO `reader@example.com`");
      TARN.sql("GRANT USE SCHEMA ON SCHEMA main.kept TO `reader@example.com`");
      TARN.sql("GRANT SELECT ON TABLE main.kept.steady TO `reader@example.com`");
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("9900"), false));
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("9900"), true));
      TARN.sql("REVOKE SELECT ON TABLE main.kept.steady FROM `reader@example.com`");
      assertDenied(session, sql);
    }
  }

  @Test
  void outlivesChangesOfOtherThingsAndNoneThatConcernsIt() {
    String sql = "SELECT min(two) + count(*) FROM main.kept.steady";
    Principal reader = new Principal("keeper@example.com", Set.of(), false);
    List<String> privileges =
        List.of(
            "USE CATALOG ON CATALOG main",
            "USE SCHEMA ON SCHEMA main.kept",
            "SELECT ON TABLE main.kept.steady");
    privileges.forEach(each -> TARN.sql("GRANT " + each + " TO `keeper@example.com`"));
    try (SqlSession session = TARN.session(reader)) {
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("100"), false));
      TARN.sql("GRANT SELECT ON TABLE main.kept.many TO `keeper@example.com`");
      TARN.sql("COMMENT ON TABLE main.kept.many IS 'of no concern'");
      assertThat(ask(session, sql)).isEqualTo(new Answer(List.of("100"), true));
      for (String each : privileges) {
        TARN.sql("REVOKE " + each + " FROM `keeper@example.com`");
        assertDenied(session, sql);
        TARN.sql("GRANT " + each + " TO `keeper@example.com`");
        assertThat(ask(session, sql)).as(each).isEqualTo(new Answer(List.of("100"), false));
      }
    }
  }

  @Test
  void seesWhatViewsAndFiltersBecome() {
    TARN.sql("CREATE OR REPLACE TABLE main.kept.shy AS SELECT id FROM range(10)");
    TARN.sql("CREATE OR REPLACE VIEW main.kept.seen AS SELECT id FROM main.kept.shy");
    TARN.sql("CREATE OR REPLACE FUNCTION main.kept.may(n BIGINT) RETURNS BOOLEAN RETURN true");
    String sql = "SELECT count(*) FROM main.kept.seen";
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      assertThat(count(session, sql)).isEqualTo("10");
      TARN.sql("ALTER VIEW main.kept.seen AS SELECT id FROM main.kept.shy WHERE id > 1");
      assertThat(count(session, sql)).isEqualTo("8");
      TARN.sql("ALTER TABLE main.kept.shy SET ROW FILTER main.kept.may ON (id)");
      assertThat(count(session, sql)).isEqualTo("8");
      TARN.sql("CREATE OR REPLACE FUNCTION main.kept.may(n BIGINT) RETURNS BOOLEAN RETURN n > 4");
      assertThat(count(session, sql)).isEqualTo("5");
      TARN.sql("ALTER TABLE main.kept.shy DROP ROW FILTER");
      assertThat(count(session, sql)).isEqualTo("8");
    }
  }

  private static String count(SqlSession session, String sql) {
    return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()))
        .get(0);
  }

  private static void assertDenied(SqlSession session, String sql) {
    assertThatThrownBy(() -> session.execute(UUID.randomUUID().toString(), sql, List.of()))
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT current_timestamp() AS now",
        "SELECT count(*) FROM main.kept.steady WHERE current_date() > DATE'2020-01-01'",
        "SELECT TIMESTAMP'now' > TIMESTAMP'2020-01-01'",
        "SELECT DATE'Today'",
        "SELECT current_user()",
        "SELECT count(*) FROM main.kept.steady WHERE current_user() = 'admin'",
        "SELECT * FROM main.kept.steady WHERE id IN (SELECT unix_seconds(current_timestamp()))",
        "SELECT count(*) FROM main.kept.steady VERSION AS OF 0"
      })
  void keepsNothingThatTimeOrPersonDecidesOrThatReadsNothing(String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      for (int i = 0; i < 2; i++) {
        ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
        EngineUnderTest.rows(rows);
        assertThat(rows.profile().fromCache()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT rand() FROM main.kept.steady",
        "SELECT uuid()",
        "SELECT count(*) FROM main.kept.steady WHERE rand() < 0.5"
      })
  void keepsNothingThatChanceDecides(String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      for (int i = 0; i < 2; i++) {
        ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
        EngineUnderTest.rows(rows);
        assertThat(rows.profile().fromCache()).isFalse();
      }
    }
  }

  @Test
  void doesWithoutOnRequest() {
    String sql = "SELECT max(id) FROM main.kept.steady";
    try (SqlSession session = session()) {
      session
          .execute(UUID.randomUUID().toString(), "SET USE_CACHED_RESULT = false", List.of())
          .close();
      assertThat(ask(session, sql).fromCache()).isFalse();
      assertThat(ask(session, sql).fromCache()).isFalse();
      session
          .execute(UUID.randomUUID().toString(), "SET use_cached_result = true", List.of())
          .close();
      assertThat(ask(session, sql).fromCache()).isFalse();
      assertThat(ask(session, sql).fromCache()).isTrue();
      assertThatThrownBy(
              () ->
                  session.execute(
                      UUID.randomUUID().toString(), "SET use_cached_result = perhaps", List.of()))
          .hasMessageContaining("true or false");
    }
  }

  @Test
  void keepsSmallResultsThatWereReadToTheirEnd() {
    String large = "SELECT id, repeat('x', 100) AS text FROM main.kept.many";
    String half = "SELECT id FROM main.kept.many WHERE id < 40000";
    try (SqlSession session = session()) {
      assertThat(ask(session, large).rows()).hasSize(100_000);
      assertThat(ask(session, large).fromCache()).isFalse();
      try (ResultStream rows = session.execute(UUID.randomUUID().toString(), half, List.of())) {
        rows.next();
      }
      assertThat(ask(session, half).fromCache()).isFalse();
      assertThat(ask(session, half).fromCache()).isTrue();
      TARN.engine.rest();
      assertThat(ask(session, half).fromCache()).isFalse();
    }
  }
}
