package dev.tarn.store.objects;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;

/**
 * Hadoop's local file system as {@code FileContext} wants it, which Delta renames its commits with;
 * see {@link InProcessLocalFileSystem}.
 */
public final class InProcessLocalFs extends ChecksumFs {
  /** As Hadoop makes one. */
  public InProcessLocalFs(URI root, Configuration configuration)
      throws IOException, URISyntaxException {
    super(new Raw(configuration));
  }

  private static final class Raw extends DelegateToFileSystem {
    private Raw(Configuration configuration) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI,
          new InProcessLocalFileSystem(),
          configuration,
          FsConstants.LOCAL_FS_URI.getScheme(),
          false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public boolean isValidName(String name) {
      // Any file name is one here, with colons too.
      return true;
    }
  }
}
