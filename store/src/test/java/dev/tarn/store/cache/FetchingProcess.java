package dev.tarn.store.cache;

import dev.tarn.store.objects.ObjectStores;
import dev.tarn.testkit.azurite.Azurite;
import java.nio.file.Path;
import java.util.List;

/** Fetches one file into a cache, to be killed while it does. */
final class FetchingProcess {
  private FetchingProcess() {}

  /**
   * @param args the cache's folder, the store's port, the file, its size and its time
   */
  public static void main(String[] args) {
    ObjectStores stores = new ObjectStores(Azurite.hadoopSettings(Integer.parseInt(args[1])));
    try (FileCache cache = new FileCache(Path.of(args[0]), 1L << 30, stores.settings(), 1);
        FileLease lease =
            cache.lease(
                List.of(
                    new RemoteFile(args[2], Long.parseLong(args[3]), Long.parseLong(args[4]))))) {
      System.out.println("fetched " + lease.paths());
    }
  }
}
