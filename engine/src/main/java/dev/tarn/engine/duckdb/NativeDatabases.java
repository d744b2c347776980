package dev.tarn.engine.duckdb;

import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.ComputeShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases that native statements run in: one for each share, which is a warehouse's, opened
 * by its first statement. Those that were used lately divide the memory by the tasks that their
 * pools may run; none gets more than its own share of the machine.
 */
final class NativeDatabases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NativeDatabases.class);
  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LEAST_BYTES = 64L << 20;

  /** A pool with so many tasks for each processor may take everything: a small warehouse. */
  private static final int TASKS_OF_ALL = 2;

  private final int processors;
  private final Path spillFolder;
  private final long memoryBytes;
  private final SnapshotTables tables;
  private final Map<ComputeShare, NativeDatabase> current = new HashMap<>();
  private final Set<NativeDatabase> open = new LinkedHashSet<>();
  private final Object memory = new Object();
  private long numbers;

  /**
   * @param processors of the machine
   * @param spillFolder of this process alone
   * @param memoryBytes for all databases together
   */
  NativeDatabases(int processors, Path spillFolder, long memoryBytes, SnapshotTables tables) {
    this.processors = processors;
    this.spillFolder = spillFolder;
    this.memoryBytes = memoryBytes;
    this.tables = tables;
  }

  /** A statement's stay in a database, which is there until it ends. */
  final class Stay implements AutoCloseable {
    private final NativeDatabase database;
    private boolean ended;

    private Stay(NativeDatabase database) {
      this.database = database;
    }

    NativeDatabase database() {
      return database;
    }

    /** Sends no more statements here: this one does not heed that it was told to stop. */
    void giveUp() {
      retire(database);
    }

    @Override
    public void close() {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
      }
      if (database.leave()) {
        drop(database);
      }
    }
  }

  /** Begins a statement of a pool. */
  Stay enter(ComputeShare share) {
    NativeDatabase database;
    synchronized (this) {
      // A session goes on as it began when its warehouse gets another size.
      database = current.get(share);
      if (database == null) {
        database = fresh(share);
        current.put(share, database);
        open.add(database);
      }
      database.enter();
    }
    divide();
    return new Stay(database);
  }

  private NativeDatabase fresh(ComputeShare share) {
    if (numbers == 0) {
      try {
        DuckDatabase.empty(Files.createDirectories(spillFolder));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new NativeDatabase(
        share,
        spillFolder.resolve(Long.toString(++numbers)),
        LEAST_BYTES,
        Math.max(1, Math.min(processors, share.tasksPerStage())),
        tables);
  }

  /** Those that must give come first, so that all together never have more than there is. */
  private void divide() {
    synchronized (memory) {
      Map<NativeDatabase, Long> wanted = wanted();
      wanted.forEach(
          (database, bytes) -> {
            if (bytes < database.duck().memoryBytes()) {
              database.duck().limit(bytes);
            }
          });
      long left = memoryBytes;
      for (NativeDatabase each : wanted.keySet()) {
        left -= each.duck().memoryBytes();
      }
      for (Map.Entry<NativeDatabase, Long> each : wanted.entrySet()) {
        DuckDatabase duck = each.getKey().duck();
        long before = duck.memoryBytes();
        long now = Math.min(each.getValue(), before + Math.max(0, left));
        if (now > before && duck.limit(now)) {
          left -= now - before;
        }
      }
    }
  }

  private Map<NativeDatabase, Long> wanted() {
    List<NativeDatabase> all;
    synchronized (this) {
      all = List.copyOf(open);
    }
    List<NativeDatabase> used = all.stream().filter(d -> d.usedLately(LATELY_NANOS)).toList();
    double tasks = used.stream().mapToDouble(this::tasks).sum();
    double most = (double) TASKS_OF_ALL * processors;
    Map<NativeDatabase, Long> wanted = new HashMap<>();
    for (NativeDatabase each : all) {
      double part = used.contains(each) ? tasks(each) / Math.max(tasks, most) : 0;
      wanted.put(each, Math.max(LEAST_BYTES, (long) (part * memoryBytes)));
    }
    return wanted;
  }

  private double tasks(NativeDatabase database) {
    return Math.min(database.share().tasks(), (double) TASKS_OF_ALL * processors);
  }

  private void retire(NativeDatabase database) {
    synchronized (this) {
      current.remove(database.share(), database);
    }
    if (database.retire()) {
      drop(database);
    }
  }

  private void drop(NativeDatabase database) {
    synchronized (this) {
      open.remove(database);
    }
    database.duck().close();
    try {
      if (Files.isDirectory(database.spillFolder())) {
        DuckDatabase.empty(database.spillFolder());
        Files.delete(database.spillFolder());
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("What a native database has spilled could not be deleted", e);
    }
  }

  /** Closes the databases of a pool once what runs in them has ended. */
  void release(String pool) {
    takers().stream().filter(each -> each.share().pool().equals(pool)).forEach(this::retire);
  }

  /** Closes all once what runs in them has ended; the next statement opens one. */
  void release() {
    takers().forEach(this::retire);
  }

  private synchronized List<NativeDatabase> takers() {
    return List.copyOf(current.values());
  }

  /** How many there are, with those that only end what they have begun. */
  synchronized int count() {
    return open.size();
  }

  @Override
  public void close() {
    release();
  }
}
