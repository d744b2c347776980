package dev.tarn.engine.spark;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the statement that has allocated the most when the heap stays nearly full after a
 * collection. Waiting for the JVM's own error would let it hit whichever thread asks next, and one
 * of Spark's would never come back; before it comes, everything stands still for minutes. Spark's
 * own memory is kept below this mark, and spills: it is what Spark does not count that fills a
 * heap. What is only kept for speed goes before any statement has to.
 */
final class HeapGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeapGuard.class);
  private static final double NEARLY_FULL = 0.82;

  /** How full the heap should be once what is spare is gone, so that it need not go each time. */
  private static final double ROOM_AGAIN = 0.75;

  /** What has allocated less than this is not what fills the heap. */
  private static final long LEAST = Runtime.getRuntime().maxMemory() / 10;

  private static final long POLL_MILLIS = 50;

  /** Of the time, at most a quarter is spent on asking the collector. */
  private static final long REST_PER_COLLECTION = 3;

  /** How long one that was told to stop is waited for before another is. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final long INSIST_NANOS = 1_000_000_000L;

  private final Map<String, StatementJobs> running = new ConcurrentHashMap<>();
  private final Optional<MemoryPoolMXBean> longLived;
  private final Thread thread;
  private Map<Work, Long> before = new HashMap<>();
  private Map<String, Long> allocated = Map.of();
  private StatementJobs last;
  private long lastStopped;
  private long insistAt;
  private volatile boolean closed;

  /** A thread of a statement that is not a task. */
  private record Work(String statement, long thread) {}

  HeapGuard() {
    this.longLived =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(p -> p.getType() == MemoryType.HEAP && p.getCollectionUsage() != null)
            .filter(p -> p.getName().contains("Old") || p.getName().contains("Tenured"))
            .findFirst();
    this.thread = new Thread(this::watch, "heap-guard");
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    thread.start();
  }

  void add(StatementJobs statement) {
    running.put(statement.id(), statement);
  }

  void remove(StatementJobs statement) {
    running.remove(statement.id());
  }

  private void watch() {
    long lookAgain = System.nanoTime();
    while (!closed) {
      try {
        Thread.sleep(POLL_MILLIS);
        if (last != null) {
          insist();
        }
        boolean filling = filled(longLived.map(MemoryPoolMXBean::getUsage)) > NEARLY_FULL;
        measure();
        if (filling && last == null && largest().isPresent() && System.nanoTime() >= lookAgain) {
          // The collector would tell how much is garbage only once there is no room left to act.
          long begun = System.nanoTime();
          System.gc();
          if (isFull() && !wasSpare()) {
            largest().ifPresent(this::exhaust);
          }
          long ended = System.nanoTime();
          lookAgain = ended + REST_PER_COLLECTION * (ended - begun);
        }
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) {
        // An error here, even one of memory, must not end the watch.
        lookAgain = System.nanoTime();
      }
    }
  }

  private boolean isFull() {
    return filled(longLived.map(MemoryPoolMXBean::getCollectionUsage)) > NEARLY_FULL;
  }

  /**
   * Whether there is room again once what is only kept for speed is gone. Not tried where that is
   * too little: it takes time, in which the heap fills.
   */
  private boolean wasSpare() {
    MemoryUsage usage = longLived.orElseThrow().getCollectionUsage();
    long missing = usage.getUsed() - (long) (ROOM_AGAIN * usage.getMax());
    if (SpareMemory.bytes() < missing) {
      return false;
    }
    SpareMemory.free(missing);
    System.gc();
    LOG.info("The heap was nearly full: blocks and what parsers keep made room for statements");
    return !isFull();
  }

  /**
   * What was stopped is told again, since Spark may have lacked the memory to hear it, and starts a
   * task that was stopped anew. Until it has ended nobody knows whether another has to.
   */
  private void insist() {
    last.interruptTasks();
    long now = System.nanoTime();
    boolean ended = !last.hasThreads() && !TaskWatch.runs(last.id());
    if (ended || now - lastStopped > PATIENCE_NANOS) {
      last = null;
    } else if (now >= insistAt) {
      insistAt = now + INSIST_NANOS;
      last.stop();
    }
  }

  private static double filled(Optional<MemoryUsage> usage) {
    return usage
        .filter(u -> u.getMax() > 0)
        .map(u -> (double) u.getUsed() / u.getMax())
        .orElse(0.0);
  }

  /** Notes how many bytes each statement's threads have allocated for it since first seen. */
  private void measure() {
    if (running.isEmpty()) {
      before.clear();
      allocated = Map.of();
      return;
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<String, Long> sums = new HashMap<>();
    Map<Work, Long> now = new HashMap<>();
    for (StatementJobs statement : running.values()) {
      for (long each : statement.threads()) {
        Work work = new Work(statement.id(), each);
        long bytes = threads.getThreadAllocatedBytes(each);
        long begun = before.getOrDefault(work, bytes);
        now.put(work, begun);
        sums.merge(statement.id(), bytes - begun, Long::sum);
      }
    }
    TaskWatch.forEach((statement, bytes) -> sums.merge(statement, bytes, Long::sum));
    before = now;
    allocated = sums;
  }

  /** What has allocated the most, if that is enough to fill a heap with. */
  private Optional<StatementJobs> largest() {
    return running.values().stream()
        .filter(s -> !s.stopped() && allocated.getOrDefault(s.id(), 0L) > LEAST)
        .max(Comparator.comparingLong(s -> allocated.getOrDefault(s.id(), 0L)));
  }

  private void exhaust(StatementJobs statement) {
    last = statement;
    lastStopped = System.nanoTime();
    insistAt = lastStopped + INSIST_NANOS;
    statement.exhaust();
    LOG.warn("The heap is nearly full: statement {} is stopped", statement.id());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
