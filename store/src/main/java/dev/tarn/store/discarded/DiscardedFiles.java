package dev.tarn.store.discarded;

import dev.tarn.govern.catalog.DroppedTables;
import dev.tarn.store.objects.ObjectStores;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the files of what was dropped, once it can no longer come back. What is interrupted, or
 * cannot be reached, is tried again.
 */
public final class DiscardedFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiscardedFiles.class);

  private final DroppedTables dropped;
  private final ObjectStores stores;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "discarded-files");
            thread.setDaemon(true);
            return thread;
          });

  public DiscardedFiles(DroppedTables dropped, ObjectStores stores) {
    this.dropped = dropped;
    this.stores = stores;
  }

  /** Begins to look for what is to be removed, now and at every interval. */
  public void start(Duration interval) {
    timer.scheduleWithFixedDelay(this::attempt, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void attempt() {
    try {
      remove();
    } catch (RuntimeException e) {
      LOG.warn("What was dropped could not be looked up; it is tried again later", e);
    }
  }

  /** Removes what is due. */
  public void remove() {
    for (String location : dropped.expire()) {
      try {
        Path path = new Path(location);
        FileSystem files = stores.of(path);
        if (isOnlyCopy(files, path)) {
          LOG.warn("The staged commit '{}' is kept, for it was not published as was said", path);
        } else {
          files.delete(path, true);
        }
        dropped.removed(location);
      } catch (IOException e) {
        LOG.warn("Files of a dropped table at '{}' cannot be removed yet", location, e);
      }
    }
  }

  /** Whether a staged commit of a Delta table is nowhere else, whatever its writer said. */
  private static boolean isOnlyCopy(FileSystem files, Path path) throws IOException {
    Path folder = path.getParent();
    if (folder == null || !folder.getName().equals("_staged_commits")) {
      return false;
    }
    String version = path.getName().substring(0, Math.max(0, path.getName().indexOf('.')));
    return !files.exists(new Path(folder.getParent(), version + ".json"));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
