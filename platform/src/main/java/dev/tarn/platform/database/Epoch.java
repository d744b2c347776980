package dev.tarn.platform.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * A number that rises with every change of some tables of the metadata database, so that what was
 * read from them can be kept and used for as long as the number stands.
 */
public final class Epoch {
  private final Jdbi jdbi;
  private final String table;
  private final boolean shared;
  private final AtomicLong last;

  Epoch(Jdbi jdbi, String table, boolean shared) {
    this.jdbi = jdbi;
    this.table = table;
    this.shared = shared;
    this.last = new AtomicLong(jdbi.withHandle(this::read));
  }

  private long read(Handle handle) {
    return handle.createQuery("SELECT epoch FROM " + table).mapTo(Long.class).one();
  }

  /** As it stands; asks the database only if other servers may write to it. */
  public long now() {
    return shared ? jdbi.withHandle(this::read) : last.get();
  }

  /** Runs a change in one transaction that raises the number. */
  public <R> R changing(Function<Handle, R> change) {
    long[] raised = new long[1];
    R result =
        jdbi.inTransaction(
            handle -> {
              // First, so that writers on PostgreSQL queue here and never deadlock further in.
              handle.createUpdate("UPDATE " + table + " SET epoch = epoch + 1").execute();
              raised[0] = read(handle);
              return change.apply(handle);
            });
    last.accumulateAndGet(raised[0], Math::max);
    return result;
  }

  /**
   * What was read, by key.
   *
   * @param most entries; the least used go first
   */
  public <K, V> Kept<K, V> kept(long most) {
    return new Kept<>(Caffeine.newBuilder().maximumSize(most).build());
  }

  /** What was read, and at which epoch. */
  public static final class Kept<K, V> {
    private record Read<V>(long epoch, V value) {}

    private final Cache<K, Read<V>> reads;

    private Kept(Cache<K, Read<V>> reads) {
      this.reads = reads;
    }

    /**
     * @param now the epoch as it stands
     * @param read asked if nothing is kept that was read at it; what is null is not kept
     */
    public V get(K key, long now, Supplier<V> read) {
      Read<V> kept = reads.getIfPresent(key);
      if (kept != null && kept.epoch() == now) {
        return kept.value();
      }
      V value = read.get();
      if (value != null) {
        // Labelled with the epoch from before the read: if a change commits in between, the entry
        // is already stale for whoever asks after that change.
        reads.put(key, new Read<>(now, value));
      }
      return value;
    }
  }

  /** Like {@link #changing}, of a change that answers nothing. */
  public void change(Consumer<Handle> change) {
    changing(
        handle -> {
          change.accept(handle);
          return null;
        });
  }
}
