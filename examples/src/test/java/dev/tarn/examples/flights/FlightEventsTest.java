package dev.tarn.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightEventsTest {
  private static final int FLIGHTS = 230_096;

  @TempDir static Path folder;
  private static Path flights;

  @BeforeAll
  static void unpack() {
    flights = FlightData.unpack(folder).flights();
  }

  @Test
  void replaysEveryFlightOnceInOrderOfDeparture() {
    List<FlightEvent> events = read(0, Integer.MAX_VALUE);
    assertThat(events).hasSize(FLIGHTS + FlightEvents.MALFORMED);
    String departed = "";
    int malformed = 0;
    long delays = 0;
    for (int i = 0; i < events.size(); i++) {
      FlightEvent event = events.get(i);
      assertThat(event.index()).isEqualTo(i);
      assertThat(event.offset() * FlightProducer.PARTITIONS + event.partition()).isEqualTo(i);
      if (event.key().equals(FlightEvents.MALFORMED_KEY)) {
        malformed++;
        continue;
      }
      JsonNode flight = Json.tree(event.value());
      assertThat(flight.path("id").asLong()).isEqualTo(i);
      assertThat(flight.path("departed_at").asText()).isGreaterThanOrEqualTo(departed);
      departed = flight.path("departed_at").asText();
      delays += flight.path("delay_minutes").asLong();
    }
    assertThat(malformed).isEqualTo(FlightEvents.MALFORMED);
    assertThat(delays).isEqualTo(sumOfDelays());
  }

  @Test
  void goesOnAnywhereWithTheSameEvents() {
    List<FlightEvent> all = read(0, Integer.MAX_VALUE);
    long seed = Long.getLong("tarn.seed", 1);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).key().equals(FlightEvents.MALFORMED_KEY)) {
        starts.addAll(List.of(i - 1, i, i + 1));
      }
    }
    starts.add(random.nextInt(all.size()));
    starts.add(all.size() - 1);
    starts.add(all.size());
    for (int start : starts) {
      int end = Math.min(start + 50, all.size());
      assertThat(read(start, 50)).as("from " + start).isEqualTo(all.subList(start, end));
    }
  }

  private static long sumOfDelays() {
    try (var duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        var statement = duckdb.createStatement();
        var sum = statement.executeQuery("SELECT sum(delay) FROM '" + flights + "'")) {
      sum.next();
      return sum.getLong(1);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<FlightEvent> read(long first, int limit) {
    List<FlightEvent> events = new ArrayList<>();
    try (FlightEvents source = FlightEvents.open(flights, first)) {
      FlightEvent event = source.next();
      while (event != null && events.size() < limit) {
        events.add(event);
        event = source.next();
      }
    }
    return events;
  }
}
