package dev.tarn.serve.warehouses;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** A warehouse at work: so many statements at once, the others one after another as they came. */
final class WarehouseQueue {
  private final Clock clock;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;
  private int sessions;
  private boolean stopping;
  private Instant lastUsed;

  WarehouseQueue(Clock clock) {
    this.clock = clock;
    this.lastUsed = clock.instant();
  }

  /**
   * @throws RejectedExecutionException if too many wait already
   */
  synchronized void run(Executor threads, Runnable task, int atOnce, int mostWaiting) {
    lastUsed = clock.instant();
    Runnable whole =
        () -> {
          try {
            task.run();
          } finally {
            next(threads, atOnce);
          }
        };
    if (running < atOnce) {
      threads.execute(whole);
      running++;
    } else if (waiting.size() < mostWaiting) {
      waiting.add(whole);
    } else {
      throw new RejectedExecutionException();
    }
  }

  private synchronized void next(Executor threads, int atOnce) {
    running--;
    lastUsed = clock.instant();
    while (running < atOnce && !waiting.isEmpty()) {
      try {
        threads.execute(waiting.peek());
        waiting.remove();
        running++;
      } catch (RejectedExecutionException e) {
        // The server is closing, and nobody waits for an answer.
        waiting.clear();
      }
    }
  }

  synchronized void touch() {
    lastUsed = clock.instant();
  }

  synchronized void sessionOpened() {
    sessions++;
    lastUsed = clock.instant();
  }

  synchronized void sessionClosed() {
    sessions--;
  }

  synchronized int sessions() {
    return sessions;
  }

  synchronized boolean busy() {
    return running > 0 || !waiting.isEmpty();
  }

  synchronized boolean idleSince(Instant moment) {
    return !busy() && lastUsed.isBefore(moment);
  }

  synchronized void stopping(boolean now) {
    stopping = now;
  }

  /** Whether it was told to stop and still has something to end. */
  synchronized boolean stopping() {
    return stopping && busy();
  }
}
