package dev.tarn.bench.files;

import dev.tarn.bench.dashboard.PlainDelta;
import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Delta table of 100,000 small files, in a process that has not seen it before: on Tarn through
 * JDBC, and on plain Spark Connect with Delta over the same files. Tarn keeps no result.
 */
public final class FilesBenchmark implements Benchmark {
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final String SEED = "main.default.seed";
  private static final String TABLE = "main.default.many";
  private static final String PEER = "plain Spark";

  /** What the clients print, and what it is. */
  private static final Map<String, String> FIGURES = figures();

  private static Map<String, String> figures() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("first", "first query, which one file answers");
    figures.put("one", "later queries, each answered by another file, p50");
    figures.put("count", "count(*), p50");
    figures.put("all", "sum over all files, first time");
    figures.put("again", "sum over all files, second time");
    return figures;
  }

  @Override
  public String name() {
    return "files";
  }

  @Override
  public String about() {
    return "a table of 100,000 files: the first query, and those after it";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Map<String, Samples> found = new LinkedHashMap<>();
    for (int round = 0; round < lab.rounds(); round++) {
      Path data = lab.folder("data");
      Path many = lab.folder("many");
      String seed = lay(lab, data, many);
      String answers;
      try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
        tarn.awaitHttp();
        tarn.firstRow("SELECT 1");
        String url =
            tarn.url().toString().replace("http://", "jdbc:databricks://")
                + "/default;transportMode=http;ssl=0;AuthMech=3"
                + ";httpPath=/sql/1.0/warehouses/default";
        try (Child client = lab.client("jdbc", JdbcFiles.class, url, tarn.token(), SEED, TABLE)) {
          answers = measure(lab, "Tarn", client, found);
        }
      }
      try (Child plain = lab.peer(PlainDelta.class)) {
        String port = plain.await("port ", LIMIT).text().substring("port ".length());
        try (Child client =
            lab.client(
                "connect",
                ConnectFiles.class,
                "sc://127.0.0.1:" + port,
                "delta.`" + seed + "`",
                "delta.`" + many + "`")) {
          if (!measure(lab, PEER, client, found).equals(answers)) {
            throw new IOException("Tarn and " + PEER + " differ in their answers");
          }
        }
      }
      lab.delete(many);
      lab.delete(data);
    }
    Report report = new Report(name());
    FIGURES.forEach(
        (key, what) ->
            report.compare(
                what + ", beside " + PEER, found.get("Tarn" + key), found.get(PEER + key)));
    return report;
  }

  /** Lays the table; returns the folder of the one whose files it links to. */
  private static String lay(Lab lab, Path data, Path many) throws Exception {
    try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
      tarn.awaitHttp();
      tarn.firstRow("SELECT 1");
      tarn.client()
          .sql(
              "CREATE TABLE "
                  + SEED
                  + " AS SELECT /*+ REPARTITION_BY_RANGE(100, id) */ id, concat('v', id) AS v,"
                  + " id * 1.25D AS price FROM range("
                  + FileQueries.IDS
                  + ")");
      String seed = URI.create(tarn.location(SEED)).getPath();
      int files = LinkedTable.lay(Path.of(seed), many, FileQueries.PARTITIONS);
      lab.say(files + " files are laid");
      tarn.client().sql("CREATE TABLE " + TABLE + " LOCATION '" + many + "'");
      tarn.client().sql("INSERT INTO " + TABLE + " VALUES (-1, 'checkpoint', 0, 0)");
      return seed;
    }
  }

  private static String measure(Lab lab, String who, Child client, Map<String, Samples> found)
      throws IOException, InterruptedException {
    StringBuilder said = new StringBuilder(who).append(':');
    for (String key : FIGURES.keySet()) {
      String micros = client.await(key + ' ', LIMIT).text().substring(key.length() + 1);
      Samples samples = found.computeIfAbsent(who + key, k -> new Samples(k, "ms"));
      samples.add(Long.parseLong(micros) / 1e3);
      said.append(' ').append(key).append(' ').append(samples.last());
    }
    lab.say(said.toString());
    return client.await("answers ", LIMIT).text();
  }
}
