package dev.tarn.bench.tpch;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs all queries in passes, in a process of its own beside or inside an engine. Needs nothing but
 * the JDK, since drivers with classes of their own share its process.
 *
 * <p>Prints {@code time PASS QUERY NANOS} for each run, the reading of all rows included, then
 * {@code done}; pass 0 is the first. Writes each query's rows of that pass to {@code QUERY.rows}, a
 * row a line, values parted by tabs.
 */
final class QueryPasses {
  /** An engine, ready. */
  interface Engine {
    /** Runs a query and reads all of its rows, each value as text. */
    List<List<String>> run(String sql) throws Exception;
  }

  private QueryPasses() {}

  /**
   * @param queries folder of {@code NAME.sql}
   * @param results folder for the rows
   */
  static void run(Engine engine, Path queries, Path results, int passes) throws Exception {
    List<Path> files;
    try (var all = Files.list(queries)) {
      files = all.sorted().toList();
    }
    for (int pass = 0; pass < passes; pass++) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".sql", "");
        String sql = Files.readString(file);
        long start = System.nanoTime();
        List<List<String>> rows = engine.run(sql);
        long nanos = System.nanoTime() - start;
        System.out.println("time " + pass + ' ' + name + ' ' + nanos);
        if (pass == 0) {
          write(results.resolve(name + ".rows"), rows);
        }
      }
    }
    System.out.println("done");
  }

  private static void write(Path file, List<List<String>> rows) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (List<String> row : rows) {
        out.append(String.join("\t", row)).append('\n');
      }
    }
  }
}
