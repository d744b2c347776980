package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.Profile;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told of statements that ran. */
class ProfileIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  @BeforeAll
  static void tables() {
    TARN.sql("CREATE SCHEMA IF NOT EXISTS main.profiled");
    TARN.sql(
        "CREATE OR REPLACE TABLE main.profiled.parts (id BIGINT, part INT) PARTITIONED BY (part)");
    for (int part = 0; part < 3; part++) {
      TARN.sql(
          "INSERT INTO main.profiled.parts SELECT id, " + part + " FROM range(1, 200001, 1, 1)");
    }
  }

  private static Profile profile(String sql) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN)) {
      session
          .execute(UUID.randomUUID().toString(), "SET use_cached_result = false", List.of())
          .close();
      ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of());
      EngineUnderTest.rows(rows);
      return rows.profile();
    }
  }

  @Test
  void tellsOfFilesAndOperators() {
    Profile profile =
        profile(
            "SELECT a.id % 1000 k, count(DISTINCT b.id) FROM main.profiled.parts a JOIN"
                + " main.profiled.parts b ON a.id = b.id WHERE a.part = 1 AND b.part > 0 GROUP BY 1");

    assertThat(profile.refusal()).isEmpty();
    assertThat(profile.files().read()).isEqualTo(3);
    assertThat(profile.files().pruned()).isEqualTo(3);
    assertThat(profile.files().bytes()).isPositive();
    assertThat(profile.files().prunedBytes()).isPositive();
    assertThat(profile.rowsRead()).isEqualTo(600_000);
    assertThat(profile.taskMillis()).isPositive();
    assertThat(profile.operators()).extracting(Profile.Operator::name).contains("HASH_JOIN");
    assertThat(profile.operators().get(0).depth()).isZero();
    assertThat(profile.operators().get(0).rows()).isEqualTo(1_000);
    assertThat(profile.operators().stream().mapToLong(Profile.Operator::micros).sum()).isPositive();
    assertThat(profile.operators())
        .filteredOn(operator -> operator.name().equals("TABLE_SCAN"))
        .extracting(Profile.Operator::rows)
        .containsExactlyInAnyOrder(200_000L, 200_000L, 200_000L);
  }

  @Test
  void tellsWhySparkRan() {
    Profile profile = profile("SELECT count(*) FROM main.profiled.parts WHERE rand() >= 0");

    assertThat(profile.refusal()).contains("rand");
    assertThat(profile.files()).isNull();
    assertThat(profile.operators()).isEmpty();
  }
}
