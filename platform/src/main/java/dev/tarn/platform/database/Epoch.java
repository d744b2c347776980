package dev.tarn.platform.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * A number that rises with every change of some tables of the metadata database, so that what was
 * read from them can be kept and used for as long as the number stands; or, if changes say what
 * they are about, for as long as no change was about it.
 */
public final class Epoch {
  /** How many changes other servers can look up; whoever is further behind forgets everything. */
  private static final long LOGGED = 10_000;

  private static final long TRIM_EVERY = 256;
  private static final long UNSETTLED = -1;

  /** What a change is about, and those made in the middle of it. */
  private static final class Running {
    private final Set<Touched> touched = new LinkedHashSet<>();
    private boolean everything;

    void add(Collection<Touched> more) {
      touched.addAll(more);
      everything |= more.isEmpty();
    }
  }

  private final Jdbi jdbi;
  private final String table;
  private final Optional<String> log;
  private final boolean shared;
  private final AtomicLong last;
  private final Changes changes = new Changes();

  /**
   * Changes that have written their number and not told it yet, in the order of the numbers: nobody
   * may see a number before all that the numbers below it were about. Nothing waits here in a
   * transaction, since SQLite's driver begins another one, and waits for it, before its commit
   * returns.
   */
  private final Deque<Running> untold = new ArrayDeque<>();

  /** The change that the current thread is in the middle of. */
  private final ThreadLocal<Running> running = new ThreadLocal<>();

  /**
   * @param log a table with columns {@code epoch, name, inside}, where changes say to other servers
   *     what they are about; empty: all are about everything
   */
  Epoch(Jdbi jdbi, String table, Optional<String> log, boolean shared) {
    this.jdbi = jdbi;
    this.table = table;
    this.log = log;
    this.shared = shared;
    this.last = new AtomicLong(jdbi.withHandle(this::read));
    changes.everything(last.get());
  }

  private long read(Handle handle) {
    return handle.createQuery("SELECT epoch FROM " + table).mapTo(Long.class).one();
  }

  /**
   * As it stands; asks the database only if other servers may write to it. In the middle of a
   * change it is no number that anything is kept at: the change may fail, and what was read be
   * wrong.
   */
  public long now() {
    if (running.get() != null) {
      return UNSETTLED;
    }
    if (!shared) {
      return last.get();
    }
    long now = jdbi.withHandle(this::read);
    if (now > last.get()) {
      follow(now);
    }
    return now;
  }

  /** Learns what the changes up to now were about, this server's own among them. */
  private synchronized void follow(long now) {
    long seen = last.get();
    if (now <= seen) {
      return;
    }
    if (log.isEmpty()) {
      changes.everything(now);
    } else {
      List<Logged> logged = jdbi.withHandle(handle -> logged(handle, seen, now));
      long known = logged.stream().mapToLong(Logged::epoch).distinct().count();
      if (known < now - seen) {
        changes.everything(now);
      } else {
        logged.forEach(each -> changes.add(each.epoch(), List.of(each.touched())));
      }
    }
    last.set(now);
  }

  private record Logged(long epoch, Touched touched) {}

  private List<Logged> logged(Handle handle, long after, long to) {
    return handle
        .createQuery(
            "SELECT epoch, name, inside FROM "
                + log.orElseThrow()
                + " WHERE epoch > :after AND epoch <= :to")
        .bind("after", after)
        .bind("to", to)
        .map(
            (rows, context) ->
                new Logged(
                    rows.getLong("epoch"),
                    new Touched(rows.getString("name"), rows.getInt("inside") != 0)))
        .list();
  }

  /**
   * What changes were about since an epoch, at least up to what {@link #now} last answered; empty
   * if that may be anything.
   */
  public Optional<Set<Touched>> touchedSince(long epoch) {
    return changes.touchedSince(epoch);
  }

  /**
   * Whether a change was about any of these names since an epoch, up to what {@link #now} last
   * answered, or may have been.
   */
  public boolean touched(Collection<String> names, long since) {
    return since == UNSETTLED || names.stream().anyMatch(name -> changes.since(name, since));
  }

  /** Runs a change that may be about anything in one transaction that raises the number. */
  public <R> R changing(Function<Handle, R> change) {
    return changing(List.of(), change);
  }

  /**
   * Runs a change in one transaction that raises the number.
   *
   * @param touched all that it is about; empty if that cannot be said
   */
  public <R> R changing(Collection<Touched> touched, Function<Handle, R> change) {
    Running outer = running.get();
    if (outer != null) {
      outer.add(touched);
      return jdbi.inTransaction(change::apply);
    }
    Running own = new Running();
    own.add(touched);
    running.set(own);
    long[] raised = new long[1];
    try {
      R result =
          jdbi.inTransaction(
              handle -> {
                // First, so that writers on PostgreSQL queue here and never deadlock further in.
                handle.createUpdate("UPDATE " + table + " SET epoch = epoch + 1").execute();
                raised[0] = read(handle);
                if (!shared) {
                  follows(own);
                }
                R answer = change.apply(handle);
                if (shared && log.isPresent()) {
                  write(handle, raised[0], own.everything ? List.of() : own.touched);
                }
                return answer;
              });
      if (!shared) {
        tell(raised[0], own);
      }
      return result;
    } finally {
      running.remove();
      if (!shared) {
        gone(own);
      }
    }
  }

  private void follows(Running change) {
    synchronized (untold) {
      untold.addLast(change);
    }
  }

  private void gone(Running change) {
    synchronized (untold) {
      untold.remove(change);
      untold.notifyAll();
    }
  }

  private void awaitTurn(Running change) {
    boolean interrupted = false;
    synchronized (untold) {
      while (untold.peekFirst() != change) {
        try {
          untold.wait();
        } catch (InterruptedException e) {
          // It has happened, and must be told.
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(long epoch, Running change) {
    awaitTurn(change);
    if (change.everything) {
      changes.everything(epoch);
    } else {
      changes.add(epoch, change.touched);
    }
    last.set(epoch);
  }

  private void write(Handle handle, long epoch, Collection<Touched> touched) {
    if (epoch % TRIM_EVERY == 0) {
      handle
          .createUpdate("DELETE FROM " + log.orElseThrow() + " WHERE epoch <= :epoch")
          .bind("epoch", epoch - LOGGED)
          .execute();
    }
    if (!touched.isEmpty()) {
      PreparedBatch batch =
          handle.prepareBatch(
              "INSERT INTO " + log.orElseThrow() + " (epoch, name, inside) VALUES (:e, :n, :w)");
      touched.forEach(
          each ->
              batch.bind("e", epoch).bind("n", each.name()).bind("w", each.within() ? 1 : 0).add());
      batch.execute();
    }
  }

  /**
   * What was read, by key, until anything changes.
   *
   * @param most entries; the least used go first
   */
  public <K, V> Kept<K, V> kept(long most) {
    return new Kept<>(most, (key, value) -> 1, (key, read, now) -> read == now);
  }

  /**
   * What was read, by key, until anything changes.
   *
   * @param most of all that is kept, as the weigher weighs each; the least used goes first
   */
  public <K, V> Kept<K, V> keptByWeight(long most, ToIntFunction<V> weigher) {
    return new Kept<>(
        most, (key, value) -> weigher.applyAsInt(value), (key, read, now) -> read == now);
  }

  /**
   * What was read, by key, until a change touches what the key names.
   *
   * @param most entries; the least used go first
   */
  public <K, V> Kept<K, V> kept(long most, Function<K, String> name) {
    return new Kept<>(
        most, (key, value) -> 1, (key, read, now) -> !changes.since(name.apply(key), read));
  }

  @FunctionalInterface
  private interface Fresh<K> {
    boolean is(K key, long readAt, long now);
  }

  /** What was read, and at which epoch. */
  public static final class Kept<K, V> {
    private record Read<V>(long epoch, V value) {}

    private final Cache<K, Read<V>> reads;
    private final Fresh<K> fresh;

    private Kept(long most, Weigher<K, V> weigher, Fresh<K> fresh) {
      this.reads =
          Caffeine.newBuilder()
              .maximumWeight(most)
              .weigher((K key, Read<V> read) -> weigher.weigh(key, read.value()))
              .build();
      this.fresh = fresh;
    }

    /**
     * @param now the epoch as it stands
     * @param read asked if nothing is kept that was read at it; what is null is not kept
     */
    public V get(K key, long now, Supplier<V> read) {
      if (now == UNSETTLED) {
        return read.get();
      }
      Read<V> kept = reads.getIfPresent(key);
      if (kept != null && fresh.is(key, kept.epoch(), now)) {
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

    /** Keeps what was read otherwise, after the epoch stood so; as {@link #get} would. */
    public void put(K key, long now, V value) {
      if (now != UNSETTLED) {
        reads.put(key, new Read<>(now, value));
      }
    }

    /** Whether {@link #get} would answer without reading. */
    public boolean has(K key, long now) {
      Read<V> kept = reads.getIfPresent(key);
      return now != UNSETTLED && kept != null && fresh.is(key, kept.epoch(), now);
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
