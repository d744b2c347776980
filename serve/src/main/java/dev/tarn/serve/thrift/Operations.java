package dev.tarn.serve.thrift;

import dev.tarn.engine.sql.Progress;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.statements.StatementView;
import dev.tarn.serve.statements.Statements;
import dev.tarn.serve.thrift.OperationStructs.TOperationHandle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations that clients hold handles of. Each is a statement, and goes when that goes. */
final class Operations implements AutoCloseable {
  private static final long LONGEST_SECONDS = TimeUnit.DAYS.toSeconds(365);
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

  private final Statements statements;
  private final Map<String, Operation> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "thrift-housekeeping");
            thread.setDaemon(true);
            return thread;
          });

  Operations(Statements statements) {
    this.statements = statements;
    clockwork.scheduleWithFixedDelay(this::forgetExpired, 60, 60, TimeUnit.SECONDS);
  }

  void add(Operation operation) {
    open.put(operation.id(), operation);
  }

  /** Stops the operation if it still runs by then. */
  void limit(Operation operation, Duration time) {
    // Nothing lives for years here, and a longer time would not fit into milliseconds.
    long seconds = Math.min(time.toSeconds(), LONGEST_SECONDS);
    clockwork.schedule(() -> timeOut(operation), seconds, TimeUnit.SECONDS);
  }

  private void timeOut(Operation operation) {
    try {
      if (open.containsKey(operation.id()) && !view(operation).state().terminal()) {
        operation.timeOut();
        statements.cancel(operation.principal(), operation.id());
      }
    } catch (RuntimeException e) {
      LOG.warn("Operation {} could not be stopped at its time limit", operation.id(), e);
    }
  }

  /**
   * @throws TarnException if it is gone or belongs to somebody else
   */
  Operation get(Call call, TOperationHandle handle) {
    String id = Handles.id(handle);
    Operation operation = open.get(id);
    if (operation == null || !operation.principal().name().equals(call.principal().name())) {
      throw Statuses.operationGone(id);
    }
    return operation;
  }

  StatementView view(Operation operation) {
    return await(operation, Duration.ZERO);
  }

  /** Waits for the operation to end, at most so long. */
  StatementView await(Operation operation, Duration wait) {
    try {
      return statements.await(operation.principal(), operation.id(), wait);
    } catch (TarnException e) {
      if (e.code() == ErrorCode.RESOURCE_DOES_NOT_EXIST) {
        open.remove(operation.id());
        throw Statuses.operationGone(operation.id());
      }
      throw e;
    }
  }

  Optional<Progress> progress(Operation operation) {
    return statements.progress(operation.id());
  }

  void cancel(Operation operation) {
    statements.cancel(operation.principal(), operation.id());
  }

  void close(Operation operation) {
    open.remove(operation.id());
    try {
      statements.close(operation.principal(), operation.id());
    } catch (TarnException e) {
      if (e.code() != ErrorCode.RESOURCE_DOES_NOT_EXIST) {
        throw e;
      }
    }
  }

  void closeAllOf(String sessionId) {
    open.values().stream()
        .filter(operation -> operation.sessionId().equals(sessionId))
        .toList()
        .forEach(this::close);
  }

  private void forgetExpired() {
    open.keySet().removeIf(id -> !statements.remembers(id));
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }
}
