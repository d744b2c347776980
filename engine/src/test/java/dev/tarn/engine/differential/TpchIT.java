package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.testkit.differential.Answer;
import dev.tarn.testkit.tpc.TpcQuery;
import dev.tarn.testkit.tpc.Tpch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TpchIT {
  /** Without rows at so small a scale. */
  private static final Set<String> EMPTY = Set.of();

  private static final TpcTables TABLES = new TpcTables(EngineUnderTest.get(), new Tpch());

  @BeforeAll
  static void load() throws IOException {
    TABLES.load(0.01, true);
  }

  static List<TpcQuery> queries() {
    return new Tpch().queries();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void answers(TpcQuery query) {
    try (SqlSession session =
        TABLES.session(Map.of("spark.sql.autoBroadcastJoinThreshold", "-1"))) {
      assertThat(Answers.of(session, query.sql()))
          .isInstanceOfSatisfying(
              Answer.Rows.class,
              answer ->
                  assertThat(answer.rows().isEmpty()).isEqualTo(EMPTY.contains(query.name())));
    }
  }
}
