package dev.tarn.bench;

import dev.tarn.bench.catalog.CatalogBenchmark;
import dev.tarn.bench.dashboard.DashboardBenchmark;
import dev.tarn.bench.fetch.FetchBenchmark;
import dev.tarn.bench.files.FilesBenchmark;
import dev.tarn.bench.flights.FlightsBenchmark;
import dev.tarn.bench.latency.LatencyBenchmark;
import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.memory.MemoryBenchmark;
import dev.tarn.bench.start.StartBenchmark;
import dev.tarn.bench.tpch.TpchBenchmark;
import dev.tarn.server.cli.ExitCodes;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn bench}. */
@Command(
    name = "tarn bench",
    description = {
      "Measure Tarn beside its peer on this machine, in turns, and print rows for",
      "bench/RESULTS.md. Leave the machine alone meanwhile.",
      ""
    },
    footer = {"", "Exit codes: 0 done; 1 a benchmark failed; 2 wrong usage."})
public final class Bench implements Callable<Integer> {
  private static final int ROUNDS = 5;

  private static final List<Benchmark> BENCHMARKS =
      List.of(
          new StartBenchmark(),
          new FlightsBenchmark(),
          new MemoryBenchmark(),
          new FetchBenchmark(),
          new LatencyBenchmark(),
          new TpchBenchmark(),
          new DashboardBenchmark(),
          new FilesBenchmark(),
          new CatalogBenchmark());

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The one to run (default: all):%n${COMPLETION-CANDIDATES}",
      completionCandidates = Names.class)
  private String name;

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default: 5).")
  private int rounds = ROUNDS;

  @Option(
      names = "--scale",
      paramLabel = "N",
      description = "Scale factor of TPC-H (default: 1, about a gigabyte).")
  private double scale = 1;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "ENGINE",
      description = {
        "Whom to measure TPC-H beside: spark, duckdb and, if its",
        "tarball and a JDK 25 are here, trino (default: spark,duckdb)."
      })
  private Set<Lab.Engine> peers = EnumSet.of(Lab.Engine.SPARK, Lab.Engine.DUCKDB);

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = {
        "JDBC URL of an empty PostgreSQL database for",
        "the benchmark 'catalog' (default: SQLite)."
      })
  private String database;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private final PrintWriter out;
  private final PrintWriter err;

  private Bench(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(
        new CommandLine(new Bench(out, err))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(out)
            .setErr(err)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Benchmark> chosen =
        BENCHMARKS.stream().filter(b -> name == null || b.name().equals(name)).toList();
    if (chosen.isEmpty() || rounds < 1 || scale <= 0) {
      err.println(
          !chosen.isEmpty()
              ? "tarn: --rounds must be 1 or more, --scale more than 0."
              : "tarn: there is no benchmark '" + name + "'; see tarn bench --help.");
      return ExitCodes.USAGE;
    }
    try (Lab lab =
        new Lab(
            Path.of(System.getProperty("tarn.home")),
            new Lab.Size(rounds, scale, peers, Optional.ofNullable(database)),
            out)) {
      for (Benchmark benchmark : chosen) {
        lab.say(benchmark.name() + ": " + benchmark.about());
        benchmark.run(lab).print(out);
      }
      return ExitCodes.OK;
    } catch (Exception e) {
      err.println("tarn: " + e.getMessage());
      return ExitCodes.FAILED;
    }
  }

  /** For the help. */
  private static final class Names extends java.util.ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      BENCHMARKS.forEach(b -> add("%n  " + b.name() + ": " + b.about()));
    }
  }
}
