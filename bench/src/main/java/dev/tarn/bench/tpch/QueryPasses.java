package dev.tarn.bench.tpch;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs all queries in passes, in a process of its own beside or inside an engine. Needs nothing but
 * the JDK, since drivers with classes of their own share its process.
 *
 * <p>Prints {@code pass cold}, {@code pass warming} or {@code pass warm} before each pass, {@code
 * time QUERY NANOS} for each run in it, the reading of all rows included, and {@code pass done} at
 * the end. Writes each query's rows of the first pass to {@code QUERY.rows}, a row a line, values
 * parted by tabs.
 */
final class QueryPasses {
  /** An engine, ready. */
  interface Engine {
    /** Runs a query and reads all of its rows, each value as text. */
    List<List<String>> run(String sql) throws Exception;
  }

  /** An engine that does in a second what another does in a minute is to warm up as long. */
  private static final Duration WARMING = Duration.ofMinutes(2);

  private static final int LEAST_WARMING = 2;

  private QueryPasses() {}

  /**
   * @param queries folder of {@code NAME.sql}
   * @param results folder for the rows
   * @param rounds passes when it is warm
   */
  static void run(Engine engine, Path queries, Path results, int rounds) throws Exception {
    List<Path> files;
    try (var all = Files.list(queries)) {
      files = all.sorted().toList();
    }
    pass("cold", engine, files, (name, rows) -> write(results.resolve(name + ".rows"), rows));
    long since = System.nanoTime();
    for (int pass = 0;
        pass < LEAST_WARMING || System.nanoTime() - since < WARMING.toNanos();
        pass++) {
      pass("warming", engine, files, (name, rows) -> {});
    }
    for (int round = 0; round < rounds; round++) {
      pass("warm", engine, files, (name, rows) -> {});
    }
    System.out.println("pass done");
  }

  private interface Keep {
    void rows(String query, List<List<String>> rows) throws IOException;
  }

  private static void pass(String kind, Engine engine, List<Path> files, Keep keep)
      throws Exception {
    System.out.println("pass " + kind);
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".sql", "");
      String sql = Files.readString(file);
      long start = System.nanoTime();
      List<List<String>> rows = engine.run(sql);
      long nanos = System.nanoTime() - start;
      System.out.println("time " + name + ' ' + nanos);
      keep.rows(name, rows);
    }
  }

  private static void write(Path file, List<List<String>> rows) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (List<String> row : rows) {
        out.append(String.join("\t", row)).append('\n');
      }
    }
  }
}
