package dev.tarn.serve.statements;

import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.Query;
import dev.tarn.serve.history.QueryClient;
import dev.tarn.serve.results.SpooledResult;
import dev.tarn.serve.warehouses.Waiting;
import dev.tarn.serve.warehouses.Warehouse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One statement's life. Its state moves PENDING → RUNNING → SUCCEEDED, FAILED or CANCELED, and from
 * SUCCEEDED to CLOSED; a state is shown only once it is true.
 */
final class Execution {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  /**
   * Where it comes from and who wants to know of it.
   *
   * @param changed called when it begins to run and when it has ended
   */
  record Origin(
      Warehouse warehouse, QueryClient client, String executor, Consumer<Execution> changed) {}

  /** Runs the statement and keeps its result. */
  @FunctionalInterface
  interface Work {
    SpooledResult run(Execution execution);
  }

  private final String id;
  private final Principal principal;
  private ExecuteStatement request;
  private final Origin origin;
  private final Clock clock;
  private final CountDownLatch ended = new CountDownLatch(1);

  private final Phases phases;
  private StatementState state = StatementState.PENDING;
  private SpooledResult result;
  private SpooledResult kept;
  private TarnException failure;
  private TarnException timedOut;
  private boolean stopping;
  private boolean closing;
  private SqlSession running;
  private Waiting waiting = () -> false;
  private Instant endedAt;
  private Instant stoppingAt;
  private Instant askedForAt;

  Execution(String id, Principal principal, ExecuteStatement request, Origin origin, Clock clock) {
    this.id = id;
    this.origin = origin;
    this.phases = new Phases(clock);
    this.principal = principal;
    this.request = request;
    this.clock = clock;
    this.askedForAt = clock.instant();
  }

  String id() {
    return id;
  }

  Principal principal() {
    return principal;
  }

  synchronized ExecuteStatement request() {
    return request;
  }

  /** Its client still wants it. */
  synchronized void askedFor() {
    askedForAt = clock.instant();
  }

  /** Whether it goes on though nobody has asked for it since then. */
  synchronized boolean forgottenSince(Instant moment) {
    return !state.terminal() && askedForAt.isBefore(moment);
  }

  void run(Work work, Runnable deleteResult) {
    synchronized (this) {
      if (state != StatementState.PENDING) {
        return;
      }
      state = StatementState.RUNNING;
      phases.running();
    }
    origin.changed().accept(this);
    try {
      SpooledResult spooled = work.run(this);
      synchronized (this) {
        if (!state.terminal()) {
          result = spooled;
          kept = spooled;
          end(closing ? StatementState.CLOSED : StatementState.SUCCEEDED);
        }
      }
    } catch (TarnException e) {
      fail(e);
    } catch (Throwable e) {
      LOG.error("Statement {} failed unexpectedly", id, e);
      fail(
          new TarnException(
              ErrorCode.INTERNAL_ERROR,
              "XX000",
              "The statement failed inside the server ("
                  + e.getClass().getSimpleName()
                  + "). The server's log says more under statement "
                  + id
                  + ".",
              e));
      if (e instanceof VirtualMachineError fatal && !(e instanceof OutOfMemoryError)) {
        throw fatal;
      }
    } finally {
      synchronized (this) {
        running = null;
        if (closing || result == null) {
          deleteResult.run();
        }
      }
      origin.changed().accept(this);
      ended.countDown();
    }
  }

  private synchronized void fail(TarnException e) {
    if (state.terminal()) {
      return;
    }
    if (stopping && e.code() == ErrorCode.CANCELLED) {
      endStopped();
    } else {
      failure = e;
      end(StatementState.FAILED);
    }
  }

  private void endStopped() {
    failure = timedOut;
    end(timedOut == null ? StatementState.CANCELED : StatementState.FAILED);
  }

  private void end(StatementState last) {
    state = last;
    endedAt = clock.instant();
    // It is remembered for hours; a text of megabytes must not be.
    request = request.brief();
  }

  /** Notes where it waits for its turn, so that a cancelled statement takes nobody's place. */
  synchronized void waitsFor(Waiting turn) {
    waiting = turn;
  }

  /** Notes the session it runs in, so that cancelling reaches it. */
  synchronized void runsIn(SqlSession session) {
    running = session;
  }

  /** How far it is, if it runs and anybody can tell. */
  Optional<Progress> progress() {
    SqlSession session;
    synchronized (this) {
      session = state == StatementState.RUNNING ? running : null;
    }
    return Optional.ofNullable(session).flatMap(each -> each.progress(id));
  }

  synchronized boolean stopping() {
    return stopping;
  }

  /** Says that it is about to be stopped because it has run for too long. */
  synchronized void timeOut(Duration limit) {
    if (state == StatementState.RUNNING && !stopping) {
      timedOut = timedOut(limit);
    }
  }

  /** Why a statement ended that ran for too long. */
  static TarnException timedOut(Duration limit) {
    return new TarnException(
        ErrorCode.DEADLINE_EXCEEDED,
        "57014",
        "The statement was cancelled because it ran for longer than STATEMENT_TIMEOUT, which is "
            + limit.toSeconds()
            + " s. Set it higher with SET STATEMENT_TIMEOUT = <seconds>.",
        null);
  }

  /**
   * Asks the statement to stop. One that has not begun is cancelled at once.
   *
   * @return whether it is still running and may have to be asked again: the engine forgets a
   *     request that comes before the statement does
   */
  boolean cancel() {
    SqlSession session;
    if (cancelPending()) {
      place().withdraw();
      origin.changed().accept(this);
      ended.countDown();
      return false;
    }
    synchronized (this) {
      // One that was abandoned has ended for its client, and is asked until its work ends too.
      if (state != StatementState.RUNNING && (running == null || !stopping)) {
        return false;
      }
      stopping = true;
      stoppingAt = stoppingAt == null ? clock.instant() : stoppingAt;
      session = running;
    }
    if (session != null) {
      session.cancel(id);
    }
    return true;
  }

  private synchronized Waiting place() {
    return waiting;
  }

  private synchronized boolean cancelPending() {
    if (state != StatementState.PENDING) {
      return false;
    }
    stopping = true;
    end(StatementState.CANCELED);
    return true;
  }

  /**
   * Ends a statement whose work does not heed being told to stop: its client need not wait for it.
   * The thread keeps its place in the warehouse until it ends.
   *
   * @param patience how long it has had to stop by itself
   */
  void abandon(Duration patience) {
    synchronized (this) {
      if (state != StatementState.RUNNING
          || stoppingAt == null
          || clock.instant().isBefore(stoppingAt.plus(patience))) {
        return;
      }
      endStopped();
    }
    origin.changed().accept(this);
    ended.countDown();
  }

  /** Gives the result up: now, or when the statement ends. Returns whether to delete it now. */
  synchronized boolean close() {
    closing = true;
    if (state == StatementState.SUCCEEDED) {
      state = StatementState.CLOSED;
      result = null;
    }
    return state.terminal();
  }

  /** Whether nobody has given its result up. */
  synchronized boolean keepsResult() {
    return !closing;
  }

  boolean await(Duration wait) throws InterruptedException {
    return ended.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized boolean endedBefore(Instant moment) {
    return endedAt != null && endedAt.isBefore(moment);
  }

  synchronized Instant endedAt() {
    return endedAt;
  }

  synchronized StatementView view() {
    return new StatementView(id, state, failure, state == StatementState.SUCCEEDED ? result : null);
  }

  String warehouseId() {
    return origin.warehouse().id();
  }

  Phases phases() {
    return phases;
  }

  /** As the history keeps it. */
  synchronized Query query() {
    String error = failure == null ? null : failure.getMessage();
    return phases.query(
        new Phases.Facts(
            id,
            principal.name(),
            warehouseId(),
            request.sessionId(),
            request.statement(),
            origin.client(),
            origin.executor(),
            error,
            failure == null ? null : failure.sqlState().orElse(null),
            request.queryTags()),
        state,
        endedAt,
        kept);
  }
}
