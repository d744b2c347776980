package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultStreamIT {
  private final EngineUnderTest tarn = EngineUnderTest.get();

  @Test
  void streamsFarMoreThanItHolds() {
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, "spark");
        ResultStream rows =
            session.execute(
                "big",
                "SELECT id, id * 2 AS twice, 'some text' AS s FROM range(20000000)",
                List.of())) {
      long count = 0;
      long bytes = 0;
      for (Optional<ResultStream.Batch> b = rows.next(); b.isPresent(); b = rows.next()) {
        count += b.get().rowCount();
        bytes += b.get().message().length;
        assertThat(b.get().message().length).isLessThan(8 << 20);
      }
      assertThat(count).isEqualTo(20_000_000);
      assertThat(bytes).isGreaterThan(500_000_000L);
      assertThat(SparkSqlSession.queue(rows).mostHeld()).isLessThanOrEqualTo(32 << 20);
    }
  }

  @Test
  void wideRowsMakeSmallBatches() {
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, "spark");
        ResultStream rows =
            session.execute(
                "wide",
                "SELECT id, repeat('x', 1000000) AS s FROM range(0, 200, 1, 1)",
                List.of())) {
      for (Optional<ResultStream.Batch> b = rows.next(); b.isPresent(); b = rows.next()) {
        assertThat(b.get().rowCount()).isLessThan(10);
      }
    }
  }

  @Test
  void keepsTheOrderOfTheQuery() {
    List<String> rows = tarn.sql("SELECT id FROM range(0, 300000, 1, 7) ORDER BY hash(id), id");
    List<String> again =
        tarn.sql(
            "SELECT id FROM (SELECT id, hash(id) h FROM range(300000)) DISTRIBUTE BY 1 SORT BY h, id");
    assertThat(rows).hasSize(300_000).isEqualTo(again);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM range(1000000000) a CROSS JOIN range(1000000000) b",
        "SELECT a.id, b.id FROM range(1000000000) a CROSS JOIN range(1000000000) b"
            + " WHERE a.id + b.id < 0",
        "SELECT a.id FROM range(1000000000) a CROSS JOIN range(1000000000) b ORDER BY a.id * b.id",
        "SELECT (SELECT count(*) FROM range(1000000000) a CROSS JOIN range(1000000000) b"
            + " WHERE a.id + b.id < 0) + id FROM range(3)",
        "SELECT /*+ BROADCAST(b) */ count(*) FROM range(10) a JOIN (SELECT x.id FROM"
            + " range(1000000000) x CROSS JOIN range(1000000000) y WHERE x.id + y.id < 0) b"
            + " ON a.id = b.id",
        "SELECT /*+ BROADCAST(b) */ count(*) FROM range(100000000000) a JOIN range(100000) b"
            + " ON a.id + b.id < 0",
        "SELECT max(aggregate(sequence(0, 400000 + id % 2), 0L, (acc, x) -> acc + x % 7))"
            + " FROM range(100000)",
        "CREATE TABLE main.default.endless AS SELECT a.id FROM range(1000000000) a"
            + " CROSS JOIN range(1000000000) b WHERE a.id + b.id < 0",
      })
  void stopsWhatWouldNeverEndWhileOthersGoOn(String sql) throws Exception {
    String id = UUID.randomUUID().toString();
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, "spark")) {
      CompletableFuture<Integer> running =
          CompletableFuture.supplyAsync(
              () -> {
                try (ResultStream rows = session.execute(id, sql, List.of())) {
                  int batches = 0;
                  while (rows.next().isPresent()) {
                    batches++;
                  }
                  return batches;
                }
              });
      await().until(() -> session(session).tasks(id) > 0);

      assertThat(tarn.sql("SELECT count(*) FROM range(0, 1000, 1, 4)")).containsExactly("1000");
      assertThat(running).isNotDone();
      session.cancel(id);

      Throwable failure = catchThrowable(() -> running.get(1, TimeUnit.MINUTES));
      assertThat(failure).isInstanceOf(ExecutionException.class);
      assertThat(failure.getCause())
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(tarn.sql("SELECT count(*) FROM range(0, 1000, 1, 4)")).containsExactly("1000");
    }
  }

  @Test
  void closingStopsTheWork() {
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, "spark")) {
      ResultStream rows =
          session.execute("given-up", "SELECT id FROM range(1000000000000)", List.of());
      assertThat(rows.next()).isPresent();
      rows.close();
      await().atMost(Duration.ofMinutes(1)).until(() -> session(session).tasks("given-up") == 0);
    }
  }

  private static SparkSqlSession session(SqlSession session) {
    return (SparkSqlSession) session;
  }
}
