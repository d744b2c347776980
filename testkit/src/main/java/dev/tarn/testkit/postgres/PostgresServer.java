package dev.tarn.testkit.postgres;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL, private to one test run: own cluster in a temporary folder, a free port of the
 * loopback address. Uses the binaries that Maven brings on Linux x86-64, else those on the PATH.
 * PostgreSQL refuses to run as root; then it runs as {@code nobody}.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String USER = "tarn";
  private static final String UNPRIVILEGED = "nobody";
  private static final int TIMEOUT_SECONDS = 120;

  private final Path folder;
  private final String bin;
  private final int port;
  private final List<String> asUser;
  private final Thread atExit = new Thread(this::stopAndDelete);
  private final AtomicInteger databases = new AtomicInteger();

  private PostgresServer(Path folder, String bin, int port, List<String> asUser) {
    this.folder = folder;
    this.bin = bin;
    this.port = port;
    this.asUser = asUser;
  }

  /** Starts a server, which takes a few seconds; returns when it accepts connections. */
  public static PostgresServer start() {
    try {
      Path folder = Files.createTempDirectory("tarn-postgres");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      String bin = binaries(folder);
      boolean root = System.getProperty("user.name").equals("root");
      Path cluster = Files.createDirectory(folder.resolve("cluster"));
      if (root) {
        run(folder, List.of("chown", "-R", UNPRIVILEGED, folder.toString()));
      }
      List<String> asUser = root ? asUnprivileged() : List.of();
      run(
          folder,
          asUser,
          bin + "initdb",
          "-D",
          cluster.toString(),
          "-U",
          USER,
          "--auth=trust",
          "--encoding=UTF8",
          "--locale=C",
          "--no-sync");
      PostgresServer server = new PostgresServer(folder, bin, freePort(), asUser);
      Runtime.getRuntime().addShutdownHook(server.atExit);
      run(
          folder,
          asUser,
          bin + "pg_ctl",
          "start",
          "--wait",
          "-D",
          cluster.toString(),
          "-l",
          cluster.resolve("server.log").toString(),
          "-o",
          "-h 127.0.0.1 -p " + server.port + " -c unix_socket_directories='' -c fsync=off");
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes an empty database.
   *
   * @return its JDBC URL; no password is needed
   */
  public String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
      return url(name);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL made no database", e);
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER;
  }

  private static String binaries(Path folder) throws IOException {
    try (InputStream archive =
        PostgresServer.class.getResourceAsStream("/postgres-linux-x86_64.txz")) {
      if (archive != null
          && System.getProperty("os.name").equals("Linux")
          && System.getProperty("os.arch").equals("amd64")) {
        Path software = Files.createDirectory(folder.resolve("software"));
        Process tar =
            new ProcessBuilder("tar", "-x", "-C", software.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tar.log").toFile())
                .start();
        try (OutputStream in = tar.getOutputStream()) {
          new XZInputStream(archive).transferTo(in);
        }
        await(tar, "tar", folder.resolve("tar.log"));
        return software.resolve("bin") + "/";
      }
    }
    if (onPath("initdb").isEmpty() || onPath("pg_ctl").isEmpty()) {
      throw new IllegalStateException(
          "PostgreSQL's initdb and pg_ctl are not on the PATH. Install PostgreSQL for the tests.");
    }
    return "";
  }

  /** Whatever of the usual tools this machine has for giving up root. */
  private static List<String> asUnprivileged() {
    if (onPath("setpriv").isPresent()) {
      return List.of("setpriv", "--reuid=" + UNPRIVILEGED, "--regid=65534", "--clear-groups", "--");
    }
    if (onPath("runuser").isPresent()) {
      return List.of("runuser", "-u", UNPRIVILEGED, "--");
    }
    throw new IllegalStateException(
        "PostgreSQL does not run as root, and neither setpriv nor runuser is here to become '"
            + UNPRIVILEGED
            + "'. Install util-linux, or run the tests as an ordinary user.");
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void run(Path folder, List<String> prefix, String... command) throws IOException {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(command));
    run(folder, all);
  }

  private static void run(Path folder, List<String> command) throws IOException {
    Path log = folder.resolve("command.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LC_ALL", "C");
    await(builder.start(), command.get(0), log);
  }

  private static void await(Process process, String what, Path log) throws IOException {
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(what + " did not end: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IllegalStateException(what + " was interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          what + " failed with " + process.exitValue() + ": " + Files.readString(log));
    }
  }

  private void stopAndDelete() {
    try {
      run(
          folder,
          asUser,
          bin + "pg_ctl",
          "stop",
          "--wait",
          "-m",
          "immediate",
          "-D",
          folder.resolve("cluster").toString());
    } catch (IOException | IllegalStateException e) {
      System.err.println("PostgreSQL in " + folder + " could not be stopped: " + e.getMessage());
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("Temporary folder " + folder + " could not be deleted: " + e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    stopAndDelete();
  }
}
