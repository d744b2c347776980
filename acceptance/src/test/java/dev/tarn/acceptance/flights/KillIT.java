package dev.tarn.acceptance.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.acceptance.flights.IndependentGold.Table;
import dev.tarn.acceptance.launcher.Launched;
import dev.tarn.server.client.TarnClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random points of the demo loses no event and takes none twice. {@code
 * -Dtarn.kills=N} kills more often than the two times of every build.
 */
class KillIT {
  /** Lines that the demo prints, and for how long after it something is at work. */
  private record Point(String line, int millis) {}

  private static final List<Point> WHILE_EVENTS_ARRIVE =
      List.of(
          // The replay of events.
          new Point("^(Kafka) ", 1_500),
          // Uploading, analysing, then bronze.
          new Point("^(Events) ", 4_000),
          new Point("^(Files) ", 12_000));

  private static final List<Point> WHILE_TABLES_ARE_MADE =
      List.of(
          new Point("✓ (airports_raw) ", 4_000),
          new Point("✓ (flights_raw) ", 5_000),
          // Silver is there: gold.
          new Point("✓ (flights) ", 5_000));

  @TempDir Path home;

  @Test
  void afterKillsGoldIsTheSame() throws Exception {
    long seed = Long.getLong("tarn.seed", System.nanoTime());
    int kills = Integer.getInteger("tarn.kills", 1);
    System.out.println("KillIT: -Dtarn.seed=" + seed + " -Dtarn.kills=" + kills);
    Random random = new Random(seed);
    int first = random.nextInt(2);
    for (int i = 0; i < kills; i++) {
      List<Point> points = (first + i) % 2 == 0 ? WHILE_EVENTS_ARRIVE : WHILE_TABLES_ARE_MADE;
      kill(points.get(random.nextInt(points.size())), random);
    }
    try (Launched demo = demo("--keep")) {
      demo.awaitLine("^(Serving until .*)$", Duration.ofMinutes(4));
      assertThat(demo.err()).isEmpty();
      assertNothingLostOrTwice(
          new TarnClient(
              FlightsPlatformUnderTest.url(demo),
              Files.readString(data().resolve("admin.token")).strip()));
    }
    awaitNoBroker();
  }

  private void kill(Point point, Random random) {
    Launched demo = demo();
    boolean reached = demo.awaitOutput(point.line(), Duration.ofMinutes(4)).isPresent();
    int delay = random.nextInt(point.millis());
    boolean ended = !reached || demo.endsWithin(Duration.ofMillis(delay));
    demo.kill();
    System.out.println(
        "KillIT: "
            + (ended ? "the demo had ended" : "killed")
            + " "
            + delay
            + " ms after "
            + point.line()
            + ", having printed:\n"
            + demo.told());
    assertThat(demo.err()).isEmpty();
    awaitNoBroker();
  }

  private Launched demo(String... more) {
    String[] arguments = new String[5 + more.length];
    List<String> first = List.of("demo", "--data", data().toString(), "--port", "0");
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i < first.size() ? first.get(i) : more[i - first.size()];
    }
    return Launched.start(home, Map.of(), arguments);
  }

  private Path data() {
    return home.resolve("data");
  }

  /** The broker must not outlive the demo, however that ended. */
  private void awaitNoBroker() {
    await("the broker to end with the demo")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                ProcessHandle.allProcesses()
                    .noneMatch(
                        p ->
                            p.info()
                                .commandLine()
                                .orElse("")
                                .contains(data().resolve("examples/flights/kafka").toString())));
  }

  private void assertNothingLostOrTwice(TarnClient client) throws Exception {
    Path files = data().resolve("examples/flights/files");
    String flights =
        client
            .sql(
                "SELECT count(*), count(DISTINCT partition, `offset`), count(DISTINCT id),"
                    + " count(DISTINCT CASE WHEN id IS NULL THEN `offset` * 2 + partition END),"
                    + " max(`offset` * 2 + partition) + 1 FROM main.flights.flights_raw")
            .rows()
            .toString();
    assertThat(flights).isEqualTo("[[230101, 230101, 230097, 4, 230101]]");
    assertThat(
            client
                .sql(
                    "SELECT (SELECT count(*) FROM main.flights.airports_raw), (SELECT count(*) FROM"
                        + " main.flights.bird_strikes_raw), (SELECT count(*) FROM"
                        + " main.flights.weather_normals_raw)")
                .rows())
        .containsExactly(List.of("3376", "10000", "8759"));
    for (Table table : IndependentGold.compute(files.resolve("flights.parquet"), files)) {
      FlightsIT.assertSame(table, client);
    }
  }
}
