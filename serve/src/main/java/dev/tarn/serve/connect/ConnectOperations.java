package dev.tarn.serve.connect;

import dev.tarn.engine.dialect.DatabricksSettings;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.engine.spark.StatementScope;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.statements.Statements;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.warehouses.Turn;
import dev.tarn.serve.warehouses.Warehouse;
import dev.tarn.serve.warehouses.Warehouses;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.ExecuteHolder;
import org.apache.spark.sql.connect.service.ExecuteJobTag;
import org.apache.spark.sql.connect.service.ExecuteKey;
import org.apache.spark.sql.connect.service.SparkConnectService$;

/**
 * Spark Connect's operations at their warehouses: each waits for its turn there, and works within
 * its share. They wait on threads of their own, which Spark makes for them, so that their clients
 * can interrupt them.
 */
final class ConnectOperations implements AutoCloseable {
  /** Static because Spark makes the command that runs them from the name of its class. */
  private static final Map<String, Operation> ADMITTED = new ConcurrentHashMap<>();

  private static final int FEW = 256;
  private static final long BEGUN_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final SparkEngine engine;
  private final Warehouses warehouses;
  private final StatementsConfig config;
  private final ScheduledThreadPoolExecutor clockwork =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "connect-timeouts");
            thread.setDaemon(true);
            return thread;
          });

  ConnectOperations(SparkEngine engine, Warehouses warehouses, StatementsConfig config) {
    this.engine = engine;
    this.warehouses = warehouses;
    this.config = config;
    clockwork.setRemoveOnCancelPolicy(true);
    warehouses.whenStopped(ConnectOperations::interrupt);
  }

  /** What an operation does in its turn. */
  @FunctionalInterface
  interface Work {
    /**
     * @param produced to call once nothing is left to do but to send rows
     */
    void run(Runnable produced) throws Exception;
  }

  /** One that may run. */
  final class Operation {
    private final ExecuteKey key;
    private final Warehouse warehouse;
    private final long admittedNanos = System.nanoTime();
    private volatile long queuedMillis;

    Operation(ExecuteKey key, Warehouse warehouse) {
      this.key = key;
      this.warehouse = warehouse;
    }

    String warehouseId() {
      return warehouse.id();
    }

    /** How long it has waited for its turn. */
    long queuedMillis() {
      return queuedMillis;
    }

    /** Waits for its turn and runs on this thread. */
    void run(String jobTag, SparkSession session, Work work) throws Exception {
      CountDownLatch begun = new CountDownLatch(1);
      long asked = System.nanoTime();
      Turn turn =
          warehouses.enter(
              warehouse, mine -> begun.countDown(), config.maxRunning(), config.maxQueued());
      try {
        begun.await();
        queuedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
        within(jobTag, DatabricksSettings.statementTimeout(session), () -> work.run(turn::end));
      } finally {
        turn.end();
      }
    }

    private void within(String jobTag, Optional<Duration> limit, Step step) throws Exception {
      StatementScope scope = engine.scope(jobTag, warehouse.share());
      AtomicBoolean late = new AtomicBoolean();
      Optional<Future<?>> alarm =
          limit.map(
              time ->
                  clockwork.schedule(
                      () -> {
                        late.set(true);
                        scope.stop();
                      },
                      time.toMillis(),
                      TimeUnit.MILLISECONDS));
      try {
        step.run();
      } catch (Throwable e) {
        throw late.get()
            ? Statements.timedOut(limit.get())
            : ConnectOperations.<RuntimeException>as(scope.failure(e));
      } finally {
        alarm.ifPresent(each -> each.cancel(false));
        scope.close();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  /**
   * The warehouse on which the principal runs something.
   *
   * @param name empty for its default
   * @throws dev.tarn.kernel.error.TarnException if there is none of this name, or it may not use it
   */
  Warehouse warehouse(Principal principal, Optional<String> name) {
    return warehouses.require(principal, name.orElse("default"));
  }

  /** Lets an operation run, once Spark has made its thread. */
  void admit(ExecutePlanRequest request, Warehouse warehouse) {
    if (ADMITTED.size() >= FEW) {
      long limit = System.nanoTime() - BEGUN_WITHIN_NANOS;
      ADMITTED.values().removeIf(one -> one.admittedNanos < limit && holder(one.key).isEmpty());
    }
    ExecuteKey key =
        new ExecuteKey(
            request.getUserContext().getUserId(), request.getSessionId(), request.getOperationId());
    ADMITTED.putIfAbsent(tag(key), new Operation(key, warehouse));
  }

  /** One that was admitted and has not been closed for long. */
  static Optional<Operation> find(String jobTag) {
    return Optional.ofNullable(ADMITTED.get(jobTag));
  }

  static void forget(String jobTag) {
    ADMITTED.remove(jobTag);
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }

  private static void interrupt(String warehouseId) {
    ADMITTED.values().stream()
        .filter(one -> one.warehouse.id().equals(warehouseId))
        .forEach(one -> holder(one.key).ifPresent(ExecuteHolder::interrupt));
  }

  private static Optional<ExecuteHolder> holder(ExecuteKey key) {
    return scala.jdk.javaapi.OptionConverters.toJava(
        SparkConnectService$.MODULE$.executionManager().getExecuteHolder(key));
  }

  private static String tag(ExecuteKey key) {
    return ExecuteJobTag.apply(key.userId(), key.sessionId(), key.operationId());
  }

  /** Spark tells its client of any failure what it is. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable failure) throws E {
    throw (E) failure;
  }
}
