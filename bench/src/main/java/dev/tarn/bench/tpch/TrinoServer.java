package dev.tarn.bench.tpch;

import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Trino of one node over Delta tables in local folders, with a metastore of files. Its tarball is
 * taken from Maven's repository of this machine: {@code mvn dependency:get
 * -Dartifact=io.trino:trino-server:476:tar.gz}.
 */
final class TrinoServer implements AutoCloseable {
  private static final String VERSION = "476";
  private static final int JAVA = 24;
  private static final Duration START = Duration.ofMinutes(5);
  private static final Path TARBALL =
      Path.of(
          System.getProperty("user.home"),
          ".m2/repository/io/trino/trino-server",
          VERSION,
          "trino-server-" + VERSION + ".tar.gz");

  private final Child process;
  private final String url;

  private TrinoServer(Child process, String url) {
    this.process = process;
    this.url = url;
  }

  /** What Trino needs and is not here; empty if it can be started. */
  static Optional<String> missing() throws IOException {
    if (!Files.exists(TARBALL)) {
      return Optional.of(
          "there is no "
              + TARBALL
              + "; get it with mvn dependency:get -Dartifact=io.trino:trino-server:"
              + VERSION
              + ":tar.gz");
    }
    return java().isPresent()
        ? Optional.empty()
        : Optional.of("there is no JDK from " + JAVA + " in /usr/lib/jvm");
  }

  private static Optional<Path> java() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(folder)) {
      return homes
          .filter(TrinoServer::isNewEnough)
          .map(home -> home.resolve("bin/java"))
          .findFirst();
    }
  }

  private static boolean isNewEnough(Path home) {
    try {
      return Files.readAllLines(home.resolve("release")).stream()
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .anyMatch(line -> Integer.parseInt(line.split("[\".]")[1]) >= JAVA);
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param home as {@link #unpack} made it
   * @param locations folders of the tables of schema {@code lake.tpch}
   */
  static TrinoServer start(Lab lab, Path home, Map<String, String> locations) throws Exception {
    int port = freePort();
    Path catalogs = Files.createDirectories(home.resolve("etc/catalog"));
    Files.writeString(
        home.resolve("etc/config.properties"),
        String.join(
            "\n",
            "coordinator=true",
            "node-scheduler.include-coordinator=true",
            "http-server.http.port=" + port,
            "http-server.log.enabled=false",
            "discovery.uri=http://127.0.0.1:" + port,
            "catalog.config-dir=" + catalogs,
            "plugin.dir=" + home.resolve("plugin"),
            "query.max-memory-per-node=1GB",
            "memory.heap-headroom-per-node=400MB",
            "task.concurrency=2",
            "task.max-worker-threads=2"));
    Files.writeString(
        catalogs.resolve("lake.properties"),
        String.join(
            "\n",
            "connector.name=delta_lake",
            "hive.metastore=file",
            "hive.metastore.catalog.dir=local://" + lab.folder("metastore"),
            "fs.native-local.enabled=true",
            "local.location=/",
            "delta.register-table-procedure.enabled=true"));
    Child process =
        lab.program(
            List.of(
                java().orElseThrow().toString(),
                "-Xmx2g",
                "-XX:+UseG1GC",
                "-XX:-OmitStackTraceInFastThrow",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.attach.allowAttachSelf=true",
                "-Dfile.encoding=UTF-8",
                "-Dnode.environment=bench",
                "-Dnode.id=bench",
                "-Dnode.data-dir=" + lab.folder("trino-data"),
                "-Dconfig=" + home.resolve("etc/config.properties"),
                "-cp",
                home.resolve("lib") + "/*",
                "io.trino.server.TrinoServer"));
    TrinoServer server = new TrinoServer(process, "http://127.0.0.1:" + port);
    try {
      server.register(locations);
      return server;
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  /** Takes the server out of its tarball, with no other plugin than that for Delta tables. */
  static Path unpack(Lab lab) throws IOException, InterruptedException {
    Path folder = lab.folder("trino");
    Process tar =
        new ProcessBuilder("tar", "-xzf", TARBALL.toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    if (tar.waitFor() != 0) {
      throw new IOException("tar could not unpack " + TARBALL);
    }
    Path home = folder.resolve("trino-server-" + VERSION);
    // Plugins share files by hard links, so that one cannot be taken out alone.
    try (Stream<Path> plugins = Files.list(home.resolve("plugin"))) {
      for (Path plugin : plugins.filter(p -> !p.endsWith("delta-lake")).toList()) {
        lab.delete(plugin);
      }
    }
    return home;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void register(Map<String, String> locations) throws Exception {
    TrinoQueries client = new TrinoQueries(url);
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        client.run("CREATE SCHEMA tpch");
        break;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException("Trino does not answer", e);
        }
        Thread.sleep(500);
      }
    }
    for (Map.Entry<String, String> table : locations.entrySet()) {
      client.run(
          "CALL lake.system.register_table('tpch', '"
              + table.getKey()
              + "', 'local://"
              + table.getValue().replace("file:", "").replaceFirst("^/+", "/")
              + "')");
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }
}
