package dev.tarn.examples.flights;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import dev.tarn.server.cli.ExitCodes;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import dev.tarn.testkit.kafka.KafkaBroker;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code tarn demo}: the flights example from files and a stream to gold, on a platform it starts.
 */
@Command(
    name = "tarn demo",
    description = {
      "Start Tarn and a Kafka broker, replay real flights of 2001, run the pipeline in",
      "examples/flights/pipeline and print its gold tables. Run again, it takes in only",
      "what is new."
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 a step failed; 2 wrong usage; 4 the server could not start."
    })
public final class FlightsDemo implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder (default: ~/.tarn). Deleting it removes everything.")
  private Path data;

  @Option(names = "--keep", description = "Go on serving afterwards, until stopped (Ctrl-C).")
  private boolean keep;

  @Option(
      names = "--full",
      description = "Replay all 3,000,000 flights; npm fetches them the first time.")
  private boolean full;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes a free one (default: 8080).")
  private Integer port;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private final PrintWriter err;
  private final DemoScreen screen;

  private FlightsDemo(PrintWriter out, PrintWriter err, boolean terminal) {
    this.err = err;
    this.screen = new DemoScreen(out, terminal);
  }

  public static void main(String[] arguments) {
    System.exit(
        run(
            utf8(FileDescriptor.out),
            utf8(FileDescriptor.err),
            System.console() != null && System.getenv("TERM") != null,
            arguments));
  }

  /**
   * Runs the demo with the arguments behind {@code tarn demo}.
   *
   * @param terminal whether {@code out} can redraw a line
   * @return exit code
   */
  public static int run(PrintWriter out, PrintWriter err, boolean terminal, String... arguments) {
    int code =
        new CommandLine(new FlightsDemo(out, err, terminal))
            .setOut(out)
            .setErr(err)
            .execute(arguments);
    out.flush();
    err.flush();
    return code;
  }

  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = (data == null ? defaultDataFolder() : data).toAbsolutePath().normalize();
    screen.line("Tarn: the flights example, data in " + folder);
    screen.line("");
    screen.begin("Tarn", "starting");
    TarnServer server;
    try {
      server = TarnServer.start(ServerConfig.from(config(folder)), folder);
    } catch (TarnException e) {
      return failed(e.getMessage(), ExitCodes.NO_START);
    }
    // On Ctrl-C too; closing twice does nothing.
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
    try (server) {
      screen.done("listens on " + server.url() + ", SQL is starting");
      return steps(server, folder);
    } catch (TarnException | ClientException | UncheckedIOException e) {
      return failed(e.getMessage(), ExitCodes.FAILED);
    }
  }

  /**
   * The one that {@code tarn up} and {@code tarn sql} take: a shell's {@code ~} is {@code HOME}.
   */
  private static Path defaultDataFolder() {
    String home = System.getenv("HOME");
    return Path.of(
        home == null || home.isBlank() ? System.getProperty("user.home") : home.strip(), ".tarn");
  }

  private Integer steps(TarnServer server, Path folder) throws IOException, InterruptedException {
    Path own = folder.resolve("examples").resolve("flights");
    FlightData input = input(own);
    screen.begin("Kafka", "starting a broker");
    try (KafkaBroker broker = KafkaBroker.start(own.resolve("kafka"))) {
      broker.ensureTopic(FlightProducer.TOPIC, FlightProducer.PARTITIONS);
      screen.done("broker on " + broker.bootstrapServers() + ", topic " + FlightProducer.TOPIC);
      replay(broker, input);
      FlightsPlatform platform = awaitSql(server);
      landFiles(platform, input);
      boolean completed = runPipeline(platform, broker);
      if (!completed) {
        return ExitCodes.FAILED;
      }
      TarnClient analyst = govern(platform);
      Gold.print(screen, analyst);
      nextSteps(server, broker);
      if (keep) {
        screen.line("");
        screen.line("Serving until you press Ctrl-C.");
        server.awaitStopped();
      }
      return ExitCodes.OK;
    }
  }

  private FlightData input(Path own) throws IOException {
    String wanted = full ? "full" : "extract";
    Path mark = own.resolve("dataset");
    if (Files.exists(mark) && !Files.readString(mark).strip().equals(wanted)) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "This data folder has replayed "
              + (full ? "the extract" : "all 3,000,000 flights")
              + " before. Run "
              + (full ? "without" : "with")
              + " --full, or with another --data.");
    }
    screen.begin("Input", full ? "fetching 3,000,000 flights with npm" : "unpacking");
    FlightData input = full ? FlightData.unpackFull(own) : FlightData.unpack(own);
    Files.writeString(mark, wanted);
    screen.done(input.flights().getFileName() + " and 3 CSV files");
    return input;
  }

  private void replay(KafkaBroker broker, FlightData input) {
    screen.begin("Events", "replaying flights");
    FlightProducer.Replay replay =
        FlightProducer.replay(
            broker.bootstrapServers(),
            input.flights(),
            (acknowledged, total, perSecond) ->
                screen.progress(
                    (double) acknowledged / total,
                    DemoScreen.count(acknowledged)
                        + " events  "
                        + DemoScreen.count(Math.round(perSecond))
                        + "/s"));
    screen.done(
        replay.sent() == 0
            ? "all " + DemoScreen.count(replay.before()) + " are in the topic already"
            : DemoScreen.count(replay.sent(), "event")
                + " sent"
                + (replay.before() == 0
                    ? ""
                    : ", " + DemoScreen.count(replay.before()) + " were there"));
  }

  private FlightsPlatform awaitSql(TarnServer server) throws IOException, InterruptedException {
    screen.begin("SQL", "starting");
    try {
      server.ready().get();
    } catch (ExecutionException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "SQL could not start: " + e.getCause().getMessage(),
          e.getCause());
    }
    FlightsPlatform platform =
        new FlightsPlatform(server.url(), Files.readString(server.administratorToken()).strip());
    platform.createSchemaAndVolume();
    screen.done("schema main.flights, volume main.flights.landing");
    return platform;
  }

  private void landFiles(FlightsPlatform platform, FlightData input) throws InterruptedException {
    screen.begin("Files", "uploading");
    int uploaded = platform.uploadFiles(input.folder());
    screen.done(
        uploaded == 0
            ? "all are in /Volumes/main/flights/landing already"
            : DemoScreen.count(uploaded, "file") + " into /Volumes/main/flights/landing");
  }

  private boolean runPipeline(FlightsPlatform platform, KafkaBroker broker)
      throws InterruptedException {
    screen.begin("Pipeline", "starting an update");
    PipelineProgress progress = new PipelineProgress(screen, FlightsPlatform.DATASETS);
    String state = platform.runPipeline(broker.bootstrapServers(), progress);
    if (!state.equals("COMPLETED")) {
      screen.abandon();
      progress.errors().forEach(error -> err.println("tarn: " + error));
      failed("the pipeline's update ended as " + state + ".", ExitCodes.FAILED);
      return false;
    }
    screen.done(
        DemoScreen.count(progress.flows(), "table")
            + " up to date, "
            + DemoScreen.count(progress.rows(), "row")
            + " written, "
            + DemoScreen.count(progress.dropped())
            + " dropped by expectations");
    return true;
  }

  private TarnClient govern(FlightsPlatform platform) {
    screen.begin("Grants", "admitting the analyst");
    TarnClient analyst = platform.admitAnalyst();
    String refusal = refusal(analyst);
    screen.done("'" + FlightsPlatform.ANALYST + "' may read gold, and is told about silver:");
    screen.detail(refusal);
    return analyst;
  }

  /** Silver must be closed to the analyst: the demo fails if it is not. */
  private static String refusal(TarnClient analyst) {
    try {
      analyst.sql("SELECT * FROM main.flights.flights LIMIT 1");
    } catch (ClientException e) {
      if (e.getMessage().contains("PERMISSION_DENIED")
          || e.errorCode().equals("PERMISSION_DENIED")) {
        return e.getMessage();
      }
      throw e;
    }
    throw new TarnException(
        ErrorCode.INTERNAL_ERROR,
        "The analyst could read main.flights.flights without a grant. Please report this.");
  }

  private void nextSteps(TarnServer server, KafkaBroker broker) {
    String url = server.url().toString().replaceAll("/$", "");
    String hostAndPort = url.substring(url.indexOf("://") + 3);
    screen.line("");
    screen.line(keep ? "Try next:" : "Try next (run 'tarn demo --keep' or 'tarn up' to serve):");
    screen.line("  URL    " + url + "   administrator's token: " + server.administratorToken());
    screen.line(
        "  JDBC   jdbc:databricks://"
            + hostAndPort
            + "/default;transportMode=http;ssl=0;AuthMech=3;UID=token;PWD=<token>;"
            + "httpPath=/sql/1.0/warehouses/default");
    screen.line(
        "  SQL    TARN_HOST="
            + url
            + " TARN_TOKEN=$(cat "
            + server.administratorToken()
            + ") ./tarn sql \"SELECT * FROM main.flights.worst_routes ORDER BY rank LIMIT 10\"");
    screen.line(
        "  Edit   examples/flights/pipeline/gold.sql, then ./tarn pipeline run"
            + " examples/flights/pipeline --name flights --schema flights --set kafka.bootstrap="
            + broker.bootstrapServers());
  }

  private Config config(Path folder) {
    Map<String, String> flags = new HashMap<>();
    if (port != null) {
      flags.put("server.port", port.toString());
    }
    return Config.load(folder.resolve("tarn.yaml"), System.getenv(), flags);
  }

  private int failed(String message, int code) {
    screen.abandon();
    err.println("tarn: " + message);
    err.flush();
    return code;
  }

  /** The gold tables as the analyst reads them. */
  private static final class Gold {
    private Gold() {}

    static void print(DemoScreen screen, TarnClient analyst) {
      screen.table(
          "Busiest airports",
          analyst.sql(
              "SELECT rank, airport, airport_name, state, flights, departures_on_time_percent AS"
                  + " on_time_percent FROM main.flights.busiest_airports ORDER BY rank, airport"
                  + " LIMIT 8"));
      screen.table(
          "Worst routes, of those flown 30 times or more",
          analyst.sql(
              "SELECT rank, origin, origin_city, destination, destination_city, flights,"
                  + " late_percent, average_delay_minutes FROM main.flights.worst_routes ORDER BY"
                  + " rank LIMIT 8"));
      screen.table(
          "From Seattle, by the usual weather of that hour of the year (1981-2010)",
          analyst.sql(
              "SELECT celsius_from, wind_metres_per_second_from, flights, on_time_percent FROM"
                  + " main.flights.seattle_delays_by_usual_weather WHERE flights >= 50 ORDER BY 1,"
                  + " 2"));
      screen.table(
          "Bird strikes",
          analyst.sql(
              "SELECT phase_of_flight, strikes, damaging_percent, cost_usd FROM"
                  + " main.flights.bird_strikes_by_phase ORDER BY strikes DESC"));
      List<List<String>> hours =
          analyst
              .sql(
                  "SELECT lpad(departure_hour, 2, '0') || ':00', on_time_percent FROM"
                      + " main.flights.on_time_by_hour WHERE flights >= 100 ORDER BY"
                      + " departure_hour")
              .rows();
      screen.chart("On time by hour of departure: fly early", hours, " %");
    }
  }
}
