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
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the statement that has allocated the most when the heap stays nearly full after a
 * collection. Waiting for the JVM's own error would let it hit whichever thread asks next, and one
 * of Spark's would never come back; before it comes, everything stands still for minutes. Spark's
 * own memory is kept below this mark, and spills: it is what Spark does not count that fills a
 * heap.
 */
final class HeapGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeapGuard.class);
  private static final double NEARLY_FULL = 0.75;

  /** What has allocated less than this is not what fills the heap. */
  private static final long LEAST = Runtime.getRuntime().maxMemory() / 10;

  private static final long POLL_MILLIS = 50;
  private static final long LOOK_AGAIN_NANOS = 1_500_000_000L;
  private static final Pattern TASK = Pattern.compile("\\(TID (\\d+)\\)");

  private final Map<String, StatementJobs> running = new ConcurrentHashMap<>();
  private final LongFunction<String> statementOfTask;
  private final Optional<MemoryPoolMXBean> longLived;
  private final Thread thread;
  private Map<String, Long> before = new HashMap<>();
  private Map<String, Long> allocated = Map.of();
  private volatile boolean closed;

  /**
   * @param statementOfTask the statement that a task of Spark works for, or null
   */
  HeapGuard(LongFunction<String> statementOfTask) {
    this.statementOfTask = statementOfTask;
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
        measure();
        boolean filling = filled(longLived.map(MemoryPoolMXBean::getUsage)) > NEARLY_FULL;
        if (filling && largest().isPresent() && System.nanoTime() >= lookAgain) {
          // The collector would tell how much is garbage only once there is no room left to act.
          System.gc();
          if (filled(longLived.map(MemoryPoolMXBean::getCollectionUsage)) > NEARLY_FULL) {
            largest().ifPresent(HeapGuard::exhaust);
          }
          lookAgain = System.nanoTime() + LOOK_AGAIN_NANOS;
        }
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) {
        // An error here, even one of memory, must not end the watch.
        lookAgain = System.nanoTime();
      }
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
    Map<String, Long> now = new HashMap<>();
    for (Thread each : all()) {
      String statement = statementOf(each);
      if (statement != null) {
        String work = each.getId() + each.getName();
        long bytes = threads.getThreadAllocatedBytes(each.getId());
        long begun = before.getOrDefault(work, bytes);
        now.put(work, begun);
        sums.merge(statement, bytes - begun, Long::sum);
      }
    }
    before = now;
    allocated = sums;
  }

  private String statementOf(Thread each) {
    String name = each.getName();
    if (name.startsWith("Executor task")) {
      Matcher task = TASK.matcher(name);
      return task.find() ? statementOfTask.apply(Long.parseLong(task.group(1))) : null;
    }
    for (StatementJobs statement : running.values()) {
      if (statement.has(each)) {
        return statement.id();
      }
    }
    return null;
  }

  private static Thread[] all() {
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    while (top.getParent() != null) {
      top = top.getParent();
    }
    Thread[] found = new Thread[top.activeCount() * 2 + 16];
    int count = top.enumerate(found);
    return java.util.Arrays.copyOf(found, count);
  }

  /** What has allocated the most, if that is enough to fill a heap with. */
  private Optional<StatementJobs> largest() {
    return running.values().stream()
        .filter(s -> !s.stopped() && allocated.getOrDefault(s.id(), 0L) > LEAST)
        .max(Comparator.comparingLong(s -> allocated.getOrDefault(s.id(), 0L)));
  }

  private static void exhaust(StatementJobs statement) {
    LOG.warn("The heap is nearly full: statement {} is stopped", statement.id());
    statement.exhaust();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
