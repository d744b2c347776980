package dev.tarn.bench.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PlainSqlTest {
  @Test
  void sourcesBecomeViews() {
    assertThat(
            PlainSql.of(
                "CREATE OR REFRESH STREAMING TABLE a\n"
                    + "-- it's a comment; of a line\n"
                    + "AS SELECT * FROM STREAM read_kafka(subscribe => 't');\n"
                    + "CREATE OR REFRESH STREAMING TABLE b AS SELECT * FROM STREAM read_files(\n"
                    + "  '/Volumes/main/flights/landing/airports/', format => 'csv');"))
        .isEqualToIgnoringWhitespace(
            "CREATE STREAMING TABLE a AS SELECT * FROM STREAM(flight_events);"
                + "CREATE STREAMING TABLE b AS SELECT * FROM STREAM(airports_files);");
  }

  @Test
  void onlyExpectationsThatDropRowsBecomeFilters() {
    assertThat(
            PlainSql.of(
                "CREATE OR REFRESH STREAMING TABLE a (\n"
                    + "  CONSTRAINT x EXPECT (f(i) > 0 AND s <> ')') ON VIOLATION DROP ROW,\n"
                    + "  CONSTRAINT y EXPECT (i < 9),\n"
                    + "  CONSTRAINT z EXPECT (i < 8) ON VIOLATION FAIL UPDATE\n"
                    + ") COMMENT 'one; two' AS SELECT i, s FROM STREAM(b);"))
        .isEqualToIgnoringWhitespace(
            "CREATE STREAMING TABLE a COMMENT 'one; two' AS SELECT * FROM ("
                + "SELECT i, s FROM STREAM(b)) WHERE (f(i) > 0 AND s <> ')');");
  }

  @Test
  void leavesNothingOfDatabricksInTheExample() throws IOException {
    for (String file : FlightsBenchmark.PIPELINE) {
      assertThat(PlainSql.of(FlightsBenchmark.pipelineFile(file)))
          .as(file)
          .contains("CREATE ")
          .doesNotContain("REFRESH", "read_", "CONSTRAINT", "${");
    }
  }
}
