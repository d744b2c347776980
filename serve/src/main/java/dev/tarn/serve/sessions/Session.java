package dev.tarn.serve.sessions;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.history.QueryTag;
import dev.tarn.serve.warehouses.Waiting;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
  private final List<QueryTag> tags;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private boolean busy;
  private boolean closed;
  private Instant lastUsed;

  Session(
      String id,
      Principal owner,
      String warehouseId,
      SqlSession sql,
      List<QueryTag> tags,
      Instant now) {
    this.id = id;
    this.owner = owner;
    this.warehouseId = warehouseId;
    this.sql = sql;
    this.tags = tags;
    this.lastUsed = now;
  }

  public String id() {
    return id;
  }

  /** The warehouse that it was opened on, where its statements run. */
  public String warehouseId() {
    return warehouseId;
  }

  /** Labels that its statements have in the query history. */
  public List<QueryTag> tags() {
    return tags;
  }

  public SqlSession sql() {
    return sql;
  }

  Principal owner() {
    return owner;
  }

  /** Where a task gets its turn. */
  @FunctionalInterface
  public interface Queue {
    /**
     * Runs the task when its turn has come.
     *
     * @param accepted whether it must be taken however many wait
     * @throws TarnException if too many wait already
     */
    Waiting add(Runnable task, boolean accepted);
  }

  private final class Entry implements Waiting {
    private final Queue queue;
    private final Runnable task;
    private Waiting place;

    Entry(Queue queue, Runnable task) {
      this.queue = queue;
      this.task = task;
    }

    void enter(boolean accepted) {
      place =
          queue.add(
              () -> {
                try {
                  task.run();
                } finally {
                  startNext();
                }
              },
              accepted);
    }

    @Override
    public boolean withdraw() {
      synchronized (Session.this) {
        boolean waited = waiting.remove(this);
        if (!waited && place != null && place.withdraw()) {
          startNext();
          return true;
        }
        return waited;
      }
    }
  }

  /**
   * Runs a task once all tasks before it are done.
   *
   * @throws TarnException RESOURCE_EXHAUSTED if too many wait already; RESOURCE_DOES_NOT_EXIST if
   *     the session has been closed
   */
  public synchronized Waiting run(Queue queue, Runnable task) {
    if (closed) {
      throw gone(id);
    }
    if (busy && waiting.size() >= MOST_WAITING) {
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "In this session " + MOST_WAITING + " statements wait already. Try again later.");
    }
    Entry entry = new Entry(queue, task);
    if (busy) {
      waiting.add(entry);
    } else {
      entry.enter(false);
      busy = true;
    }
    return entry;
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

  private synchronized void startNext() {
    Entry next = waiting.poll();
    if (next != null) {
      try {
        next.enter(true);
        return;
      } catch (RejectedExecutionException e) {
        // The server is closing, and nobody waits for an answer.
        waiting.clear();
      }
    }
    busy = false;
    if (closed) {
      sql.close();
    }
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
