package dev.tarn.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code tarn up} to its first answers against a bare SparkSession, each in a new process. */
public final class StartBenchmark implements Benchmark {
  private static final String TABLE = "main.default.bench_start";
  private static final long ROWS = 100_000;
  private static final long SUM = ROWS * (ROWS - 1) / 2;
  private static final String SELECT = "SELECT count(*), sum(id) FROM ";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "tarn up to its first HTTP and SQL answer, against a bare SparkSession with Delta";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Path data = lab.folder("data");
    String location = prepare(lab, data);
    // The archive that comes with the JDK, in place of the one that the launcher made.
    Path jdkArchive = Path.of(System.getProperty("java.home"), "lib", "server", "classes.jsa");
    Map<String, String> withoutArchive =
        Map.of(
            "TARN_JAVA_OPTS",
            Files.exists(jdkArchive) ? "-XX:SharedArchiveFile=" + jdkArchive : "-Xshare:off");
    Samples http = new Samples("HTTP", "s");
    Samples sql = new Samples("SQL", "s");
    Samples plainHttp = new Samples("HTTP without the class-data archive", "s");
    Samples plainSql = new Samples("SQL without the class-data archive", "s");
    Samples bare = new Samples("bare Spark", "s");
    for (int round = 0; round < lab.rounds(); round++) {
      tarn(lab, data, Map.of(), http, sql);
      bareSpark(lab, location, bare);
      tarn(lab, data, withoutArchive, plainHttp, plainSql);
      lab.say("round " + (round + 1) + " of " + lab.rounds() + " done");
    }
    Report report = new Report(name());
    report.add("start to first HTTP answer", http);
    report.compare("start to first row of a Delta table", sql, bare);
    report.add("the same without the class-data archive: HTTP", plainHttp);
    report.compare("the same without the class-data archive: row", plainSql, bare);
    return report;
  }

  /** Makes the table, and as a side effect the launcher's archive. */
  private static String prepare(Lab lab, Path data) throws IOException, InterruptedException {
    try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
      tarn.awaitHttp();
      tarn.client().awaitReady(LIMIT);
      tarn.client()
          .sql(
              "CREATE TABLE "
                  + TABLE
                  + " AS SELECT id, CAST(id AS STRING) AS text FROM range("
                  + ROWS
                  + ")");
      return tarn.location(TABLE);
    }
  }

  private static void tarn(
      Lab lab, Path data, Map<String, String> environment, Samples http, Samples sql)
      throws IOException, InterruptedException {
    try (RunningTarn tarn = RunningTarn.start(lab, data, environment)) {
      http.add(seconds(tarn.process().started(), tarn.awaitHttp()));
      JsonNode row = tarn.firstRow(SELECT + TABLE);
      sql.add(seconds(tarn.process().started(), System.nanoTime()));
      check(row.path(0).asText() + " " + row.path(1).asText());
    }
  }

  private static void bareSpark(Lab lab, String location, Samples bare)
      throws IOException, InterruptedException {
    try (Child spark = lab.peer(BareSpark.class, SELECT + "delta.`" + location + "`")) {
      Child.Line line = spark.await("row ", LIMIT);
      bare.add(seconds(spark.started(), line.nanos()));
      check(line.text().substring("row ".length()));
    }
  }

  private static void check(String answer) {
    if (!answer.equals(ROWS + " " + SUM)) {
      throw new IllegalStateException("The select gave " + answer + ".");
    }
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}
