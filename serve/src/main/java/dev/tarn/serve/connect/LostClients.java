package dev.tarn.serve.connect;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.connect.service.ExecuteHolder;
import org.apache.spark.sql.connect.service.ExecuteKey;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.runtime.BoxedUnit;

/**
 * Ends operations whose clients' connections broke and who have not come back. Spark alone would
 * take minutes to notice: it goes on with an operation to whose answers nobody listens.
 */
final class LostClients implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LostClients.class);

  /** Clients that mean to reattach do so within a second or two. */
  private static final long GRACE_SECONDS = 10;

  /** The call that listens to each operation: the latest. */
  private final Map<ExecuteKey, Object> listening = new ConcurrentHashMap<>();

  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "connect-lost-clients");
            thread.setDaemon(true);
            return thread;
          });

  void listens(ExecuteKey operation, Object call) {
    listening.put(operation, call);
  }

  /** The call was answered to its end. */
  void answered(ExecuteKey operation, Object call) {
    listening.remove(operation, call);
  }

  /** The call was cancelled, or its connection broke. */
  void lost(ExecuteKey operation, Object call) {
    if (listening.remove(operation, call) && !later.isShutdown()) {
      later.execute(() -> leave(operation));
    }
  }

  private void leave(ExecuteKey operation) {
    Option<ExecuteHolder> holder = holder(operation);
    // Spark looks for the client's absence only when it has something to send.
    holder.foreach(
        one -> {
          one.interruptGrpcResponseSenders();
          return BoxedUnit.UNIT;
        });
    boolean returns = holder.isEmpty() || holder.get().reattachable();
    later.schedule(() -> end(operation), returns ? GRACE_SECONDS : 0, TimeUnit.SECONDS);
  }

  private void end(ExecuteKey operation) {
    if (!listening.containsKey(operation)) {
      try {
        SparkConnectService$.MODULE$.executionManager().removeExecuteHolder(operation, true);
      } catch (RuntimeException e) {
        // One that is being interrupted ends by itself.
        LOG.debug("An operation without a client ended by itself", e);
      }
    }
  }

  private static Option<ExecuteHolder> holder(ExecuteKey operation) {
    return SparkConnectService$.MODULE$.executionManager().getExecuteHolder(operation);
  }

  @Override
  public void close() {
    later.shutdownNow();
  }
}
