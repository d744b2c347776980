package dev.tarn.engine.duckdb;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A file system of another scheme than the local one, as an object store is to Hadoop. */
public final class RemoteFileSystem extends RawLocalFileSystem {
  @Override
  public URI getUri() {
    return URI.create("remote:///");
  }

  @Override
  public String getScheme() {
    return "remote";
  }
}
