package dev.tarn.govern.catalog;

import java.nio.file.Path;

/**
 * Section {@code storage}: where managed tables and volumes lie.
 *
 * @param root a URI ({@code abfss://…}) or an absolute path; absent: {@code storage} in the data
 *     folder
 */
public record StorageConfig(String root) {
  public static StorageConfig defaults() {
    return new StorageConfig(null);
  }

  /** The root, with the default filled in. */
  public String rootIn(Path dataFolder) {
    return root != null ? root : dataFolder.toAbsolutePath().resolve("storage").toString();
  }
}
