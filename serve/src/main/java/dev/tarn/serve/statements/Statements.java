package dev.tarn.serve.statements;

import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.CallNotes;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.QueryClient;
import dev.tarn.serve.history.QueryHistory;
import dev.tarn.serve.metadata.MetadataCommands;
import dev.tarn.serve.results.ResultLinks;
import dev.tarn.serve.results.Results;
import dev.tarn.serve.sessions.Session;
import dev.tarn.serve.sessions.Sessions;
import dev.tarn.serve.statements.ExecuteStatement.OnWaitTimeout;
import dev.tarn.serve.warehouses.Waiting;
import dev.tarn.serve.warehouses.Warehouse;
import dev.tarn.serve.warehouses.Warehouses;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statement execution: runs SQL for a principal, keeps the result for a while, and hands it out in
 * chunks. A statement is its principal's alone; to everybody else it does not exist.
 *
 * @see <a
 *     href="https://docs.databricks.com/api/workspace/statementexecution">Databricks&nbsp;Statement
 *     Execution API</a>
 */
public final class Statements implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Statements.class);
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);
  private static final long CANCEL_AGAIN_MILLIS = 100;
  private static final Duration REMEMBERED = Duration.ofHours(12);
  private static final Duration STOP_PATIENCE = Duration.ofMillis(1_200);

  private static final int MOST_REMEMBERED = 10_000;

  private final SqlEngine engine;
  private final Warehouses warehouses;
  private final Sessions sessions;
  private final StatementWork work;
  private final Results results;
  private final QueryHistory history;
  private final StatementAnswers answers;
  private final StatementAudit audit;
  private final StatementsConfig config;
  private final Clock clock;
  private final Semaphore waits;
  private final Map<String, Execution> executions = new ConcurrentHashMap<>();
  private final ExecutorService threads;
  private final ScheduledThreadPoolExecutor housekeeping;

  public Statements(
      SqlEngine engine,
      Warehouses warehouses,
      Sessions sessions,
      MetadataCommands metadata,
      Results results,
      ResultLinks links,
      QueryHistory history,
      AuditLog audit,
      StatementsConfig config,
      int mostWaits,
      Clock clock) {
    this.engine = engine;
    this.warehouses = warehouses;
    this.sessions = sessions;
    this.work = new StatementWork(engine, metadata, results, this::limit);
    this.results = results;
    this.history = history;
    this.answers = new StatementAnswers(results, links);
    this.audit = new StatementAudit(audit);
    this.config = config;
    this.waits = new Semaphore(mostWaits);
    this.clock = clock;
    // Warehouses bound how many there are.
    this.threads = Executors.newCachedThreadPool(task -> daemon(task, "statement"));
    warehouses.whenStopped(this::warehouseStopped);
    this.housekeeping =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, "statements-housekeeping"));
    this.housekeeping.setRemoveOnCancelPolicy(true);
    long sweep = config.sweep().toSeconds();
    this.housekeeping.scheduleWithFixedDelay(this::expireQuietly, sweep, sweep, TimeUnit.SECONDS);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a statement and waits for it as long as the request says.
   *
   * @param address what links start with
   * @throws TarnException if the request itself is wrong; a statement that fails is an answer with
   *     state FAILED, and so is one for a session that is gone
   */
  public StatementResponse execute(
      Principal principal, ExecuteStatement request, QueryClient client, URI address) {
    StatementChecks checked = StatementChecks.of(request, results.config());
    Execution execution;
    try {
      execution = start(principal, request, client, checked, Optional.empty());
    } catch (TarnException e) {
      if (e.sqlState().filter(Sessions.GONE::equals).isPresent()) {
        // Of a statement drivers pass the SQLSTATE on, of a refused request they do not.
        return StatementAnswers.failed(UUID.randomUUID().toString(), e);
      }
      throw e;
    }
    // A client that does not wait at all means it to go on.
    boolean mayCancel = !checked.patience().isZero();
    if (mayCancel && request.onWaitTimeout() == OnWaitTimeout.CANCEL) {
      awaitOrCancel(execution, checked.patience());
    } else {
      await(execution, checked.patience());
    }
    return answers.response(execution, address);
  }

  /**
   * Starts a statement and does not wait for it; the request's wait means nothing here.
   *
   * @param client for the history
   * @return its id
   * @throws TarnException if the request itself is wrong, or the warehouse takes no more
   */
  public String submit(Principal principal, ExecuteStatement request, QueryClient client) {
    StatementChecks checked = StatementChecks.of(request, results.config());
    return start(principal, request, client, checked, Optional.empty()).id();
  }

  /**
   * Like {@link #submit(Principal, ExecuteStatement, QueryClient)}, for a question that needs no
   * engine.
   *
   * @param request its statement says what is asked, for whoever looks at what runs
   * @param source called once, on the thread that the statement runs on
   */
  public String submit(
      Principal principal,
      ExecuteStatement request,
      QueryClient client,
      Supplier<ResultStream> source) {
    StatementChecks checked = StatementChecks.of(request, results.config());
    return start(principal, request, client, checked, Optional.of(source)).id();
  }

  /** Waits for a statement to end, at most so long, and tells where it is then. */
  public StatementView await(Principal principal, String id, Duration wait) {
    Execution execution = owned(principal, id);
    await(execution, wait);
    return execution.view();
  }

  public StatementView view(Principal principal, String id) {
    return owned(principal, id).view();
  }

  /** How far a statement is that runs; for those who may see it. Does not count as asking. */
  public Optional<Progress> progress(String id) {
    return Optional.ofNullable(executions.get(id)).flatMap(Execution::progress);
  }

  /** Why a statement ended that ran for longer than its session lets it. */
  public static TarnException timedOut(Duration limit) {
    return Execution.timedOut(limit);
  }

  /** Whether the statement can still be asked for; does not count as asking. */
  public boolean remembers(String id) {
    return executions.containsKey(id);
  }

  private Execution start(
      Principal principal,
      ExecuteStatement request,
      QueryClient client,
      StatementChecks checked,
      Optional<Supplier<ResultStream>> source) {
    Optional<Session> session =
        Optional.ofNullable(request.sessionId()).map(id -> sessions.get(principal, id));
    Warehouse warehouse =
        warehouses.require(
            principal, session.map(Session::warehouseId).orElse(request.warehouseId()));
    Execution execution =
        new Execution(
            UUID.randomUUID().toString(),
            principal,
            request.inSession(session.map(Session::tags).orElse(List.of())),
            new Execution.Origin(
                warehouse, client, source.isPresent() ? "catalog" : "spark", this::changed),
            clock);
    executions.put(execution.id(), execution);
    Execution.Work does =
        e ->
            source.isPresent()
                ? work.spool(e, source.get().get(), checked)
                : work.run(e, session, warehouse, checked);
    Runnable task = () -> execution.run(does, () -> results.delete(execution.id()));
    Session.Queue queue = (each, accepted) -> enqueue(warehouse, each, accepted);
    try {
      execution.waitsFor(
          session.isPresent() ? session.get().run(queue, task) : queue.add(task, false));
    } catch (TarnException e) {
      executions.remove(execution.id());
      throw e;
    }
    return execution;
  }

  private void changed(Execution execution) {
    history.record(execution.query());
    if (execution.view().state().terminal()) {
      audit.ended(execution);
    }
  }

  /** Completes what the audit log is to know of a call that brought a statement. */
  public void answering(String id, CallNotes notes) {
    Optional.ofNullable(executions.get(id)).ifPresent(e -> audit.answering(e, notes));
  }

  private Future<?> limit(Execution execution, Duration time) {
    return housekeeping.schedule(
        () -> {
          execution.timeOut(time);
          stop(execution);
        },
        time.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private Waiting enqueue(Warehouse warehouse, Runnable task, boolean accepted) {
    return warehouses.enter(
        warehouse,
        turn ->
            threads.execute(
                () -> {
                  try {
                    task.run();
                  } finally {
                    turn.end();
                  }
                }),
        config.maxRunning(),
        accepted ? Integer.MAX_VALUE : config.maxQueued());
  }

  /** Waits; when too many wait already, it returns at once and the client asks again. */
  private void await(Execution execution, Duration wait) {
    if (!waits.tryAcquire()) {
      return;
    }
    try {
      awaitAlways(execution, wait);
    } finally {
      waits.release();
    }
  }

  /** Like {@link #await}; when too many wait already, the statement is cancelled all the same. */
  private void awaitOrCancel(Execution execution, Duration wait) {
    if (!waits.tryAcquire()) {
      housekeeping.schedule(() -> stop(execution), wait.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    try {
      if (!awaitAlways(execution, wait)) {
        stop(execution);
        awaitAlways(execution, CANCEL_WAIT);
      }
    } finally {
      waits.release();
    }
  }

  private static boolean awaitAlways(Execution execution, Duration wait) {
    try {
      return execution.await(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public StatementResponse get(Principal principal, String id, URI address) {
    return answers.response(owned(principal, id), address);
  }

  /**
   * One chunk of a statement that succeeded.
   *
   * @throws TarnException INVALID_STATE if the statement has no result now; INVALID_PARAMETER_VALUE
   *     if the result has no such chunk
   */
  public ResultData chunk(Principal principal, String id, int index, URI address) {
    return answers.chunk(owned(principal, id), index, address);
  }

  /** Asks a statement to stop; one that has ended stays as it is. Its state tells when it has. */
  public void cancel(Principal principal, String id) {
    stop(owned(principal, id));
  }

  /** Gives up a statement: stops it if it runs, and deletes its result. */
  public void close(Principal principal, String id) {
    close(owned(principal, id));
  }

  private void close(Execution execution) {
    boolean deleteNow = execution.close();
    if (deleteNow) {
      results.delete(execution.id());
    } else {
      stop(execution);
    }
  }

  private void stop(Execution execution) {
    boolean again;
    try {
      again = execution.cancel();
    } catch (RuntimeException e) {
      LOG.warn("Statement {} could not be asked to stop; asking again", execution.id(), e);
      again = true;
    }
    execution.abandon(STOP_PATIENCE);
    if (again && !housekeeping.isShutdown()) {
      housekeeping.schedule(() -> stop(execution), CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void warehouseStopped(String warehouseId) {
    executions.values().stream()
        .filter(e -> e.warehouseId().equals(warehouseId) && !e.view().state().terminal())
        .forEach(this::stop);
    sessions.closeAll(warehouseId);
    engine.rest(warehouseId);
    if (warehouses.allStopped()) {
      engine.rest();
    }
  }

  private Execution owned(Principal principal, String id) {
    Execution execution = executions.get(id);
    if (execution == null || !execution.principal().name().equals(principal.name())) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "Statement '"
              + id
              + "' does not exist. It may have expired or belong to somebody else; run it again.");
    }
    execution.askedFor();
    return execution;
  }

  private void expireQuietly() {
    try {
      expire();
      sessions.expire();
      warehouses.stopIdle();
    } catch (RuntimeException e) {
      LOG.warn("Expired statements could not all be removed; trying again later", e);
    }
  }

  /**
   * Closes results that are too old, forgets what ended long ago and the oldest of what is too
   * many, and stops what nobody has asked for in 15 minutes, as the API's clients are told.
   */
  void expire() {
    Instant now = clock.instant();
    executions.values().stream()
        .filter(e -> e.keepsResult() && e.endedBefore(now.minus(config.keep())))
        .forEach(this::close);
    executions.values().stream()
        .filter(e -> e.endedBefore(now.minus(REMEMBERED)))
        .toList()
        .forEach(this::forget);
    executions.values().stream()
        .filter(e -> e.forgottenSince(now.minus(config.unasked())))
        .toList()
        .forEach(this::stop);
    int tooMany = executions.size() - MOST_REMEMBERED;
    if (tooMany > 0) {
      executions.values().stream()
          .filter(e -> e.endedAt() != null)
          .sorted(Comparator.comparing(Execution::endedAt))
          .limit(tooMany)
          .toList()
          .forEach(this::forget);
    }
  }

  private void forget(Execution execution) {
    close(execution);
    executions.remove(execution.id());
  }

  /** Stops what runs, waits a little for it, and deletes all results. */
  @Override
  public void close() {
    executions.values().forEach(this::close);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CANCEL_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("Not every statement stopped in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    housekeeping.shutdownNow();
  }
}
