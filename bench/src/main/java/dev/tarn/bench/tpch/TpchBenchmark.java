package dev.tarn.bench.tpch;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import dev.tarn.server.client.TarnClient;
import dev.tarn.testkit.tpc.TpcQuery;
import dev.tarn.testkit.tpc.TpcTable;
import dev.tarn.testkit.tpc.Tpch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The queries of TPC-H over one set of Delta tables that Tarn wrote: on Tarn through its JDBC
 * driver, on plain Spark with Delta, on DuckDB alone and, if wished, on Trino. One engine after the
 * other, each in new processes, two cores for each.
 */
public final class TpchBenchmark implements Benchmark {
  private static final Duration LIMIT = Duration.ofMinutes(60);

  private static final String CATALOG_AND_SCHEMA = "main.tpch";

  private final Tpch tpch = new Tpch();

  /** Times of one engine in milliseconds, by query. */
  private record Times(Map<String, Samples> cold, Map<String, Samples> warm, Path rows) {}

  @Override
  public String name() {
    return "tpch";
  }

  @Override
  public String about() {
    return "TPC-H (--scale) on Tarn over JDBC, plain Spark, DuckDB and Trino (--peers)";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Optional<Path> trino = trino(lab);
    Path data = lab.folder("data");
    Map<String, String> locations = load(lab, data);
    Path queries = lab.folder("queries");
    for (TpcQuery query : tpch.queries()) {
      Files.writeString(queries.resolve(query.name() + ".sql"), query.sql());
    }
    Samples resident = new Samples("Tarn, peak resident memory", "MiB");
    Times tarn = tarn(lab, data, queries, resident);
    Map<String, Times> peers = new LinkedHashMap<>();
    if (lab.measures(Lab.Engine.SPARK)) {
      peers.put(Lab.Engine.SPARK.title(), plainSpark(lab, locations, queries));
    }
    if (lab.measures(Lab.Engine.DUCKDB)) {
      peers.put(Lab.Engine.DUCKDB.title(), duckDb(lab, locations, queries));
    }
    if (trino.isPresent()) {
      peers.put(Lab.Engine.TRINO.title(), trino(lab, trino.get(), locations, queries));
    }
    for (Map.Entry<String, Times> peer : peers.entrySet()) {
      for (TpcQuery query : tpch.queries()) {
        SameRows.check(
            query.name(), peer.getValue().rows(), tarn.rows(), "Tarn, beside " + peer.getKey());
      }
    }
    return report(tarn, peers, resident);
  }

  private Map<String, String> load(Lab lab, Path data) throws Exception {
    Path files = lab.folder("files");
    tpch.write(lab.scale(), files);
    Map<String, String> locations = new LinkedHashMap<>();
    try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
      tarn.awaitHttp();
      tarn.firstRow("SELECT 1");
      TarnClient client = tarn.client();
      client.sql("CREATE SCHEMA " + CATALOG_AND_SCHEMA);
      for (TpcTable table : tpch.tables()) {
        String name = CATALOG_AND_SCHEMA + "." + table.name();
        client.sql("CREATE TABLE " + name + " (" + table.columnsWithStrings() + ")");
        client.sql(
            "INSERT INTO "
                + name
                + " SELECT * EXCEPT (_rescued_data) FROM read_files('"
                + files.resolve(table.name() + ".csv")
                + "', format => 'csv', sep => '|', header => 'false', schema => '"
                + table.columnsWithStrings()
                + "')");
        locations.put(table.name(), tarn.location(name));
      }
    }
    lab.delete(files);
    lab.say("tables of scale " + lab.scale() + " loaded");
    return locations;
  }

  private Times tarn(Lab lab, Path data, Path queries, Samples resident) throws Exception {
    try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
      tarn.awaitHttp();
      tarn.firstRow("SELECT 1");
      Path rows = lab.folder("rows");
      String url =
          tarn.url().toString().replace("http://", "jdbc:databricks://")
              + "/default;transportMode=http;ssl=0;AuthMech=3;ConnCatalog=main;ConnSchema=tpch"
              + ";httpPath=/sql/1.0/warehouses/default";
      try (Child child =
          lab.client(
              "jdbc",
              JdbcQueries.class,
              url,
              tarn.token(),
              queries.toString(),
              rows.toString(),
              Integer.toString(lab.rounds()),
              "SET use_cached_result = false")) {
        Times times = times(lab, "Tarn", child, rows);
        resident.add(tarn.process().peakResident());
        return times;
      }
    }
  }

  private Times plainSpark(Lab lab, Map<String, String> locations, Path queries) throws Exception {
    Path rows = lab.folder("rows");
    List<String> arguments =
        new ArrayList<>(
            List.of(queries.toString(), rows.toString(), Integer.toString(lab.rounds())));
    locations.forEach((table, location) -> arguments.add(table + "=" + location));
    try (Child child = lab.peer(PlainSpark.class, arguments.toArray(String[]::new))) {
      return times(lab, Lab.Engine.SPARK.title(), child, rows);
    }
  }

  private Times duckDb(Lab lab, Map<String, String> locations, Path queries) throws Exception {
    Path rows = lab.folder("rows");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "jdbc:duckdb:",
                "",
                queries.toString(),
                rows.toString(),
                Integer.toString(lab.rounds())));
    arguments.add("SET threads = 2");
    arguments.add("SET memory_limit = '2GB'");
    // The tables were written once and never changed: every file of a folder belongs to them.
    locations.forEach(
        (table, location) ->
            arguments.add(
                "CREATE VIEW "
                    + table
                    + " AS SELECT * FROM read_parquet('"
                    + location.replace("file:", "").replaceFirst("^/+", "/")
                    + "/*.parquet')"));
    try (Child child = lab.peer(JdbcQueries.class, arguments.toArray(String[]::new))) {
      return times(lab, Lab.Engine.DUCKDB.title(), child, rows);
    }
  }

  /** Where it was unpacked; empty if it is not asked for or not here. */
  private static Optional<Path> trino(Lab lab) throws Exception {
    if (!lab.measures(Lab.Engine.TRINO)) {
      return Optional.empty();
    }
    Optional<String> missing = TrinoServer.missing();
    if (missing.isPresent()) {
      lab.say("Trino is left out: " + missing.get());
      return Optional.empty();
    }
    return Optional.of(TrinoServer.unpack(lab));
  }

  private Times trino(Lab lab, Path home, Map<String, String> locations, Path queries)
      throws Exception {
    Path rows = lab.folder("rows");
    try (TrinoServer trino = TrinoServer.start(lab, home, locations);
        Child child =
            lab.peer(
                TrinoQueries.class,
                trino.url(),
                queries.toString(),
                rows.toString(),
                Integer.toString(lab.rounds()))) {
      return times(lab, Lab.Engine.TRINO.title(), child, rows);
    }
  }

  private Times times(Lab lab, String engine, Child child, Path rows)
      throws IOException, InterruptedException {
    Times times = new Times(new LinkedHashMap<>(), new LinkedHashMap<>(), rows);
    for (String pass = pass(child); !pass.equals("done"); pass = pass(child)) {
      for (TpcQuery query : tpch.queries()) {
        String line = child.await("time " + query.name() + ' ', LIMIT).text();
        Map<String, Samples> to =
            switch (pass) {
              case "cold" -> times.cold;
              case "warm" -> times.warm;
              default -> new LinkedHashMap<>();
            };
        to.computeIfAbsent(query.name(), name -> new Samples(engine + ", " + name, "ms"))
            .add(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)) / 1e6);
      }
    }
    lab.say(engine + ": geometric mean " + geometricMean(times.warm).last() + " warm");
    return times;
  }

  private static String pass(Child child) throws IOException, InterruptedException {
    return child.await("pass ", LIMIT).text().substring("pass ".length());
  }

  private Report report(Times tarn, Map<String, Times> peers, Samples resident) {
    Report report = new Report(name());
    report.add("peak resident memory of the process", resident);
    peers.forEach(
        (peer, times) -> {
          tarn.warm.forEach(
              (query, ours) ->
                  report.compare(query + ", warm, beside " + peer, ours, times.warm.get(query)));
          report.compare(
              "geometric mean of medians, warm, beside " + peer,
              geometricMean(tarn.warm),
              geometricMean(times.warm));
          report.compare(
              "geometric mean, first run in the process, beside " + peer,
              geometricMean(tarn.cold),
              geometricMean(times.cold));
        });
    return report;
  }

  /** One sample: the geometric mean of the queries' medians. */
  static Samples geometricMean(Map<String, Samples> queries) {
    double logarithms =
        queries.values().stream()
            .mapToDouble(times -> Math.log(times.median()))
            .average()
            .orElseThrow();
    Samples mean = new Samples("geometric mean", "ms");
    mean.add(Math.exp(logarithms));
    return mean;
  }
}
