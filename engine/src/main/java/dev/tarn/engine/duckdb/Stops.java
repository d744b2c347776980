package dev.tarn.engine.duckdb;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Stops statements. DuckDB forgets an interrupt that comes before it begins, so that it is told
 * again until it has ended; a database in which a statement goes on all the same is given up.
 */
final class Stops implements AutoCloseable {
  private static final long AGAIN_MILLIS = 20;
  private static final long RARELY_MILLIS = 500;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

  private final ScheduledThreadPoolExecutor clockwork =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "native-stops");
            thread.setDaemon(true);
            return thread;
          });

  /** Something that runs. */
  interface Working {
    /** Tells it to stop; may be repeated. Returns whether nobody had told it before. */
    boolean stop();

    /** Whether DuckDB works for it at this moment. */
    boolean working();

    /** Called once, if it does not heed. */
    void giveUp();
  }

  void stop(Working statement) {
    if (statement.stop() && statement.working()) {
      again(statement, System.nanoTime(), false);
    }
  }

  private void again(Working statement, long since, boolean givenUp) {
    clockwork.schedule(
        () -> {
          if (statement.working()) {
            statement.stop();
            boolean late = System.nanoTime() - since > PATIENCE_NANOS;
            if (late && !givenUp) {
              statement.giveUp();
            }
            again(statement, since, late);
          }
        },
        givenUp ? RARELY_MILLIS : AGAIN_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }
}
