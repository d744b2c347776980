package dev.tarn.testkit.tpc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The tables, rows and queries of a TPC benchmark, for tests and measurements of our own. */
public interface TpcBenchmark {
  /** Such as {@code tpch}. */
  String name();

  List<TpcTable> tables();

  List<TpcQuery> queries();

  /**
   * Writes each table as {@code NAME.csv}: values parted by bars, no header, no quotes, nothing for
   * NULL. The same scale always gives the same rows.
   *
   * @param scale 1 is about a gigabyte
   */
  void write(double scale, Path folder) throws IOException;
}
