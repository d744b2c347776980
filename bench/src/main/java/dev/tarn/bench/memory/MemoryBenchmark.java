package dev.tarn.bench.memory;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Heap and resident memory of {@code tarn demo --keep}, while it runs and after a minute idle. */
public final class MemoryBenchmark implements Benchmark {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration IDLE = Duration.ofSeconds(60);
  // The line of a collection ends with: before->after(size of the heap) in MiB.
  private static final Pattern COLLECTION = Pattern.compile(" (\\d+)M->(\\d+)M\\((\\d+)M\\) ");

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "heap and resident memory of the demo, at its peak and a minute after";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Samples used = new Samples("used", "MiB");
    Samples live = new Samples("live", "MiB");
    Samples committed = new Samples("committed", "MiB");
    Samples peak = new Samples("peak", "MiB");
    Samples idle = new Samples("idle", "MiB");
    for (int round = 0; round < lab.rounds(); round++) {
      Path data = lab.folder("demo");
      Path log = data.resolve("gc.log");
      try (Child demo =
          lab.tarn(
              Map.of("TARN_JAVA_OPTS", "-Xlog:gc:file=" + log),
              "demo",
              "--keep",
              "--data",
              data.toString(),
              "--port",
              "0")) {
        demo.await("Serving until", LIMIT);
        peak.add(demo.peakResident());
        Thread.sleep(IDLE.toMillis());
        idle.add(demo.resident());
      }
      heap(log, used, live, committed);
      lab.delete(data);
      lab.say("round " + (round + 1) + " of " + lab.rounds() + " done");
    }
    Report report = new Report(name());
    report.add("demo: most heap used, garbage included", used);
    report.add("demo: most heap left after a collection", live);
    report.add("demo: largest heap", committed);
    report.add("demo: peak resident memory", peak);
    report.add("demo --keep: resident memory after 60 s idle", idle);
    return report;
  }

  private static void heap(Path log, Samples used, Samples live, Samples committed)
      throws IOException {
    double before = 0;
    double after = 0;
    double size = 0;
    Matcher collection = COLLECTION.matcher(Files.readString(log));
    while (collection.find()) {
      before = Math.max(before, Double.parseDouble(collection.group(1)));
      after = Math.max(after, Double.parseDouble(collection.group(2)));
      size = Math.max(size, Double.parseDouble(collection.group(3)));
    }
    if (size == 0) {
      throw new IOException("No collection is in " + log);
    }
    used.add(before);
    live.add(after);
    committed.add(size);
  }
}
