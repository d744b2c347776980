package dev.tarn.store.delta;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import io.delta.kernel.defaults.engine.DefaultEngine;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Snapshots of Delta tables, kept and brought up to date with the commits that follow. Safe for use
 * by many threads; a table is loaded once at a time, and loads of others do not wait for it.
 *
 * <p>Every method throws {@link UnsupportedTableException} where only Spark can read the table, and
 * {@link TarnException} TABLE_DOES_NOT_EXIST, INVALID_STATE (broken, or no such version) or
 * TEMPORARILY_UNAVAILABLE.
 */
public final class DeltaSnapshots {
  /** Some hundred bytes each. */
  private static final long MOST_FILES = 1_000_000;

  private final SnapshotLoader loader;
  private final TablePlaces places;
  private final Cache<String, CachedTable> latest = cache();
  private final Cache<At, CachedTable> versions = cache();
  private final Cache<String, ReentrantLock> locks = Caffeine.newBuilder().weakValues().build();

  /**
   * @param hadoopSettings how to reach object stores: {@code fs.…} settings of Hadoop
   */
  public DeltaSnapshots(Map<String, String> hadoopSettings) {
    this(configuration(hadoopSettings), TablePlaces.unknown());
  }

  /**
   * @param hadoop how to reach object stores; changes of it are heeded
   */
  public DeltaSnapshots(Configuration hadoop, TablePlaces places) {
    this.places = places;
    this.loader = new SnapshotLoader(hadoop, DefaultEngine.create(hadoop), places);
  }

  private static Configuration configuration(Map<String, String> settings) {
    Configuration hadoop = new Configuration();
    settings.forEach(hadoop::set);
    return hadoop;
  }

  private record At(String location, long version) {}

  private static <K> Cache<K, CachedTable> cache() {
    return Caffeine.newBuilder()
        .maximumWeight(MOST_FILES)
        .weigher((K key, CachedTable table) -> table.snapshot().files().size() + 10)
        .build();
  }

  /** The newest version; one that no commit finished before this call is newer than. */
  public TableSnapshot latest(String location) {
    CachedTable cached = latest.getIfPresent(location);
    if (cached != null && holds(cached::isLatest)) {
      return cached.snapshot();
    }
    return alone(location, () -> refreshed(location));
  }

  /** The table as a version left it. */
  public TableSnapshot version(String location, long version) {
    if (version < 0) {
      throw TarnException.invalid(
          "Version "
              + version
              + " of the Delta table at '"
              + location
              + "' cannot be. Use 0 or more.");
    }
    CachedTable newest = latest.getIfPresent(location);
    if (newest != null && newest.snapshot().version() == version && holds(newest::isSameTable)) {
      return newest.snapshot();
    }
    At at = new At(location, version);
    CachedTable cached = versions.getIfPresent(at);
    if (cached != null && holds(cached::isSameTable)) {
      return cached.snapshot();
    }
    return alone(
        location,
        () -> {
          CachedTable loaded = versions.getIfPresent(at);
          if (loaded != null && holds(loaded::isSameTable)) {
            return loaded.snapshot();
          }
          return kept(versions, at, loader.version(location, version));
        });
  }

  /**
   * The version that was the latest at a time, by the commits' own timestamps where the table keeps
   * them, by those of their files elsewhere.
   */
  public TableSnapshot asOf(String location, Instant time) {
    return version(location, loader.versionAsOf(location, time));
  }

  /**
   * Which files the log of a table may name; nothing is read for it.
   *
   * @param folder with its scheme
   */
  public TableRoot root(Path folder) {
    return SnapshotLoader.root(folder, places);
  }

  /** Drops what is kept of a table. */
  public void forget(String location) {
    latest.invalidate(location);
    versions.asMap().keySet().removeIf(at -> at.location.equals(location));
  }

  public void clear() {
    latest.invalidateAll();
    versions.invalidateAll();
  }

  private TableSnapshot refreshed(String location) {
    CachedTable cached = latest.getIfPresent(location);
    if (cached != null) {
      Optional<CachedTable> refreshed = refreshed(cached);
      if (refreshed.isPresent()) {
        latest.put(location, refreshed.get());
        return refreshed.get().snapshot();
      }
      latest.invalidate(location);
    }
    return kept(latest, location, loader.latest(location));
  }

  /** Empty if the log must be read anew, which also finds out what is wrong with it. */
  private static Optional<CachedTable> refreshed(CachedTable cached) {
    try {
      return cached.refreshed();
    } catch (IOException | UnsupportedTableException e) {
      return Optional.empty();
    }
  }

  private static <K> TableSnapshot kept(
      Cache<K, CachedTable> cache, K key, SnapshotLoader.Loaded loaded) {
    // Without the commit's file nothing would tell whether the table is still the same.
    loaded
        .mark()
        .ifPresent(mark -> cache.put(key, new CachedTable(loaded.snapshot(), loaded.log(), mark)));
    return loaded.snapshot();
  }

  private interface Check {
    boolean holds() throws IOException;
  }

  /** A storage that does not answer makes nothing certain: the load that follows says why. */
  private static boolean holds(Check check) {
    try {
      return check.holds();
    } catch (IOException e) {
      return false;
    }
  }

  private <T> T alone(String location, Supplier<T> work) {
    ReentrantLock lock = locks.get(location, key -> new ReentrantLock());
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TarnException(
          ErrorCode.CANCELLED,
          "Reading the log of the Delta table at '" + location + "' was cancelled. Run it again.",
          e);
    }
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
