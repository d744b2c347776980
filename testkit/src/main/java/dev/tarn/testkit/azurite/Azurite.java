package dev.tarn.testkit.azurite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An object store: Azurite, Microsoft's emulator of Azure Blob Storage, in a process of its own and
 * private to one test run. It ends with this process, however this one ends.
 *
 * @see <a href="https://github.com/Azure/Azurite">Azurite</a>
 */
public final class Azurite implements AutoCloseable {
  /** The account that every Azurite has, with its key, which is no secret. */
  public static final String ACCOUNT = "devstoreaccount1";

  private static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
  private static final int START_SECONDS = 60;

  private final Path data;
  private final int port;
  private final Process process;

  private Azurite(Path data, int port, Process process) {
    this.data = data;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts a store and returns when it answers; the first time npm installs it.
   *
   * @throws IllegalStateException without npm, or if npm or Azurite fail, with what they said
   */
  public static Azurite start() {
    try {
      Path installed = AzuriteInstallation.folder();
      Path data = Files.createTempDirectory("tarn-azurite");
      int port = freePort();
      Process process =
          new ProcessBuilder(
                  "node",
                  "--require",
                  installed.resolve("stop-with-parent.cjs").toString(),
                  installed.resolve("node_modules/azurite/dist/src/blob/main.js").toString(),
                  "--blobHost",
                  "127.0.0.1",
                  "--blobPort",
                  Integer.toString(port),
                  "--location",
                  data.toString(),
                  "--silent",
                  "--skipApiVersionCheck",
                  "--disableTelemetry")
              .directory(data.toFile())
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("azurite.log").toFile())
              .start();
      Azurite azurite = new Azurite(data, port, process);
      try {
        azurite.awaitAnswer();
        return azurite;
      } catch (RuntimeException e) {
        azurite.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /**
   * Where a container lies for Hadoop.
   *
   * @param container its name: lower-case letters, digits and hyphens
   */
  public static String root(String container) {
    return "abfs://" + container + "@" + ACCOUNT + ".dfs.core.windows.net";
  }

  /** Settings of Hadoop by which it reaches this store, making containers that are missing. */
  public Map<String, String> hadoopSettings() {
    return hadoopSettings(port);
  }

  /** As {@link #hadoopSettings()}, through what listens on another port. */
  public static Map<String, String> hadoopSettings(int port) {
    String host = "." + ACCOUNT + ".dfs.core.windows.net";
    return Map.of(
        "fs.azure.account.key" + host,
        KEY,
        "fs.azure.abfs.endpoint",
        "127.0.0.1:" + port,
        "fs.azure.always.use.https",
        "false",
        "fs.azure.fns.account.service.type",
        "BLOB",
        "fs.azure.account.hns.enabled",
        "false",
        "fs.azure.createRemoteFileSystemDuringInitialization",
        "true");
  }

  private void awaitAnswer() throws IOException {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > giveUp) {
        throw new IllegalStateException(
            "Azurite did not start. What it said:\n"
                + Files.readString(data.resolve("azurite.log")));
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while Azurite started", e);
      }
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Stops it and deletes what it kept. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
