package dev.tarn.store.cache;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A file system of another scheme than the local one, as an object store is to Hadoop. */
public final class ElsewhereFileSystem extends RawLocalFileSystem {
  @Override
  public URI getUri() {
    return URI.create("elsewhere:///");
  }

  @Override
  public String getScheme() {
    return "elsewhere";
  }
}
