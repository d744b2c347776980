package dev.tarn.bench.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Calls in a closed loop: each connection sends its next call when the one before has been
 * answered. Needs nothing but the JDK, since it runs beside drivers in processes of their own.
 */
public final class Load {
  private static final long RATE_NANOS = 8_000_000_000L;
  private static final long MOST_WARM_UP_NANOS = 60_000_000_000L;
  private static final int[] CONNECTIONS = {1, 8, 32};

  /** One open connection to what is measured. */
  public interface Connection extends AutoCloseable {
    /** Sends the call and reads its whole answer. */
    void call() throws Exception;

    @Override
    void close() throws IOException;
  }

  private Load() {}

  /**
   * Prints {@code latency P50 P99}, in microseconds, of calls over one connection, then {@code rate
   * CONNECTIONS CALLS_PER_SECOND} for 1, 8 and 32 connections, then {@code done}.
   *
   * @param warmUp calls before those that are measured; fewer where they take over a minute
   */
  public static void run(Callable<Connection> opener, int warmUp, int calls) throws Exception {
    try (Connection connection = opener.call()) {
      long warmUntil = System.nanoTime() + MOST_WARM_UP_NANOS;
      for (int i = 0; i < warmUp && System.nanoTime() < warmUntil; i++) {
        connection.call();
      }
      long[] nanos = new long[calls];
      for (int i = 0; i < calls; i++) {
        long start = System.nanoTime();
        connection.call();
        nanos[i] = System.nanoTime() - start;
      }
      Arrays.sort(nanos);
      System.out.println(
          "latency " + nanos[calls / 2] / 1000 + ' ' + nanos[calls * 99 / 100] / 1000);
    }
    for (int connections : CONNECTIONS) {
      System.out.println("rate " + connections + ' ' + rate(opener, connections));
    }
    System.out.println("done");
    System.exit(0);
  }

  private static long rate(Callable<Connection> opener, int connections) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    List<Connection> open = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        open.add(opener.call());
      }
      long start = System.nanoTime();
      long end = start + RATE_NANOS;
      List<Future<Long>> counts = new ArrayList<>();
      for (Connection connection : open) {
        counts.add(
            threads.submit(
                () -> {
                  long calls = 0;
                  while (System.nanoTime() < end) {
                    connection.call();
                    calls++;
                  }
                  return calls;
                }));
      }
      long calls = 0;
      for (Future<Long> count : counts) {
        calls += count.get();
      }
      return calls * 1_000_000_000L / (System.nanoTime() - start);
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
      threads.shutdown();
    }
  }
}
