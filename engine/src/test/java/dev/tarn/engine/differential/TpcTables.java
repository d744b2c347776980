package dev.tarn.engine.differential;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.testkit.tpc.TpcBenchmark;
import dev.tarn.testkit.tpc.TpcTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a TPC benchmark in a schema of their own. */
final class TpcTables {
  private final EngineUnderTest tarn;
  private final TpcBenchmark benchmark;

  TpcTables(EngineUnderTest tarn, TpcBenchmark benchmark) {
    this.tarn = tarn;
    this.benchmark = benchmark;
  }

  /**
   * Makes and fills them, once.
   *
   * @param chars whether texts are {@code CHAR} and {@code VARCHAR} as the specification has them,
   *     else {@code STRING}
   */
  void load(double scale, boolean chars) throws IOException {
    load(scale, chars, Map.of());
  }

  /**
   * @param kept of some tables, a condition on their rows that are loaded; it may ask the others
   */
  void load(double scale, boolean chars, Map<String, String> kept) throws IOException {
    Path folder = Files.createDirectory(tarn.folder.resolve(benchmark.name()));
    benchmark.write(scale, folder);
    tarn.sql("CREATE SCHEMA main." + benchmark.name());
    List<TpcTable> tables =
        benchmark.tables().stream()
            .sorted(Comparator.comparing(table -> kept.containsKey(table.name())))
            .toList();
    for (TpcTable table : tables) {
      String name = "main." + benchmark.name() + "." + table.name();
      tarn.sql(
          "CREATE TABLE "
              + name
              + " ("
              + (chars ? table.columnsAsSpecified() : table.columnsWithStrings())
              + ")");
      Path file = folder.resolve(table.name() + ".csv");
      tarn.sql(
          "INSERT INTO "
              + name
              + " SELECT * FROM local_files('"
              + file
              + "', schema => '"
              + table.columnsWithStrings()
              + "') WHERE "
              + kept.getOrDefault(table.name(), "true"));
      Files.delete(file);
    }
  }

  /** A session in their schema. */
  SqlSession session(Map<String, String> configuration) {
    return tarn.engine.openSession(
        EngineUnderTest.ADMIN,
        new SessionDefaults(Optional.of("main"), Optional.of(benchmark.name()), configuration));
  }
}
