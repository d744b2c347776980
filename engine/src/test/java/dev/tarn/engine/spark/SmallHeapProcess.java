package dev.tarn.engine.spark;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.TarnException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/** Runs each argument as a statement, one after another, while another session keeps working. */
public final class SmallHeapProcess {
  /** A megabyte each; about all that Spark may keep in this heap. */
  private static final int KEPT_BLOCKS = 90;

  private static final double FULL = 0.87;

  private SmallHeapProcess() {}

  public static void main(String[] statements) throws Exception {
    PrintStream out = System.out;
    EngineUnderTest tarn = EngineUnderTest.get();
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger worked = new AtomicInteger();
    Thread other =
        new Thread(
            () -> {
              try {
                while (!done.get()) {
                  List<String> rows =
                      tarn.sql("SELECT count(*), max(id % 7) FROM range(0, 10000, 1, 4)");
                  if (!rows.equals(List.of("10000|6"))) {
                    throw new IllegalStateException("wrong: " + rows);
                  }
                  worked.incrementAndGet();
                }
              } catch (Throwable e) {
                out.println("OTHER FAILED " + e);
              }
            });
    other.start();
    out.println(beside(tarn).replaceAll("\\s+", " "));
    for (String sql : statements) {
      out.println(run(tarn, "auto", sql).replaceAll("\\s+", " "));
    }
    int before = worked.get();
    while (other.isAlive() && worked.get() < before + 3) {
      Thread.onSpinWait();
    }
    done.set(true);
    other.join();
    out.println("OTHER WORKED " + worked.get());
    Runtime.getRuntime().halt(0);
  }

  /** Runs a statement that needs little, while kept blocks and something else fill the heap. */
  private static String beside(EngineUnderTest tarn) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(tarn.engine.sparkContext().join());
    JavaRDD<byte[]> blocks =
        spark
            .parallelize(IntStream.range(0, KEPT_BLOCKS).boxed().toList(), KEPT_BLOCKS)
            .map(number -> new byte[1 << 20])
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    blocks.count();
    MemoryPoolMXBean old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().contains("Tenured"))
            .findFirst()
            .orElseThrow();
    System.gc();
    MemoryUsage usage = old.getCollectionUsage();
    int rest = (int) ((long) (usage.getMax() * FULL) - usage.getUsed());
    byte[][] ballast = {new byte[Math.max(0, rest)]};
    System.gc();
    String outcome =
        run(tarn, "spark", "SELECT max(length(u)) FROM (SELECT uuid() AS u FROM range(3000000))");
    boolean full = old.getCollectionUsage().getUsed() > usage.getMax() / 2 && ballast[0] != null;
    ballast[0] = null;
    blocks.unpersist(true);
    return outcome + (full ? " BESIDE" : " WITH ROOM");
  }

  private static String run(EngineUnderTest tarn, String executor, String sql) {
    try (SqlSession session = tarn.session(EngineUnderTest.ADMIN, executor);
        ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of())) {
      while (rows.next().isPresent()) {
        // Only whether it ends matters.
      }
      return "ENDED";
    } catch (TarnException e) {
      return e.code() + " " + e.sqlState().orElse("") + " " + e.getMessage();
    } catch (Throwable e) {
      return "UNEXPECTED " + e;
    }
  }
}
