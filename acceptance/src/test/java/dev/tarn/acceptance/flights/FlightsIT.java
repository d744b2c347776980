package dev.tarn.acceptance.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.flights.FlightsPlatformUnderTest.Demo;
import dev.tarn.acceptance.flights.IndependentGold.Table;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.server.client.Rows;
import dev.tarn.server.client.TarnClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job: real flights from files and a stream to gold, with one command. */
@ExtendWith(FlightsPlatformUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlightsIT {
  private static final String TABLE = "-- table --";

  private final Demo demo;
  private final List<Table> expected;

  FlightsIT(Demo demo) throws Exception {
    this.demo = demo;
    Path files = demo.data().resolve("examples/flights/files");
    this.expected = IndependentGold.compute(files.resolve("flights.parquet"), files);
  }

  @Test
  void theDemoEndsWellAndShowsGold() {
    assertThat(demo.first().awaitExit(Duration.ZERO)).as(demo.first().told()).isZero();
    assertThat(demo.first().err()).isEmpty();
    assertThat(demo.first().out())
        .contains("Busiest airports")
        .contains("Chicago O'Hare International")
        .contains("Worst routes")
        .contains("Bird strikes")
        .containsPattern("On time by hour[^\\n]*\\n +00:00 +█+")
        .containsPattern("PERMISSION_DENIED: .*'analyst'.*SELECT.*main\\.flights\\.flights")
        .contains("jdbc:databricks://127.0.0.1:")
        .contains("./tarn sql");
  }

  @Test
  void goldOverHttpIsWhatAnIndependentComputationGives() {
    assertThat(expected).hasSize(7);
    for (Table table : expected) {
      assertSame(table, demo.administrator());
    }
  }

  /** Compares one gold table, columns and every row. */
  static void assertSame(Table table, TarnClient client) {
    TarnClient.Result result = client.sql("SELECT * FROM main.flights." + table.name());
    assertThat(result.columns().stream().map(Rows.Column::name).toList())
        .as(table.name())
        .isEqualTo(table.columns());
    assertThat(IndependentGold.sorted(result.rows()))
        .as(table.name())
        .isNotEmpty()
        .isEqualTo(table.rows());
  }

  @Test
  void goldOverJdbcIsWhatAnIndependentComputationGives() {
    List<String> steps = new ArrayList<>();
    for (Table table : expected) {
      steps.add("query SELECT '" + TABLE + "', '" + table.name() + "'");
      steps.add("query SELECT * FROM main.flights." + table.name());
    }
    JdbcProcess jdbc = new JdbcProcess(demo.port(), "default", demo.administratorToken(), "");
    JdbcProcess.Outcome outcome = jdbc.run(steps.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.error()).isZero();
    Map<String, List<List<String>>> tables = new HashMap<>();
    List<List<String>> rows = null;
    for (List<String> row : outcome.rows()) {
      if (row.get(0) != null && row.get(0).equals(TABLE)) {
        rows = tables.computeIfAbsent(row.get(1), name -> new ArrayList<>());
      } else {
        rows.add(row);
      }
    }
    for (Table table : expected) {
      assertThat(IndependentGold.sorted(tables.get(table.name())))
          .as(table.name())
          .isEqualTo(table.rows());
    }
  }

  /** The tests above read what the second run left. */
  @Test
  void aSecondRunTakesInNothing() {
    assertThat(demo.serving().out())
        .contains("all 230,101 are in the topic already")
        .contains("all are in /Volumes/main/flights/landing already")
        .containsPattern("16 tables up to date, 0 rows written, 0 dropped");
  }

  @Test
  void whatCannotBeParsedIsKept() {
    assertThat(
            demo.administrator()
                .sql("SELECT event FROM main.flights.flights_rescued ORDER BY event")
                .rows())
        .hasSize(5)
        .contains(
            List.of(""),
            List.of("malformed on purpose: this is no JSON"),
            List.of("[\"malformed on purpose: not an object\"]"));
  }
}
