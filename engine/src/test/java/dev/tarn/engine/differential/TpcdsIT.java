package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.testkit.differential.ProvenAnswers;
import dev.tarn.testkit.tpc.TpcQuery;
import dev.tarn.testkit.tpc.Tpcds;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TpcdsIT {
  /**
   * What Spark executes, and why; everything else must be native. These two fail on both: they
   * divide by a sum that is zero at so small a scale, and the error is Spark's.
   */
  private static final Map<String, String> ON_SPARK = Map.of("q12", "failed", "q90", "failed");

  private static final double SCALE = 0.01;

  private static final TpcTables TABLES = new TpcTables(EngineUnderTest.get(), new Tpcds());

  private static final ProvenAnswers PROVEN =
      ProvenAnswers.read(
          TpcdsIT.class,
          "tpcds-proven-answers.txt",
          "Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION() + ", scale " + SCALE);

  @BeforeAll
  static void load() throws IOException {
    TABLES.load(SCALE, false, Map.of("customer_demographics", "cd_demo_sk IN " + demographics()));
  }

  /** At any scale they are two million rows, of which the small ones speak of few. */
  private static String demographics() {
    return new Tpcds()
        .tables().stream()
            .flatMap(
                table ->
                    table.columns().stream()
                        .filter(column -> column.name().endsWith("_cdemo_sk"))
                        .map(
                            column ->
                                "SELECT " + column.name() + " FROM main.tpcds." + table.name()))
            .collect(Collectors.joining(" UNION ", "(", ")"));
  }

  static List<TpcQuery> queries() {
    return new Tpcds().queries();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void nativeMeansWhatSparkMeans(TpcQuery query) {
    try (NativeAndSpark both = NativeAndSpark.small(TABLES::session).with(PROVEN)) {
      assertThat(both.compare(query.sql())).as("difference").isEmpty();
      assertThat(both.refusal()).isEqualTo(Optional.ofNullable(ON_SPARK.get(query.name())));
    }
  }
}
