package dev.tarn.engine.spark;

import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.kernel.identity.Principal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Sessions that are as they were opened, for whoever opens the same: making one takes Spark longer
 * than a small query takes DuckDB, and clients of the Statement Execution API open one for each
 * statement. What was opened before a change of the catalog or of rights is not given out again.
 */
final class UnchangedSessions implements AutoCloseable {
  private static final int MOST = 32;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private boolean closed;

  private record Entry(
      Principal principal, SessionDefaults defaults, long epoch, SessionLease lease) {}

  /**
   * @param epoch as it stands
   */
  synchronized Optional<SessionLease> take(
      Principal principal, SessionDefaults defaults, long epoch) {
    Iterator<Entry> latestFirst = entries.iterator();
    while (latestFirst.hasNext()) {
      Entry entry = latestFirst.next();
      if (entry.epoch() != epoch) {
        latestFirst.remove();
        entry.lease().close();
      } else if (entry.principal().equals(principal) && entry.defaults().equals(defaults)) {
        latestFirst.remove();
        return Optional.of(entry.lease());
      }
    }
    return Optional.empty();
  }

  /**
   * @param lease of a session in which nothing was done that a later statement could notice
   * @param epoch from before it was opened
   */
  void give(Principal principal, SessionDefaults defaults, long epoch, SessionLease lease) {
    SessionLease surplus = lease;
    synchronized (this) {
      if (!closed) {
        entries.push(new Entry(principal, defaults, epoch, lease));
        surplus = entries.size() > MOST ? entries.removeLast().lease() : null;
      }
    }
    if (surplus != null) {
      surplus.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    entries.forEach(entry -> entry.lease().close());
    entries.clear();
  }
}
