package dev.tarn.engine.snapshot;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.store.delta.DeltaSnapshots;
import dev.tarn.store.delta.TableRoot;
import dev.tarn.store.delta.TableSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;

/**
 * Tables as a native statement sees them. A statement names a table once or often, and sees one
 * version of it.
 */
public final class SnapshotTables {
  private static final int MOST_SCHEMAS = 1_000;

  private final DeltaSnapshots snapshots;
  private final Cache<String, SnapshotTable.Columns> schemas =
      Caffeine.newBuilder().maximumSize(MOST_SCHEMAS).build();
  // Spark's analyzer asks a catalog for tables on the thread that analyses, and tells it nothing.
  private final ThreadLocal<Map<String, TableSnapshot>> pinned = new ThreadLocal<>();

  public SnapshotTables(DeltaSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  /** Catalogs that are asked for a table meanwhile, on this thread, answer with its snapshot. */
  public <T> T during(Supplier<T> analysis) {
    pinned.set(new HashMap<>());
    try {
      return analysis.get();
    } finally {
      pinned.remove();
    }
  }

  /** Whether this thread analyses a statement for the native executor. */
  public boolean wanted() {
    return pinned.get() != null;
  }

  public SnapshotTable latest(String name, String location) {
    return table(name, pinned.get().computeIfAbsent(location, snapshots::latest));
  }

  public SnapshotTable version(String name, String location, long version) {
    return table(name, snapshots.version(location, version));
  }

  public SnapshotTable asOf(String name, String location, Instant time) {
    return table(name, snapshots.asOf(location, time));
  }

  private SnapshotTable table(String name, TableSnapshot snapshot) {
    return new SnapshotTable(
        name, snapshot, schemas.get(snapshot.schemaJson(), SnapshotTable.Columns::parse));
  }

  /** Whether no commit followed this one, and no other table took its place. */
  public boolean isLatest(TableSnapshot snapshot) {
    TableSnapshot latest = snapshots.latest(snapshot.location());
    return latest.version() == snapshot.version() && latest.id().equals(snapshot.id());
  }

  /**
   * Which files the log of a table may name.
   *
   * @param folder of the table, with its scheme
   */
  public TableRoot root(Path folder) {
    return snapshots.root(folder);
  }

  /** Forgets what only makes later statements faster. */
  public void clear() {
    schemas.invalidateAll();
    snapshots.clear();
  }
}
