package dev.tarn.testkit.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runs in the broker's own process: formats the storage if that was never finished, starts
 * Kafka, and stops when the parent process is gone. Uses Kafka by name only, so that it compiles
 * and loads without Kafka's jars.
 */
final class KafkaBrokerProcess {
  private static final int LOCK_WAIT_MILLIS = 30_000;
  private static final int STOP_MILLIS = 5_000;

  private KafkaBrokerProcess() {}

  /**
   * @param args the broker's folder, its properties file, and the cluster id to format with
   */
  public static void main(String[] args) throws Exception {
    stopWithParent(System.in);
    Path folder = Path.of(args[0]);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("broker.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (lock == null) {
        System.err.println("Another broker is running on " + folder + ". Stop it first.");
        Runtime.getRuntime().halt(3);
      }
      formatOnce(folder, args[1], args[2]);
      Class.forName("kafka.Kafka")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {args[1]});
    }
  }

  /**
   * The parent holds the other end of standard input; even kill -9 closes it. Stopping in good
   * order lets the next start do without waiting for the old session to run out, but must not take
   * long.
   */
  private static void stopWithParent(InputStream parent) {
    daemon(
        "stop-with-parent",
        () -> {
          try {
            while (parent.read() >= 0) {
              continue;
            }
          } catch (IOException e) {
            System.err.println("Standard input failed, stopping: " + e.getMessage());
          }
          daemon("halt", KafkaBrokerProcess::haltSoon);
          System.exit(0);
        });
  }

  private static void haltSoon() {
    try {
      Thread.sleep(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for a predecessor that is still dying, as after kill -9 of its parent. */
  private static FileLock lock(FileChannel channel) throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + LOCK_WAIT_MILLIS * 1_000_000L;
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < giveUp) {
      Thread.sleep(50);
      lock = channel.tryLock();
    }
    return lock;
  }

  /** The mark is written last: a format that was killed half-way is done again from nothing. */
  private static void formatOnce(Path folder, String properties, String clusterId)
      throws Exception {
    Path mark = folder.resolve("formatted");
    if (Files.exists(mark)) {
      return;
    }
    Path log = folder.resolve("log");
    if (Files.exists(log)) {
      List<Path> stale;
      try (Stream<Path> files = Files.walk(log)) {
        stale = files.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : stale) {
        Files.delete(file);
      }
    }
    String[] format = {"format", "--config", properties, "--cluster-id", clusterId};
    Object exit =
        Class.forName("kafka.tools.StorageTool")
            .getMethod("execute", String[].class, PrintStream.class)
            .invoke(null, format, System.err);
    if (!Integer.valueOf(0).equals(exit)) {
      System.err.println("Formatting " + log + " failed with exit code " + exit + ".");
      Runtime.getRuntime().halt(4);
    }
    Files.writeString(mark, clusterId);
  }
}
