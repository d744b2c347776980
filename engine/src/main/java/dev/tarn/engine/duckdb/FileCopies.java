package dev.tarn.engine.duckdb;

import dev.tarn.store.cache.FileCache;
import dev.tarn.store.cache.FileLease;
import dev.tarn.store.cache.RemoteFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;

/** Local copies of the files of tables that do not lie on this machine. */
final class FileCopies implements AutoCloseable {
  private static final int FETCHED_AT_ONCE = 8;

  private final Path folder;
  private final long mostBytes;
  private final Configuration hadoop;
  private final AtomicInteger open = new AtomicInteger();
  private FileCache cache;

  /**
   * @param folder of this process alone
   * @param mostBytes of all copies together; those used longest ago go first
   * @param hadoop how to reach object stores
   */
  FileCopies(Path folder, long mostBytes, Configuration hadoop) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.hadoop = hadoop;
  }

  /** Copies that one statement reads, to stay until it has ended. Not thread-safe. */
  final class Leased implements AutoCloseable {
    private final List<RemoteFile> files = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<FileLease> leases = new ArrayList<>();
    private boolean closed;

    private Leased() {
      open.incrementAndGet();
    }

    /**
     * Where the files' copies lie, in the same order; they are fetched if they are not there.
     *
     * @throws dev.tarn.kernel.error.TarnException as {@link FileCache#lease} does
     */
    List<Path> of(List<RemoteFile> wanted) {
      if (wanted.isEmpty()) {
        return List.of();
      }
      FileLease lease = cache().lease(wanted);
      leases.add(lease);
      files.addAll(wanted);
      paths.addAll(lease.paths());
      return lease.paths();
    }

    /** All that was asked for. */
    List<RemoteFile> files() {
      return List.copyOf(files);
    }

    /** Their copies, in the same order. */
    List<Path> paths() {
      return List.copyOf(paths);
    }

    @Override
    public void close() {
      leases.forEach(FileLease::close);
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }

  /** Of statements that have not ended. */
  int openLeases() {
    return open.get();
  }

  Leased leased() {
    return new Leased();
  }

  /** Opened when first needed: few have any remote table. */
  private synchronized FileCache cache() {
    if (cache == null) {
      cache = new FileCache(folder, mostBytes, hadoop, FETCHED_AT_ONCE);
    }
    return cache;
  }

  @Override
  public synchronized void close() {
    if (cache != null) {
      cache.close();
    }
  }
}
