package dev.tarn.store.objects;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How files are reached that do not lie on this machine: Hadoop's file systems, with the settings
 * and credentials of the configuration. One such set serves the whole process, since Hadoop keeps a
 * file system per container whoever asks for it.
 */
public final class ObjectStores {
  /** How Azure's driver behaves unless the configuration says otherwise. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "fs.azure.networking.library", "JDK_HTTP_URL_CONNECTION",
          // It would send figures to the store, and wait for it long when the process ends.
          "fs.azure.metrics.collection.enabled", "false",
          // It would try for a quarter of an hour before a statement learns that no store answers.
          "fs.azure.io.retry.max.retries", "6",
          "fs.azure.io.retry.max.backoff.interval", "5000");

  private final Map<String, String> settings;

  /**
   * @param options {@code fs.…} settings of Hadoop, secrets among them
   */
  public ObjectStores(Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(options);
    this.settings = Map.copyOf(all);
  }

  /** Only what lies on this machine, and what needs no settings. */
  public static ObjectStores unconfigured() {
    return new ObjectStores(Map.of());
  }

  /** To be given to whoever makes a configuration of its own; never to be shown. */
  public Map<String, String> settings() {
    return settings;
  }

  public Configuration configuration() {
    Configuration configuration = new Configuration();
    settings.forEach(configuration::set);
    return configuration;
  }

  /** The file system that a path with its scheme lies in. */
  public FileSystem of(Path path) throws IOException {
    return path.getFileSystem(configuration());
  }
}
