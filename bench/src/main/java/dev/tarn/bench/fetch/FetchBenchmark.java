package dev.tarn.bench.fetch;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A large result over JDBC, beside the same bytes from a static file server to the same driver. */
public final class FetchBenchmark implements Benchmark {
  private static final long ROWS = 10_000_000;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String TABLE =
      "CREATE TABLE wide AS SELECT id, CAST(id % 100000 AS INT) AS number,"
          + " CAST(id AS DOUBLE) / 7 AS ratio, CAST(id % 1000000 AS DECIMAL(12,2)) AS amount,"
          + " concat('customer ', id % 5000) AS name,"
          + " timestamp_seconds(1700000000 + id) AS at FROM range("
          + ROWS
          + ")";
  private static final Map<String, String> WAYS = new LinkedHashMap<>();

  static {
    WAYS.put("Thrift with links", "");
    WAYS.put("Thrift inline", ";EnableQueryResultDownload=0");
    WAYS.put("SEA links", ";UseThriftClient=0");
  }

  /** What one client measured, in seconds. */
  private record Fetched(double execute, double fetch, String rows) {}

  @Override
  public String name() {
    return "fetch";
  }

  @Override
  public String about() {
    return "10,000,000 rows over JDBC, beside a static file server with the same bytes";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Report report = new Report(name());
    Path data = lab.folder("data");
    try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
      tarn.awaitHttp();
      tarn.firstRow("SELECT 1");
      TarnClient client = tarn.client();
      client.sql(TABLE);
      for (Map.Entry<String, String> way : WAYS.entrySet()) {
        Samples fetch = new Samples(way.getKey() + ", Tarn", "s");
        Samples floor = new Samples(way.getKey() + ", static files", "s");
        Samples whole = new Samples(way.getKey() + ", Tarn, with the query", "s");
        Path kept = lab.folder("kept");
        try (Replay replay = new Replay(tarn.url(), kept)) {
          Fetched first = fetch(lab, replay.port(), tarn.token(), way.getValue());
          for (int round = 0; round < lab.rounds(); round++) {
            Fetched ours = fetch(lab, tarn.url().getPort(), tarn.token(), way.getValue());
            replay.replay();
            Fetched files = fetch(lab, replay.port(), tarn.token(), way.getValue());
            if (!ours.rows().equals(files.rows()) || !ours.rows().equals(first.rows())) {
              throw new IOException("The rows differ: " + ours.rows() + ", " + files.rows());
            }
            fetch.add(ours.fetch());
            whole.add(ours.execute() + ours.fetch());
            floor.add(files.fetch());
            lab.say(way.getKey() + ": " + fetch.last() + ", static files " + floor.last());
          }
        }
        lab.delete(kept);
        report.compare(
            way.getKey() + ": fetching, after the statement's first answer", fetch, floor);
        report.add(way.getKey() + ": the query and fetching", whole);
      }
    }
    lab.delete(data);
    return report;
  }

  private static Fetched fetch(Lab lab, int port, String token, String properties)
      throws IOException, InterruptedException {
    String url =
        "jdbc:databricks://127.0.0.1:"
            + port
            + "/default;transportMode=http;ssl=0;AuthMech=3;httpPath=/sql/1.0/warehouses/default"
            + properties;
    try (Child client = lab.client("jdbc", JdbcFetch.class, url, token, "SELECT * FROM wide")) {
      String[] parts = client.await("fetched ", LIMIT).text().split(" ");
      if (Long.parseLong(parts[3]) != ROWS) {
        throw new IOException("The driver fetched " + parts[3] + " rows instead of " + ROWS);
      }
      return new Fetched(
          Long.parseLong(parts[1]) / 1e9, Long.parseLong(parts[2]) / 1e9, parts[3] + parts[4]);
    }
  }
}
