package dev.tarn.store.cache;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Local files that stay where they are until this is closed. */
public final class FileLease implements AutoCloseable {
  private final List<Path> paths;
  private final Runnable release;
  private final AtomicBoolean open = new AtomicBoolean(true);

  FileLease(List<Path> paths, Runnable release) {
    this.paths = List.copyOf(paths);
    this.release = release;
  }

  /** In the order in which the files were asked for. */
  public List<Path> paths() {
    return paths;
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      release.run();
    }
  }
}
