package dev.tarn.bench.flights;

import dev.tarn.bench.measure.Benchmark;
import dev.tarn.bench.measure.Child;
import dev.tarn.bench.measure.Lab;
import dev.tarn.bench.measure.Report;
import dev.tarn.bench.measure.RunningTarn;
import dev.tarn.bench.measure.Samples;
import dev.tarn.examples.flights.FlightData;
import dev.tarn.examples.flights.FlightProducer;
import dev.tarn.server.client.PipelineCalls;
import dev.tarn.server.client.TarnClient;
import dev.tarn.testkit.kafka.KafkaBroker;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The flights pipeline on Tarn and on plain spark-pipelines, from the same topic and files. */
public final class FlightsBenchmark implements Benchmark {
  static final List<String> PIPELINE = List.of("bronze.sql", "silver.sql", "gold.sql");

  static final List<String> GOLD =
      List.of(
          "on_time_by_airport_and_hour",
          "on_time_by_hour",
          "busiest_airports",
          "worst_routes",
          "seattle_delays_by_usual_weather",
          "bird_strikes_by_phase",
          "bird_strikes_by_airport_and_operator");

  /** What the pipeline's read_files calls say about each folder of files. */
  static final Map<String, String> SCHEMAS =
      new TreeMap<>(
          Map.of(
              "airports",
              "iata STRING, name STRING, city STRING, state STRING, country STRING, latitude"
                  + " STRING, longitude STRING",
              "birdstrikes",
              "`Airport Name` STRING, `Aircraft Make Model` STRING, `Effect Amount of damage`"
                  + " STRING, `Flight Date` STRING, `Aircraft Airline Operator` STRING, `Origin"
                  + " State` STRING, `Phase of flight` STRING, `Wildlife Size` STRING, `Wildlife"
                  + " Species` STRING, `Time of day` STRING, `Cost Other` STRING, `Cost Repair`"
                  + " STRING, `Cost Total $` STRING, `Speed IAS in knots` STRING",
              "weather",
              "date STRING, pressure STRING, temperature STRING, wind STRING"));

  private static final Map<String, String> FILES =
      new TreeMap<>(
          Map.of(
              "airports", "airports.csv",
              "birdstrikes", "birdstrikes.csv",
              "weather", "seattle-weather-hourly-normals.csv"));

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Set<String> ENDS = Set.of("COMPLETED", "FAILED", "CANCELED");
  private static final long PAUSE_MILLIS = 10;

  private final Samples first = new Samples("first update, Tarn", "s");
  private final Samples second = new Samples("second update, Tarn", "s");
  private final Samples memory = new Samples("peak memory, Tarn", "MiB");
  private final Samples processor = new Samples("processor time of the first update, Tarn", "s");
  private final Samples plainFirst = new Samples("first update, plain", "s");
  private final Samples plainSecond = new Samples("second update, plain", "s");
  private final Samples plainProcessor = new Samples("processor time, plain", "s");
  private final Samples plainMemory = new Samples("peak memory, plain", "MiB");

  @Override
  public String name() {
    return "flights";
  }

  @Override
  public String about() {
    return "the flights pipeline, first and no-op update, against plain spark-pipelines and Delta";
  }

  @Override
  public Report run(Lab lab) throws Exception {
    Path input = lab.folder("input");
    FlightData data = FlightData.unpack(input);
    Path landing = input.resolve("landing");
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path folder = Files.createDirectories(landing.resolve(file.getKey()));
      Files.copy(data.folder().resolve(file.getValue()), folder.resolve(file.getValue()));
    }
    try (KafkaBroker broker = KafkaBroker.start(lab.folder("kafka"))) {
      broker.ensureTopic(FlightProducer.TOPIC, FlightProducer.PARTITIONS);
      FlightProducer.Replay replay =
          FlightProducer.replay(
              broker.bootstrapServers(), data.flights(), (acknowledged, total, perSecond) -> {});
      lab.say(replay.sent() + " events in the topic");
      for (int round = 0; round < lab.rounds(); round++) {
        Map<String, List<String>> tarn = tarn(lab, broker.bootstrapServers(), landing);
        lab.say("Tarn: " + first.last() + ", then " + second.last());
        Map<String, List<String>> plain = plain(lab, broker.bootstrapServers(), landing);
        lab.say("plain: " + plainFirst.last() + ", then " + plainSecond.last());
        compare(tarn, plain);
        lab.say("round " + (round + 1) + " of " + lab.rounds() + " done; gold is equal");
      }
    }
    Report report = new Report(name());
    report.compare("first update", first, plainFirst);
    report.compare("second update, nothing new", second, plainSecond);
    report.compare("first update, processor time of both cores", processor, plainProcessor);
    report.compare("peak resident memory of the process", memory, plainMemory);
    return report;
  }

  static String pipelineFile(String name) throws IOException {
    try (InputStream in = FlightData.class.getResourceAsStream("pipeline/" + name)) {
      if (in == null) {
        throw new FileNotFoundException("pipeline/" + name + " is not in the example's jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Map<String, List<String>> tarn(Lab lab, String bootstrapServers, Path landing)
      throws IOException, InterruptedException {
    Path data = lab.folder("tarn");
    Map<String, List<String>> gold = new TreeMap<>();
    try (RunningTarn tarn = RunningTarn.start(lab, data, Map.of())) {
      tarn.awaitHttp();
      TarnClient client = tarn.client();
      client.awaitReady(LIMIT);
      client.sql("CREATE SCHEMA main.flights");
      client.sql("CREATE VOLUME main.flights.landing");
      for (Map.Entry<String, String> file : FILES.entrySet()) {
        String folder = "/Volumes/main/flights/landing/" + file.getKey();
        client.makeDirectory(folder);
        client.putFile(
            folder + '/' + file.getValue(),
            landing.resolve(file.getKey()).resolve(file.getValue()));
      }
      String folder = "/Workspace/Users/" + client.currentUser() + "/flights";
      for (String file : PIPELINE) {
        client.putWorkspaceFile(
            folder + '/' + file, pipelineFile(file).getBytes(StandardCharsets.UTF_8));
      }
      String pipeline =
          client
              .pipelines()
              .createOrEdit(
                  "flights",
                  "main",
                  "flights",
                  folder,
                  Map.of("kafka.bootstrap", bootstrapServers));
      double before = tarn.process().processorSeconds();
      first.add(update(client.pipelines(), pipeline));
      processor.add(tarn.process().processorSeconds() - before);
      second.add(update(client.pipelines(), pipeline));
      for (String table : GOLD) {
        gold.put(
            table,
            client.sql("SELECT * FROM main.flights." + table).rows().stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("\t")))
                .sorted()
                .toList());
      }
      memory.add(tarn.process().peakResident());
    }
    lab.delete(data);
    return gold;
  }

  private static double update(PipelineCalls pipelines, String pipeline)
      throws InterruptedException {
    long start = System.nanoTime();
    String update = pipelines.start(pipeline, false, false);
    String state = pipelines.state(pipeline, update);
    while (!ENDS.contains(state)) {
      Thread.sleep(PAUSE_MILLIS);
      state = pipelines.state(pipeline, update);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!state.equals("COMPLETED")) {
      throw new IllegalStateException("Tarn's update ended as " + state + ".");
    }
    return seconds;
  }

  private Map<String, List<String>> plain(Lab lab, String bootstrapServers, Path landing)
      throws IOException, InterruptedException {
    Path work = lab.folder("plain");
    Map<String, List<String>> gold = new TreeMap<>();
    try (Child peer =
        lab.peer(PlainPipelines.class, bootstrapServers, landing.toString(), work.toString())) {
      peer.await("ready", LIMIT);
      double before = peer.processorSeconds();
      plainFirst.add(seconds(peer.await("first ", LIMIT)));
      plainProcessor.add(peer.processorSeconds() - before);
      peer.proceed();
      plainSecond.add(seconds(peer.await("second ", LIMIT)));
      peer.await("done", LIMIT);
      plainMemory.add(peer.peakResident());
      for (String table : GOLD) {
        gold.put(table, Files.readAllLines(work.resolve(table)));
      }
    }
    lab.delete(work);
    return gold;
  }

  private static double seconds(Child.Line line) {
    return Long.parseLong(line.text().substring(line.text().indexOf(' ') + 1)) / 1e9;
  }

  private static void compare(Map<String, List<String>> tarn, Map<String, List<String>> plain) {
    for (String table : GOLD) {
      if (tarn.get(table).isEmpty() || !tarn.get(table).equals(plain.get(table))) {
        throw new IllegalStateException(
            "Table "
                + table
                + " differs: Tarn has "
                + tarn.get(table).size()
                + " rows, plain Spark "
                + plain.get(table).size()
                + ".");
      }
    }
  }
}
