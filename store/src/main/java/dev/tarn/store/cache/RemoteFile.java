package dev.tarn.store.cache;

import org.apache.hadoop.fs.Path;

/**
 * A file that never changes, in a file system of Hadoop's.
 *
 * @param uri not percent-encoded; a path or {@code file:} URI is read in place
 * @param size in bytes
 * @param modified in milliseconds since 1970; tells a file from one that took its name
 */
public record RemoteFile(String uri, long size, long modified) {
  boolean isLocal() {
    String scheme = path().toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  Path path() {
    return new Path(uri);
  }
}
