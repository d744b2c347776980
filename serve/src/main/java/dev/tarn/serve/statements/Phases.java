package dev.tarn.serve.statements;

import dev.tarn.engine.sql.Profile;
import dev.tarn.serve.history.Query;
import dev.tarn.serve.history.QueryClient;
import dev.tarn.serve.history.QueryStatus;
import dev.tarn.serve.history.QueryTag;
import dev.tarn.serve.results.SpooledResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When a statement went from one phase to the next. */
final class Phases {
  private final Clock clock;
  private final Instant submitted;
  private volatile Instant running;
  private volatile Instant firstRows;
  private volatile Duration planning = Duration.ZERO;
  private volatile String executor;
  private volatile Profile profile = Profile.NONE;

  /** What does not change while it runs. */
  record Facts(
      String id,
      String userName,
      String warehouseId,
      String sessionId,
      String text,
      QueryClient client,
      String executor,
      String error,
      String sqlState,
      List<QueryTag> tags) {}

  Phases(Clock clock) {
    this.clock = clock;
    this.submitted = clock.instant();
  }

  void running() {
    running = clock.instant();
  }

  /** Its first rows are there. */
  void firstRows(Duration planned, String ranBy) {
    planning = planned;
    executor = ranBy;
    firstRows = clock.instant();
  }

  /** All its rows were read. */
  void ran(Profile how) {
    profile = how;
  }

  Query query(Facts facts, StatementState state, Instant ended, SpooledResult kept) {
    Instant now = ended == null ? clock.instant() : ended;
    Instant begun = running == null ? now : running;
    Instant rows = firstRows == null ? now : firstRows;
    long planned = planning.toMillis();
    return new Query(
        facts.id(),
        facts.userName(),
        facts.warehouseId(),
        facts.sessionId(),
        facts.text(),
        facts.client(),
        switch (state) {
          case PENDING -> QueryStatus.QUEUED;
          case RUNNING -> QueryStatus.RUNNING;
          case SUCCEEDED, CLOSED -> QueryStatus.FINISHED;
          case FAILED -> QueryStatus.FAILED;
          case CANCELED -> QueryStatus.CANCELED;
        },
        submitted.toEpochMilli(),
        ended == null ? null : ended.toEpochMilli(),
        millis(submitted, begun),
        planned,
        Math.max(0, millis(begun, rows) - planned),
        millis(rows, now),
        kept == null ? 0 : kept.rowCount(),
        kept == null ? 0 : kept.byteCount(),
        executor == null ? facts.executor() : executor,
        facts.error(),
        facts.sqlState(),
        facts.tags(),
        profile);
  }

  private static long millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }
}
