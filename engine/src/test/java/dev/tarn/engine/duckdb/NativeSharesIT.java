package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Native statements beside each other, of one warehouse and of several. */
class NativeSharesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();
  private static final String ENDLESS =
      "SELECT count(*) FROM range(100000000000000) WHERE id % 7 = 8";

  /** In many tasks of Spark's, each of which soon ends. */
  private static final String ENDLESS_IN_TASKS =
      "SELECT count(*) FROM range(0, 1000000000000, 1, 20000) WHERE sqrt(id) = -1";

  /** One expression, which looks whether it is to stop between its rows. */
  private static String stubborn(int pairs) {
    return "SELECT max(levenshtein(repeat('ab', %1$d + CAST(id AS INT)), repeat('ba', %1$d)))"
            .formatted(pairs)
        + " FROM range(2)";
  }

  /** As the other; on any machine each of its two rows takes some eight seconds. */
  private static String stubborn() {
    int pairs = 3_000;
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long begun = System.nanoTime();
      run("stubborn", stubborn(pairs));
      fastest = Math.min(fastest, System.nanoTime() - begun);
    }
    return stubborn((int) (pairs * Math.sqrt(16e9 / fastest)));
  }

  private static SqlSession session(String pool) {
    return TARN.engine.openSession(
        EngineUnderTest.ADMIN,
        new SessionDefaults(Optional.empty(), Optional.empty(), Map.of("tarn.executor", "native")),
        new ComputeShare(pool, Runtime.getRuntime().availableProcessors(), 8));
  }

  /** A statement of its own session. */
  private static final class Running implements AutoCloseable {
    private final String id = UUID.randomUUID().toString();
    private final SqlSession session;
    private final CompletableFuture<List<String>> rows;

    Running(String pool, String sql) {
      session = session(pool);
      rows =
          CompletableFuture.supplyAsync(
              () -> {
                try (ResultStream result = session.execute(id, sql, List.of())) {
                  return EngineUnderTest.rows(result);
                }
              },
              // Common threads would be too few for them all.
              task -> new Thread(task, pool).start());
    }

    void cancel() {
      session.cancel(id);
    }

    @Override
    public void close() {
      cancel();
      rows.handle((done, failure) -> null).join();
      session.close();
    }
  }

  /** How many databases there are once nothing runs in them any longer. */
  private static int databasesAtRest() {
    await().atMost(Duration.ofMinutes(2)).until(() -> TARN.runningNatively() == 0);
    return TARN.engine.natively().databases();
  }

  private static List<String> run(String pool, String sql) {
    try (SqlSession session = session(pool)) {
      return EngineUnderTest.rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  private static void assertCancelled(Running statement) {
    assertThatThrownBy(statement.rows::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }

  @Test
  void shortStatementsEndWhileLongOnesTakeAllThreads() {
    List<Running> endless = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
        endless.add(new Running("fair", ENDLESS));
      }
      await().until(() -> TARN.runningNatively() >= endless.size());
      assertThat(run("fair", "SELECT count(*) FROM range(100000) WHERE id % 3 = 0"))
          .containsExactly("33334");
      assertThat(endless).noneMatch(each -> each.rows.isDone());
    } finally {
      endless.forEach(Running::close);
    }
    assertThat(endless).allSatisfy(NativeSharesIT::assertCancelled);
    TARN.engine.rest("fair");
  }

  @ParameterizedTest
  @CsvSource({"native, rows", "spark, tasks"})
  void tellsHowFarItIs(String executor, String unit) {
    try (SqlSession session = TARN.session(EngineUnderTest.ADMIN, executor)) {
      assertThat(session.progress("nobody")).isEmpty();
      CompletableFuture<Throwable> ended =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowable(
                      () ->
                          EngineUnderTest.rows(
                              session.execute(unit, ENDLESS_IN_TASKS, List.of()))));
      List<Progress> told = new ArrayList<>();
      await()
          .failFast(() -> ended.isDone())
          .until(
              () -> {
                session.progress(unit).filter(p -> p.done() > 0).ifPresent(told::add);
                return told.stream().mapToLong(Progress::done).distinct().count() > 2;
              });
      session.cancel(unit);
      assertThat(ended.join())
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(told)
          .allMatch(p -> p.unit().equals(unit) && p.total() >= p.done() && p.fraction() > 0)
          .isSortedAccordingTo(Comparator.comparingLong(Progress::done));
      assertThat(session.progress(unit)).isEmpty();
    }
  }

  @Test
  void stoppedWarehousesGiveTheirMemoryBack() {
    int before = databasesAtRest();
    try (Running endless = new Running("stopped", ENDLESS)) {
      await().until(() -> TARN.engine.natively().databases() == before + 1);
      TARN.engine.rest("stopped");
      assertThat(run("stopped", "SELECT 1")).containsExactly("1");
      assertThat(TARN.engine.natively().databases()).isEqualTo(before + 2);
      assertThat(endless.rows).isNotDone();
    }
    assertThat(TARN.engine.natively().databases()).isEqualTo(before + 1);
    TARN.engine.rest("stopped");
    assertThat(TARN.engine.natively().databases()).isEqualTo(before);
  }

  @Test
  void whatDoesNotHeedStandsInNobodysWay() {
    int before = databasesAtRest();
    try (Running stubborn = new Running("stubborn", stubborn())) {
      await().until(() -> TARN.runningNatively() > 0);
      await().during(Duration.ofSeconds(1)).until(() -> !stubborn.rows.isDone());
      stubborn.cancel();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(stubborn.rows).isNotDone();
                assertThat(run("stubborn", "SELECT 1")).containsExactly("1");
                assertThat(TARN.engine.natively().databases()).isEqualTo(before + 2);
              });
      assertThatThrownBy(
              () -> stubborn.rows.orTimeout(300, java.util.concurrent.TimeUnit.SECONDS).join())
          .isInstanceOf(CompletionException.class);
      assertCancelled(stubborn);
    }
    assertThat(TARN.engine.natively().databases()).isEqualTo(before + 1);
    TARN.engine.rest("stubborn");
  }
}
