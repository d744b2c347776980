package dev.tarn.store.objects;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Hadoop's local file system, except that no file of a Delta log is opened through a symbolic link
 * in that log: who writes a log could link to another's, and have its statistics and history shown.
 */
public final class LocalLogFileSystem extends LocalFileSystem {
  private static final String LOG = "/_delta_log";

  /** As Hadoop makes one. */
  public LocalLogFileSystem() {
    super(new InProcessLocalFileSystem());
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    String path = file.toUri().getPath();
    int log = path.indexOf(LOG + "/");
    if (log >= 0) {
      requireReal(file, java.nio.file.Path.of(path), java.nio.file.Path.of(path.substring(0, log)));
    }
    return super.open(file, bufferSize);
  }

  private static void requireReal(Path file, java.nio.file.Path at, java.nio.file.Path table)
      throws IOException {
    for (java.nio.file.Path part = at; !part.equals(table); part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        throw new AccessDeniedException(
            file.toString(), null, "in a Delta log symbolic links are not followed");
      }
    }
  }
}
