package dev.tarn.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.junit.jupiter.api.Test;

class PipelineSqlTest {
  private static final Pattern STATEMENT =
      Pattern.compile(
          "CREATE OR REFRESH (STREAMING TABLE|MATERIALIZED VIEW) (\\w+)(.*?)\\nAS (SELECT.*)",
          Pattern.DOTALL);
  private static final Pattern EXPECTATION =
      Pattern.compile(
          "CONSTRAINT \\w+ EXPECT \\((.*?)\\)\\s*(?:ON VIOLATION (?:DROP ROW|FAIL UPDATE))?\\s*(?=,\\n|\\n\\))",
          Pattern.DOTALL);

  private record Dataset(String kind, String name, String header, String query) {}

  @Test
  void everyQueryAndExpectationParses() {
    int expectations = 0;
    for (Dataset dataset : datasets()) {
      String query = dataset.query().replaceAll("\\bSTREAM\\s+(read_\\w+)", "$1");
      assertThatCode(() -> new CatalystSqlParser().parsePlan(query))
          .as(dataset.name())
          .doesNotThrowAnyException();
      Matcher expectation = EXPECTATION.matcher(dataset.header());
      while (expectation.find()) {
        expectations++;
        String condition = expectation.group(1);
        assertThatCode(() -> new CatalystSqlParser().parseExpression(condition))
            .as(dataset.name() + ": " + condition)
            .doesNotThrowAnyException();
      }
      assertThat(dataset.header().split("CONSTRAINT", -1)).as(dataset.name()).hasSizeLessThan(5);
    }
    assertThat(expectations).isEqualTo(10);
  }

  @Test
  void theDemoKnowsEveryDatasetAndGrantsExactlyTheGoldOnes() {
    List<Dataset> datasets = datasets();
    assertThat(datasets).hasSize(FlightsPlatform.DATASETS);
    assertThat(
            datasets.stream()
                .filter(d -> d.kind().equals("MATERIALIZED VIEW"))
                .map(Dataset::name)
                .toList())
        .isEqualTo(FlightsPlatform.GOLD);
  }

  private static List<Dataset> datasets() {
    List<Dataset> datasets = new ArrayList<>();
    for (String file : FlightData.PIPELINE) {
      String sql =
          new String(FlightData.pipelineFile(file), StandardCharsets.UTF_8)
              .replaceAll("(?m)^\\s*--.*\\n", "");
      for (String statement : sql.split(";\\s*\\n")) {
        if (!statement.isBlank()) {
          Matcher matcher = STATEMENT.matcher(statement.strip());
          assertThat(matcher.matches()).as(statement).isTrue();
          datasets.add(
              new Dataset(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)));
        }
      }
    }
    return datasets;
  }
}
