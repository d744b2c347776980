package dev.tarn.testkit.kafka;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A real Apache Kafka broker (KRaft, one node, loopback only) in a child process with its own class
 * path. Topics live in the given folder and survive restarts and {@code kill -9}; events are kept
 * for ever. The process ends with this one, however this one ends.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final int ATTEMPTS = 3;

  private final Path folder;
  private final int port;
  private final Process process;

  private KafkaBroker(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** Starts on the port of the last time if it is free, else on any free port. */
  public static KafkaBroker start(Path folder) {
    return start(folder, 0);
  }

  /**
   * Starts a broker and returns when it answers.
   *
   * @param folder holds topics, settings and the broker's log; made if absent
   * @param port to listen on at 127.0.0.1; 0 as in {@link #start(Path)}
   * @throws TarnException RESOURCE_CONFLICT if the given port is taken, TEMPORARILY_UNAVAILABLE if
   *     the broker does not come up, with the end of its log
   */
  public static KafkaBroker start(Path folder, int port) {
    if (port != 0 && !isFree(port)) {
      throw new TarnException(
          ErrorCode.RESOURCE_CONFLICT,
          "Kafka can't listen on 127.0.0.1:"
              + port
              + ": the port is in use. Stop what uses it, or choose another port.");
    }
    try {
      Files.createDirectories(folder);
      TarnException last = null;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int chosen = port != 0 ? port : lastOrFreePort(folder);
        KafkaBroker broker = new KafkaBroker(folder, chosen, launch(folder, chosen));
        try {
          broker.awaitReady();
          Files.writeString(folder.resolve("port"), Integer.toString(chosen));
          return broker;
        } catch (TarnException e) {
          broker.killForcibly();
          last = e;
          // Only a port that somebody took in the meantime is worth another try.
          if (isFree(chosen)) {
            throw e;
          }
        }
      }
      throw last;
    } catch (IOException e) {
      throw new UncheckedIOException("Kafka's folder " + folder + " can't be used", e);
    }
  }

  /** {@code host:port} for clients. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Makes a topic unless it is there. */
  public void ensureTopic(String topic, int partitions) {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw unavailable("Topic '" + topic + "' can't be made: " + e.getCause().getMessage(), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("Making topic '" + topic + "' was interrupted", e);
    }
  }

  /** Ends the broker as {@code kill -9} does, and returns when it is gone. */
  public void killForcibly() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Stops the broker in good order. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        killForcibly();
      }
    } catch (InterruptedException e) {
      killForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitExit() {
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() {
    long giveUp = System.nanoTime() + START.toNanos();
    while (!answersOnPort()) {
      if (!process.isAlive()) {
        throw unavailable("Kafka ended while starting. The end of its log:\n" + logEnd(), null);
      }
      if (System.nanoTime() > giveUp) {
        throw unavailable(
            "Kafka did not start within " + START.toSeconds() + " s. Its log:\n" + logEnd(), null);
      }
      pause();
    }
    try (Admin admin = admin()) {
      while (admin.describeCluster().nodes().get(60, TimeUnit.SECONDS).isEmpty()) {
        pause();
      }
    } catch (Exception e) {
      throw unavailable("Kafka started but does not answer. Its log:\n" + logEnd(), e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("Waiting for Kafka was interrupted", e);
    }
  }

  private boolean answersOnPort() {
    try (var socket = new java.net.Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return process.isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  private Admin admin() {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            bootstrapServers(),
            "default.api.timeout.ms",
            "60000",
            "reconnect.backoff.max.ms",
            "200"));
  }

  private String logEnd() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("broker.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private static TarnException unavailable(String message, Throwable cause) {
    return new TarnException(ErrorCode.TEMPORARILY_UNAVAILABLE, message, cause);
  }

  private static Process launch(Path folder, int port) throws IOException {
    Path properties = folder.resolve("server.properties");
    try (var out = Files.newBufferedWriter(properties)) {
      settings(folder, port, freePort()).store(out, "Written by Tarn at every start");
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-cp",
            ownCode() + java.io.File.pathSeparator + brokerClassPath(),
            KafkaBrokerProcess.class.getName(),
            folder.toString(),
            properties.toString(),
            Uuid.randomUuid().toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("broker.log").toFile())
        .start();
  }

  private static Properties settings(Path folder, int port, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.setProperty("log.dirs", folder.resolve("log").toString());
    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("log.retention.ms", "-1");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "1");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    // After kill -9 the broker is let in again only when its old session has run out (default 9 s).
    p.setProperty("broker.session.timeout.ms", "3000");
    p.setProperty("broker.heartbeat.interval.ms", "500");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // The defaults are for many cores and a large heap: the cleaner alone would take 128 MB.
    p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "2");
    p.setProperty("background.threads", "2");
    return p;
  }

  private static String ownCode() {
    try {
      return Path.of(KafkaBroker.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String brokerClassPath() throws IOException {
    try (InputStream in = KafkaBroker.class.getResourceAsStream("broker.classpath")) {
      if (in == null) {
        throw unavailable(
            "The list of Kafka's jars is not in this build. Build module testkit with Maven.",
            null);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static int lastOrFreePort(Path folder) throws IOException {
    Path file = folder.resolve("port");
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      if (text.matches("[1-9][0-9]{0,4}") && isFree(Integer.parseInt(text))) {
        return Integer.parseInt(text);
      }
    }
    return freePort();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
