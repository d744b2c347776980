package dev.tarn.bench.catalog;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Unity Catalog with 100,000 tables; without a peer. */
public final class CatalogBenchmark implements Benchmark {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  /** What the load prints, and what it is; times unless it says otherwise. */
  private static final Map<String, String> FIGURES = figures();

  private static Map<String, String> figures() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("lookup-often", "resolve and authorise a table, 5,000 tables in use");
    figures.put("lookup-all", "resolve and authorise a table, all 100,000 in turn");
    figures.put("page-50", "list a page of 50 tables");
    figures.put("page-1000", "list a page of 1,000 tables");
    figures.put("search-first", "the first search, which builds the index");
    figures.put("search", "a page of 20 results of a search");
    figures.put("grant", "grant, and see it");
    figures.put("audit", "record a call for the audit log");
    figures.put("mixed-rate", "lookups a second with 50 writes a second");
    figures.put("mixed-writes", "writes a second meanwhile");
    figures.put("mixed-lookup", "a lookup meanwhile");
    figures.put("mixed-write", "a write meanwhile");
    return figures;
  }

  @Override
  public String name() {
    return "catalog";
  }

  @Override
  public String about() {
    return "Unity Catalog with 100,000 tables, 10,000 grants and 500 nested groups";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Map<String, Samples> found = new LinkedHashMap<>();
    for (int round = 0; round < lab.rounds(); round++) {
      Path data = lab.folder("catalog");
      List<String> arguments = new ArrayList<>(List.of(data.toString()));
      lab.database().ifPresent(arguments::add);
      try (Child load = lab.peer(CatalogLoad.class, arguments.toArray(String[]::new))) {
        load.await("entered", LIMIT);
        for (Map.Entry<String, String> figure : FIGURES.entrySet()) {
          String[] said = load.await(figure.getKey() + ' ', LIMIT).text().split(" ");
          lab.say(String.join(" ", said));
          add(found, figure.getValue(), figure.getKey(), said);
        }
      }
      lab.delete(data);
    }
    Report report = new Report(name());
    found.forEach((what, samples) -> report.add(what, samples));
    return report;
  }

  private static void add(Map<String, Samples> found, String what, String key, String[] said) {
    if (key.equals("mixed-rate") || key.equals("mixed-writes")) {
      found.computeIfAbsent(what, w -> new Samples(w, "/s")).add(Double.parseDouble(said[1]));
    } else {
      for (int i = 1; i <= 2; i++) {
        found
            .computeIfAbsent(what + (i == 1 ? ", p50" : ", p99"), w -> new Samples(w, "ms"))
            .add(Double.parseDouble(said[i]) / 1e3);
      }
    }
  }
}
