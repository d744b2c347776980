package dev.tarn.store.objects;

import dev.tarn.govern.locations.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How files are reached that do not lie on this machine: Hadoop's file systems, with the settings
 * and credentials of the configuration, and those of external locations as they stand. One such set
 * serves the whole process, since Hadoop keeps a file system per container whoever asks for it.
 */
public final class ObjectStores {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectStores.class);

  private static final URI LOCAL_ROOT = URI.create("file:///");
  private static final String LOCAL = "fs.file.impl";

  /** How Azure's driver behaves unless the configuration says otherwise. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "fs.azure.networking.library",
          "JDK_HTTP_URL_CONNECTION",
          // It would send figures to the store, and wait for it long when the process ends.
          "fs.azure.metrics.collection.enabled",
          "false",
          // It would try for a quarter of an hour before a statement learns that no store answers.
          "fs.azure.io.retry.max.retries",
          "6",
          "fs.azure.io.retry.max.backoff.interval",
          "5000",
          LOCAL,
          LocalLogFileSystem.class.getName(),
          "fs.AbstractFileSystem.file.impl",
          InProcessLocalFs.class.getName());

  private static final Pattern STAMP =
      Pattern.compile(Pattern.quote(StorageSettings.STAMP) + "(?<container>[^.]+)\\.(?<host>.+)");

  private final Map<String, String> settings;
  private final Supplier<Map<String, String>> locations;
  private final List<Configuration> kept = new ArrayList<>();
  private final Configuration live;
  private volatile Map<String, String> applied = Map.of();

  /**
   * @param options {@code fs.…} settings of Hadoop, secrets among them
   */
  public ObjectStores(Map<String, String> options) {
    this(options, Map::of);
  }

  /**
   * @param locations more such settings, as they stand at each call: see {@link StorageSettings}
   */
  public ObjectStores(Map<String, String> options, Supplier<Map<String, String>> locations) {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(options);
    this.settings = Map.copyOf(all);
    this.locations = locations;
    this.live = keep(new Configuration());
    openLocal();
  }

  /** Hadoop keeps the one that is asked for first, whatever the settings of who asks later. */
  private void openLocal() {
    try {
      FileSystem open = FileSystem.get(LOCAL_ROOT, live);
      if (!(open instanceof LocalLogFileSystem)) {
        open.close();
        FileSystem.get(LOCAL_ROOT, live);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Only what lies on this machine, and what needs no settings. */
  public static ObjectStores unconfigured() {
    return new ObjectStores(Map.of());
  }

  /** Without those of external locations; never to be shown. */
  public Map<String, String> settings() {
    return settings;
  }

  /** Kept up to date; not to be changed. */
  public Configuration configuration() {
    refresh();
    return live;
  }

  /** Sets all settings in a configuration, and keeps them up to date in it. */
  public synchronized Configuration keep(Configuration configuration) {
    settings.forEach(configuration::set);
    applied.forEach(configuration::set);
    kept.add(configuration);
    return configuration;
  }

  /**
   * Takes over what was changed in external locations and their credentials, also by other servers;
   * to be called before files are reached. What reads or writes where the credential changes may
   * fail.
   */
  public void refresh() {
    Map<String, String> now = locations.get();
    if (now.equals(applied)) {
      return;
    }
    synchronized (this) {
      Set<String> changed = new HashSet<>(now.keySet());
      changed.addAll(applied.keySet());
      Map<String, String> before = applied;
      changed.removeIf(name -> now.containsKey(name) && now.get(name).equals(before.get(name)));
      for (Configuration configuration : kept) {
        for (String name : changed) {
          String value = now.getOrDefault(name, settings.get(name));
          if (value == null) {
            configuration.unset(name);
          } else {
            configuration.set(name, value);
          }
        }
      }
      applied = now;
      changed.stream()
          .map(STAMP::matcher)
          .filter(Matcher::matches)
          .map(ObjectStores::root)
          .distinct()
          .forEach(this::reopen);
    }
  }

  private static String root(Matcher setting) {
    return setting.group("container") + "@" + setting.group("host") + "/";
  }

  /** Has Hadoop forget a file system that it opened with other credentials. */
  private void reopen(String root) {
    for (String scheme : List.of("abfss://", "abfs://")) {
      Configuration quiet = new Configuration(live);
      quiet.set("fs.azure.createRemoteFileSystemDuringInitialization", "false");
      try {
        new Path(scheme + root).getFileSystem(quiet).close();
      } catch (IOException | RuntimeException e) {
        LOG.debug("No file system of '{}{}' was open", scheme, root, e);
      }
    }
  }

  /** The file system that a path with its scheme lies in. */
  public FileSystem of(Path path) throws IOException {
    return path.getFileSystem(configuration());
  }
}
