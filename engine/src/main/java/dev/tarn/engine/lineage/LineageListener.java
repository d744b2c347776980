package dev.tarn.engine.lineage;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.lineage.LineageLog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.catalyst.plans.logical.CommandResult;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;

/**
 * Notes the lineage of what Spark has run, whatever brought it: every statement of every session
 * ends with an event that has its plan. What a statement runs within itself is not noted again, nor
 * what a pipeline runs, which notes its own flows.
 */
public final class LineageListener extends SparkListener {
  private static final String QUEUE = "lineage";

  /** Comes after all that whoever waits for it has run. */
  private static final class Marker implements SparkListenerEvent {
    private final CountDownLatch come = new CountDownLatch(1);

    @Override
    public boolean logEvent() {
      return false;
    }
  }

  /** Statements by the numbers that Spark gives them; empty where the client has no name for it. */
  private final Map<Long, Optional<String>> outermost = new ConcurrentHashMap<>();

  /** Listens from now on, and keeps no other listener waiting. */
  public static void listen(SparkContext spark) {
    spark.listenerBus().addToQueue(new LineageListener(), QUEUE);
  }

  /**
   * Waits until what the current thread has run is recorded, for {@link LineageLog#PATIENCE} at
   * most. To be called before a statement is answered; where events pile up, it is answered
   * without.
   */
  public static void settle(SparkContext spark, LineageLog log) {
    if (spark.isStopped()) {
      return;
    }
    long deadline = System.nanoTime() + LineageLog.PATIENCE.toNanos();
    Marker marker = new Marker();
    spark.listenerBus().post(marker);
    try {
      if (marker.come.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        log.settle(Duration.ofNanos(deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof Marker marker) {
      marker.come.countDown();
    } else if (event instanceof SparkListenerSQLExecutionStart start
        && (start.rootExecutionId().isEmpty()
            || start.rootExecutionId().get().equals(start.executionId()))) {
      outermost.put(
          start.executionId(), Optional.ofNullable(start.jobGroupId().getOrElse(() -> null)));
    } else if (event instanceof SparkListenerSQLExecutionEnd end) {
      Optional<String> statement = outermost.remove(end.executionId());
      if (statement != null && end.executionFailure().isEmpty() && end.qe() != null) {
        note(end.qe(), statement);
      }
    }
  }

  private static void note(QueryExecution execution, Optional<String> statement) {
    Optional<SessionContext> context = SessionRegistry.findEvenClosed(execution.sparkSession());
    boolean answered = execution.commandExecuted() instanceof CommandResult;
    if (context.isEmpty() || context.get().pipeline() || answered) {
      // The command itself has run, and was noted, before its answer is read.
      return;
    }
    LogicalPlan plan = execution.analyzed();
    context
        .get()
        .lineage()
        .note(
            () -> PlanLineage.of(plan),
            context.get().principal().name(),
            statement.orElse(null),
            null);
  }
}
