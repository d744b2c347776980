package dev.tarn.ingest.loader;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A file that a stream has come upon.
 *
 * @param path URI as Hadoop writes it, not escaped
 * @param size in bytes
 * @param modified in milliseconds since 1970
 * @param skipped whether its rows are never read, since it was there before the stream
 */
record FoundFile(String path, long size, long modified, boolean skipped) {
  static FoundFile of(FileStatus status) {
    return new FoundFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime(), false);
  }

  FoundFile passedOver() {
    return new FoundFile(path, size, modified, true);
  }

  FileStatus status() {
    return new FileStatus(size, false, 1, size, modified, new Path(path));
  }
}
