package dev.tarn.serve.sessions;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.identity.Principal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A client's session. Its statements run one after another, in the order they came, and wait
 * without holding a thread.
 */
public final class Session {
  private final String id;
  private final Principal owner;
  private final SqlSession sql;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;
  private boolean closed;
  private Instant lastUsed;

  Session(String id, Principal owner, SqlSession sql, Instant now) {
    this.id = id;
    this.owner = owner;
    this.sql = sql;
    this.lastUsed = now;
  }

  public String id() {
    return id;
  }

  public SqlSession sql() {
    return sql;
  }

  Principal owner() {
    return owner;
  }

  /** Runs a task on the executor once all tasks before it are done. */
  public synchronized void run(Executor executor, Runnable task) {
    Runnable whole =
        () -> {
          try {
            task.run();
          } finally {
            startNext(executor);
          }
        };
    if (busy) {
      waiting.add(whole);
    } else {
      executor.execute(whole);
      busy = true;
    }
  }

  private void startNext(Executor executor) {
    Runnable next = takeNext();
    if (next != null) {
      try {
        executor.execute(next);
      } catch (RejectedExecutionException e) {
        // It was accepted earlier and must come to an end, so this thread goes on with it.
        next.run();
      }
    }
  }

  private synchronized Runnable takeNext() {
    Runnable next = waiting.poll();
    if (next == null) {
      busy = false;
      if (closed) {
        sql.close();
      }
    }
    return next;
  }

  synchronized void touch(Instant now) {
    lastUsed = now;
  }

  synchronized boolean idleSince(Instant moment) {
    return !busy && lastUsed.isBefore(moment);
  }

  /** Closes now, or when the last task is done. */
  synchronized void close() {
    closed = true;
    if (!busy) {
      sql.close();
    }
  }
}
