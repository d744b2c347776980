package dev.tarn.store.cache;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;

/**
 * Copies of remote files on the local disk, shared by all queries: a file is fetched once, however
 * many ask for it at the same time, and stays until others that were used later need its room.
 * Outlives its process, also one that is killed. One process at a time uses a folder.
 */
public final class FileCache implements AutoCloseable {
  private final CacheFolder folder;
  private final long mostBytes;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final ExecutorService fetchers;

  /** Those used longest ago come first; guarded by this. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;
  private long fetchedFiles;
  private long fetchedBytes;

  /** A copy that is there or on its way; guarded by the cache. */
  private static final class Entry {
    final String key;
    final long size;

    /** Left by an earlier process; or null. */
    Path found;

    /** Null as long as nobody asked for what was found. */
    Future<Path> file;

    int leases;

    Entry(String key, long size) {
      this.key = key;
      this.size = size;
    }

    /** Null if it is not there yet, or could not be fetched. */
    Path path() {
      if (file == null) {
        return found;
      }
      if (!file.isDone()) {
        return null;
      }
      try {
        return file.get();
      } catch (InterruptedException | ExecutionException e) {
        return null;
      }
    }
  }

  /**
   * @param mostBytes that the copies may take
   * @param hadoopSettings how to reach object stores
   * @param parallel how many files are fetched at once
   * @throws TarnException INVALID_STATE if another process uses the folder, or it cannot be written
   */
  public FileCache(Path folder, long mostBytes, Map<String, String> hadoopSettings, int parallel) {
    this(folder, mostBytes, configuration(hadoopSettings), parallel);
  }

  private static Configuration configuration(Map<String, String> settings) {
    Configuration hadoop = new Configuration();
    settings.forEach(hadoop::set);
    return hadoop;
  }

  /** As the other; changes of the configuration are heeded. */
  public FileCache(Path folder, long mostBytes, Configuration hadoop, int parallel) {
    this.mostBytes = mostBytes;
    try {
      Files.createDirectories(folder);
      this.lockFile =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      this.lock = lock(lockFile, folder);
      this.folder = new CacheFolder(folder, hadoop);
      adopt(this.folder.copies());
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The folder '"
              + folder
              + "' cannot be used for copies of remote files. Check its rights.",
          e);
    }
    this.fetchers =
        Executors.newFixedThreadPool(
            parallel,
            task -> {
              Thread thread = new Thread(task, "file-cache");
              thread.setDaemon(true);
              return thread;
            });
  }

  private static FileLock lock(FileChannel file, Path folder) throws IOException {
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    }
    if (lock == null) {
      file.close();
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The folder '"
              + folder
              + "' for copies of remote files is in use by another Tarn. Stop it, or give each a"
              + " data folder of its own.");
    }
    return lock;
  }

  private synchronized void adopt(List<CacheFolder.Copy> copies) throws IOException {
    List<CacheFolder.Copy> byUse =
        copies.stream().sorted(Comparator.comparingLong(CacheFolder.Copy::used)).toList();
    for (CacheFolder.Copy copy : byUse) {
      Entry entry = new Entry(copy.key(), copy.size());
      entry.found = copy.file();
      Entry twin = entries.put(copy.key(), entry);
      if (twin == null) {
        bytes += copy.size();
      } else {
        Files.deleteIfExists(twin.found);
      }
    }
    makeRoom(0);
  }

  /**
   * Local copies of files, fetched where there are none, to be read until the lease is closed.
   * Local files are themselves the copies.
   *
   * @throws TarnException RESOURCE_EXHAUSTED if they do not fit beside what other queries read now;
   *     TEMPORARILY_UNAVAILABLE if one cannot be fetched; CANCELLED if the thread is interrupted,
   *     which leaves the fetching to those that also wait for it
   */
  public FileLease lease(List<RemoteFile> files) {
    Map<String, Entry> held = hold(files);
    Runnable release = () -> release(held.values());
    try {
      List<Path> paths = new ArrayList<>(files.size());
      for (RemoteFile file : files) {
        if (file.isLocal()) {
          paths.add(Path.of(file.path().toUri().getPath()));
        } else {
          Path path = held.get(CacheFolder.key(file)).file.get();
          Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis()));
          paths.add(path);
        }
      }
      return new FileLease(paths, release);
    } catch (InterruptedException e) {
      release.run();
      Thread.currentThread().interrupt();
      throw new TarnException(
          ErrorCode.CANCELLED, "Fetching a table's files was cancelled. Run it again.", e);
    } catch (ExecutionException | IOException e) {
      release.run();
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "A file of a table cannot be fetched from its storage, or not be kept here. Check that the"
              + " storage answers and that the disk has room.",
          e);
    }
  }

  /** What there is and what was fetched since the start. */
  public record Usage(int files, long bytes, long fetchedFiles, long fetchedBytes) {}

  public synchronized Usage usage() {
    return new Usage(entries.size(), bytes, fetchedFiles, fetchedBytes);
  }

  /** Lets go of the folder; leases that are open keep what they read. */
  @Override
  public void close() {
    fetchers.shutdownNow();
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Map<String, Entry> hold(List<RemoteFile> files) {
    Map<String, Entry> held = new HashMap<>();
    Map<String, RemoteFile> missing = new LinkedHashMap<>();
    long needed = 0;
    for (RemoteFile file : files) {
      String key = file.isLocal() ? null : CacheFolder.key(file);
      if (key == null || held.containsKey(key) || missing.containsKey(key)) {
        continue;
      }
      Entry entry = present(key);
      if (entry == null) {
        missing.put(key, file);
        needed += file.size();
      } else {
        entry.leases++;
        held.put(key, entry);
        if (entry.file == null) {
          Entry found = entry;
          entry.file = fetchers.submit(() -> check(file, found));
        }
      }
    }
    if (!makeRoom(needed)) {
      release(held.values());
      throw new TarnException(
          ErrorCode.RESOURCE_EXHAUSTED,
          "The remote files that the statement reads take "
              + needed
              + " bytes more than there is room for among the local copies, which may take "
              + mostBytes
              + " in all. Give them more room, or let the statement read fewer files.");
    }
    bytes += needed;
    missing.forEach(
        (key, file) -> {
          Entry entry = new Entry(key, file.size());
          entry.leases = 1;
          entries.put(key, entry);
          held.put(key, entry);
          entry.file = fetchers.submit(() -> fetch(file, entry));
        });
    return held;
  }

  /** Null if there is none, or somebody deleted it. */
  private Entry present(String key) {
    Entry entry = entries.get(key);
    if (entry != null && entry.path() != null && !Files.exists(entry.path())) {
      drop(entry);
      return null;
    }
    return entry;
  }

  /** Deletes what was used longest ago and is not in use; false if that is not enough. */
  private boolean makeRoom(long needed) {
    for (Iterator<Entry> oldest = entries.values().iterator();
        bytes + needed > mostBytes && oldest.hasNext(); ) {
      Entry entry = oldest.next();
      Path path = entry.path();
      if (entry.leases == 0 && path != null && path.toFile().delete()) {
        oldest.remove();
        bytes -= entry.size;
      }
    }
    return bytes + needed <= mostBytes;
  }

  private synchronized void release(Iterable<Entry> held) {
    held.forEach(entry -> entry.leases--);
  }

  private synchronized void drop(Entry entry) {
    if (entries.remove(entry.key, entry)) {
      bytes -= entry.size;
    }
  }

  private Path fetch(RemoteFile file, Entry entry) throws IOException {
    try {
      Path path = folder.fetch(file, entry.key);
      synchronized (this) {
        fetchedFiles++;
        fetchedBytes += entry.size;
      }
      return path;
    } catch (IOException | RuntimeException e) {
      drop(entry);
      throw e;
    }
  }

  /** What an earlier process left is trusted once its checksum is right. */
  private Path check(RemoteFile file, Entry entry) throws IOException {
    if (CacheFolder.isSound(entry.found)) {
      return entry.found;
    }
    Files.deleteIfExists(entry.found);
    return fetch(file, entry);
  }
}
