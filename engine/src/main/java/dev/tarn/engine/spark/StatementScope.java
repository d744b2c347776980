package dev.tarn.engine.spark;

/**
 * What the current thread does in Spark, as a statement of its own until it is closed: within a
 * share of the engine, stopped if it exhausts the server's memory. For those who serve Spark's own
 * protocols; whoever opens it closes it, on the same thread.
 */
public final class StatementScope implements AutoCloseable {
  private final StatementJobs statement;
  private final HeapGuard guard;
  private boolean open = true;

  StatementScope(StatementJobs statement, HeapGuard guard) {
    this.statement = statement;
    this.guard = guard;
    Thread thread = Thread.currentThread();
    statement.stopWith(
        () -> {
          synchronized (this) {
            if (open) {
              thread.interrupt();
            }
          }
        });
    statement.enter();
    guard.add(statement);
  }

  /** Stops the work, from any thread. */
  public void stop() {
    statement.stop();
  }

  /**
   * Why the work was stopped if it was, else what it failed with itself, without values of rows
   * that its principal may not see.
   */
  public Throwable failure(Throwable cause) {
    return statement.stopped() || cause instanceof OutOfMemoryError || statement.hidesValues()
        ? statement.failure(cause)
        : cause;
  }

  @Override
  public void close() {
    guard.remove(statement);
    statement.leave();
    synchronized (this) {
      open = false;
      if (statement.stopped()) {
        Thread.interrupted();
      }
    }
  }
}
