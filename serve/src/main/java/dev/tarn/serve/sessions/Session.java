package dev.tarn.serve.sessions;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
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
  private static final int MOST_WAITING = 1000;

  private final String id;
  private final Principal owner;
  private final String warehouseId;
  private final SqlSession sql;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;
  private boolean closed;
  private Instant lastUsed;

  Session(String id, Principal owner, String warehouseId, SqlSession sql, Instant now) {
    this.id = id;
    this.owner = owner;
    this.warehouseId = warehouseId;
    this.sql = sql;
    this.lastUsed = now;
  }

  public String id() {
    return id;
  }

  /** The warehouse that it was opened on, where its statements run. */
  public String warehouseId() {
    return warehouseId;
  }

  public SqlSession sql() {
    return sql;
  }

  Principal owner() {
    return owner;
  }

  /**
   * Runs a task on the executor once all tasks before it are done.
   *
   * @throws TarnException RESOURCE_EXHAUSTED if too many wait already; RESOURCE_DOES_NOT_EXIST if
   *     the session has been closed
   */
  public synchronized void run(Executor executor, Runnable task) {
    if (closed) {
      throw gone(id);
    }
    Runnable whole =
        () -> {
          try {
            task.run();
          } finally {
            startNext(executor);
          }
        };
    if (busy && waiting.size() >= MOST_WAITING) {
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "In this session " + MOST_WAITING + " statements wait already. Try again later.");
    }
    if (busy) {
      waiting.add(whole);
    } else {
      executor.execute(whole);
      busy = true;
    }
  }

  static TarnException gone(String id) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        Sessions.GONE,
        "Session '"
            + id
            + "' is gone: it was closed, expired, or the server restarted, or the rights of its user"
            + " have changed. Connect again.",
        null);
  }

  private void startNext(Executor executor) {
    Runnable next = takeNext();
    if (next != null) {
      try {
        executor.execute(next);
      } catch (RejectedExecutionException | TarnException e) {
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
