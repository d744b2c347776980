package dev.tarn.bench.latency;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code SELECT 1} over warm connections of every protocol, beside a bare Armeria that says hello
 * (the floor) and a plain Spark Connect server (the peer).
 */
public final class LatencyBenchmark implements Benchmark {
  static final int WARM_UP = 1_500;
  static final int CALLS = 2_000;

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int[] CONNECTIONS = {1, 8, 32};
  private static final String SELECT =
      "{\"statement\":\"SELECT 1\",\"warehouse_id\":\"default\",\"wait_timeout\":\"30s\"}";

  /** Starts the client of one way and gives the process. */
  private interface Way {
    Child start(String url, String token) throws IOException;
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String about() {
    return "SELECT 1 of each protocol: p50, p99 and statements per second";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("hello", (url, token) -> lab.client("", HttpLoad.class, url, token, SELECT, "hello"));
    ways.put("plain Spark Connect", (url, token) -> lab.client("connect", ConnectLoad.class, url));
    ways.put(
        "Statement Execution API",
        (url, token) ->
            lab.client(
                "", HttpLoad.class, url + "/api/2.0/sql/statements", token, SELECT, "SUCCEEDED"));
    ways.put("JDBC, Thrift", (url, token) -> jdbc(lab, url, token, ""));
    ways.put("JDBC, SEA", (url, token) -> jdbc(lab, url, token, ";UseThriftClient=0"));
    ways.put(
        "Spark Connect",
        (url, token) ->
            lab.client(
                "connect",
                ConnectLoad.class,
                url.replace("http://", "sc://")
                    + "/;use_ssl=false;authorization=Bearer%20"
                    + token));
    Map<String, Samples> found = new HashMap<>();
    for (int round = 0; round < lab.rounds(); round++) {
      try (Child hello = lab.peer(Hello.class)) {
        measure(lab, "hello", ways, "http://127.0.0.1:" + port(hello), "none", found);
      }
      try (Child plain = lab.peer(PlainConnect.class)) {
        measure(lab, "plain Spark Connect", ways, "sc://127.0.0.1:" + port(plain), "", found);
      }
      Path data = lab.folder("data");
      try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
        tarn.awaitHttp();
        tarn.firstRow("SELECT 1");
        for (String way : ways.keySet()) {
          if (!way.equals("hello") && !way.equals("plain Spark Connect")) {
            measure(lab, way, ways, tarn.url().toString(), tarn.token(), found);
          }
        }
      }
      lab.delete(data);
    }
    Report report = new Report(name());
    for (String way : ways.keySet()) {
      if (way.equals("hello") || way.equals("plain Spark Connect")) {
        continue;
      }
      for (String peer : List.of("hello", "plain Spark Connect")) {
        for (String time : List.of("p50", "p99")) {
          report.compare(
              way + ", " + time + ", beside " + peer,
              found.get(way + time),
              found.get(peer + time));
        }
        for (int connections : CONNECTIONS) {
          String rate = rate(connections);
          report.compareRates(
              way + ", " + rate + ", beside " + peer,
              found.get(way + rate),
              found.get(peer + rate));
        }
      }
    }
    return report;
  }

  private static String rate(int connections) {
    return "statements per second with " + connections + " connections";
  }

  private static Child jdbc(Lab lab, String url, String token, String properties)
      throws IOException {
    return lab.client(
        "jdbc",
        JdbcLoad.class,
        url.replace("http://", "jdbc:databricks://")
            + "/default;transportMode=http;ssl=0;AuthMech=3;httpPath=/sql/1.0/warehouses/default"
            + properties,
        token);
  }

  private static String port(Child child) throws IOException, InterruptedException {
    return child.await("port ", LIMIT).text().substring("port ".length());
  }

  private static void measure(
      Lab lab,
      String name,
      Map<String, Way> ways,
      String url,
      String token,
      Map<String, Samples> found)
      throws IOException, InterruptedException {
    try (Child client = ways.get(name).start(url, token)) {
      String[] latency = client.await("latency ", LIMIT).text().split(" ");
      add(found, name + "p50", "ms", Double.parseDouble(latency[1]) / 1e3);
      add(found, name + "p99", "ms", Double.parseDouble(latency[2]) / 1e3);
      for (int connections : CONNECTIONS) {
        String[] rate = client.await("rate " + connections + ' ', LIMIT).text().split(" ");
        add(found, name + rate(connections), "/s", Double.parseDouble(rate[2]));
      }
      client.await("done", LIMIT);
    }
    lab.say(
        name
            + ": p50 "
            + found.get(name + "p50").last()
            + ", p99 "
            + found.get(name + "p99").last()
            + ", 32 connections "
            + found.get(name + rate(32)).last());
  }

  private static void add(Map<String, Samples> found, String key, String unit, double value) {
    found.computeIfAbsent(key, k -> new Samples(k, unit)).add(value);
  }
}
