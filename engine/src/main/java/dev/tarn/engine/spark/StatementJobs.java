package dev.tarn.engine.spark;

import dev.tarn.engine.duckdb.NativeExecutor;
import dev.tarn.engine.session.HiddenRows;
import dev.tarn.engine.session.SparkErrors;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.engine.sql.Progress;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/** One statement as Spark's scheduler knows it: its jobs, its threads, and how to stop them. */
final class StatementJobs implements NativeExecutor.Stoppable {
  private static final String STOPPED = "stopped";

  private final String id;
  private final SparkContext context;
  private final ComputeShare share;
  private final Set<Thread> threads = new HashSet<>();
  private final List<Runnable> stops = new ArrayList<>();
  private Supplier<Optional<Progress>> natively = Optional::empty;
  private boolean stopped;
  private boolean exhausted;
  private boolean hidesValues;

  StatementJobs(String id, SparkContext context, ComputeShare share) {
    this.id = id;
    this.context = context;
    this.share = share;
  }

  @Override
  public String id() {
    return id;
  }

  /** From now on this thread's jobs are the statement's. */
  void enter() {
    synchronized (this) {
      threads.add(Thread.currentThread());
    }
    context.setJobGroup(id, "statement " + id, true);
    take(context, share);
    HiddenRows.forget(context);
  }

  /** From now on this thread's jobs, and those of threads that it makes, count to the share. */
  static void take(SparkContext context, ComputeShare share) {
    context.setLocalProperty("spark.scheduler.pool", share.pool());
    context.setLocalProperty(
        SharedTaskScheduler.TASKS_PER_STAGE, Integer.toString(share.tasksPerStage()));
    context.setLocalProperty(SharedTaskScheduler.TASKS_OF_POOL, Integer.toString(share.tasks()));
  }

  static void giveBack(SparkContext context) {
    context.setLocalProperty("spark.scheduler.pool", null);
    context.setLocalProperty(SharedTaskScheduler.TASKS_PER_STAGE, null);
    context.setLocalProperty(SharedTaskScheduler.TASKS_OF_POOL, null);
  }

  void leave() {
    context.clearJobGroup();
    giveBack(context);
    synchronized (this) {
      hidesValues |= HiddenRows.noted(context);
      HiddenRows.forget(context);
      threads.remove(Thread.currentThread());
    }
  }

  /** Adds what else {@link #stop} has to do; done at once if it was called already. */
  @Override
  public void stopWith(Runnable stop) {
    synchronized (this) {
      stops.add(stop);
      if (!stopped) {
        return;
      }
    }
    stop.run();
  }

  /**
   * Cancels the jobs, also those that it would start later, and interrupts whoever waits; again if
   * called again.
   */
  void stop() {
    List<Runnable> now;
    synchronized (this) {
      stopped = true;
      now = List.copyOf(stops);
    }
    context.cancelJobGroupAndFutureJobs(id);
    now.forEach(Runnable::run);
  }

  /** Stops it because the server's memory runs out. */
  void exhaust() {
    synchronized (this) {
      exhausted = !stopped;
    }
    interruptTasks();
    stop();
  }

  /** Tells its tasks to stop without any help of Spark's scheduler. */
  void interruptTasks() {
    TaskWatch.interrupt(id, STOPPED);
  }

  @Override
  public synchronized boolean stopped() {
    return stopped;
  }

  @Override
  public synchronized void progressFrom(Supplier<Optional<Progress>> progress) {
    natively = progress;
  }

  Optional<Progress> progress() {
    Supplier<Optional<Progress>> asked;
    synchronized (this) {
      asked = natively;
    }
    Optional<Progress> told = asked.get();
    return told.isPresent() ? told : JobProgress.of(context, id);
  }

  /** The ids of the threads that work for it now and are not tasks. */
  synchronized long[] threads() {
    return threads.stream().mapToLong(Thread::getId).toArray();
  }

  synchronized boolean hasThreads() {
    return !threads.isEmpty();
  }

  /** Whether what it says of a failure may name no value of a row. */
  synchronized boolean hidesValues() {
    return hidesValues || HiddenRows.noted(context);
  }

  /** What to tell the user: why it was stopped, or what Spark says. */
  synchronized TarnException failure(Throwable cause) {
    boolean cancelled = cause instanceof TarnException t && t.code() == ErrorCode.CANCELLED;
    if (cause instanceof TarnException tarn && !(exhausted && cancelled)) {
      return tarn;
    }
    if (exhausted) {
      return new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "53200",
          "The statement was stopped because the server's memory ran out and it used the most of it."
              + " Read or collect less at once, or give the server more heap with"
              + " TARN_JAVA_OPTS=-Xmx….",
          cause);
    }
    return stopped ? SparkErrors.cancelled(cause) : SparkErrors.toTarn(cause, hidesValues());
  }
}
