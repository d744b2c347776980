package dev.tarn.bench.dashboard;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A query that groups a gold table of 10,000 rows, over warm connections: on Tarn through JDBC,
 * with one text again and again and with another text each time, and on plain Spark Connect with
 * Delta over the same files. Tarn keeps no result.
 */
public final class DashboardBenchmark implements Benchmark {
  static final int WARM_UP = 1_500;
  static final int CALLS = 500;

  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final int[] CONNECTIONS = {1, 8, 32};
  private static final String PEER = "plain Spark";
  private static final Map<String, String> WAYS =
      new LinkedHashMap<>(Map.of("the same text", "same", "another text each time", "other"));

  @Override
  public String name() {
    return "dashboard";
  }

  @Override
  public String about() {
    return "a grouping query on 10,000 rows: p50, p99 and statements per second";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Map<String, Samples> found = new LinkedHashMap<>();
    for (int round = 0; round < lab.rounds(); round++) {
      Path data = lab.folder("data");
      String location;
      try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
        tarn.awaitHttp();
        tarn.firstRow("SELECT 1");
        tarn.client().sql(DashboardQueries.CREATE);
        location = tarn.location(DashboardQueries.TABLE);
        String url =
            tarn.url().toString().replace("http://", "jdbc:databricks://")
                + "/default;transportMode=http;ssl=0;AuthMech=3"
                + ";httpPath=/sql/1.0/warehouses/default";
        for (Map.Entry<String, String> way : WAYS.entrySet()) {
          try (Child client =
              lab.client("jdbc", JdbcDashboard.class, url, tarn.token(), way.getValue())) {
            measure(lab, way.getKey(), client, found);
          }
        }
      }
      try (Child plain = lab.peer(PlainDelta.class)) {
        String port = plain.await("port ", LIMIT).text().substring("port ".length());
        try (Child client =
            lab.client(
                "connect",
                ConnectDashboard.class,
                "sc://127.0.0.1:" + port,
                "delta.`" + location + "`")) {
          measure(lab, PEER, client, found);
        }
      }
      lab.delete(data);
    }
    return report(found);
  }

  private Report report(Map<String, Samples> found) {
    Report report = new Report(name());
    for (String way : WAYS.keySet()) {
      for (String time : List.of("p50", "p99")) {
        report.compare(
            way + ", " + time + ", beside " + PEER, found.get(way + time), found.get(PEER + time));
      }
      for (int connections : CONNECTIONS) {
        report.compareRates(
            way + ", " + rate(connections) + ", beside " + PEER,
            found.get(way + rate(connections)),
            found.get(PEER + rate(connections)));
      }
    }
    return report;
  }

  private static String rate(int connections) {
    return "statements per second with " + connections + " connections";
  }

  private static void measure(Lab lab, String way, Child client, Map<String, Samples> found)
      throws IOException, InterruptedException {
    String[] latency = client.await("latency ", LIMIT).text().split(" ");
    add(found, way + "p50", "ms", Double.parseDouble(latency[1]) / 1e3);
    add(found, way + "p99", "ms", Double.parseDouble(latency[2]) / 1e3);
    for (int connections : CONNECTIONS) {
      String[] rate = client.await("rate " + connections + ' ', LIMIT).text().split(" ");
      add(found, way + rate(connections), "/s", Double.parseDouble(rate[2]));
    }
    client.await("done", LIMIT);
    lab.say(
        way
            + ": p50 "
            + found.get(way + "p50").last()
            + ", p99 "
            + found.get(way + "p99").last()
            + ", 32 connections "
            + found.get(way + rate(32)).last());
  }

  private static void add(Map<String, Samples> found, String key, String unit, double value) {
    found.computeIfAbsent(key, k -> new Samples(k, unit)).add(value);
  }
}
