package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.testkit.differential.Answer;
import dev.tarn.testkit.tpc.TpcQuery;
import dev.tarn.testkit.tpc.Tpcds;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TpcdsIT {
  /** Without rows at so small a scale. */
  private static final Set<String> EMPTY =
      Set.of(
          "q08", "q10", "q23b", "q24a", "q24b", "q31", "q37", "q39b", "q41", "q44", "q54", "q58",
          "q64", "q78", "q82", "q83", "q84", "q85", "q91", "q93");

  /** Divided by a sum that is zero at so small a scale, which ANSI SQL refuses. */
  private static final Set<String> DIVIDE_BY_ZERO = Set.of("q12", "q90");

  private static final TpcTables TABLES = new TpcTables(EngineUnderTest.get(), new Tpcds());

  @BeforeAll
  static void load() throws IOException {
    TABLES.load(0.01, false);
  }

  static List<TpcQuery> queries() {
    return new Tpcds().queries();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void answers(TpcQuery query) {
    try (SqlSession session =
        TABLES.session(Map.of("spark.sql.autoBroadcastJoinThreshold", "-1"))) {
      Answer answer = Answers.of(session, query.sql());
      if (DIVIDE_BY_ZERO.contains(query.name())) {
        assertThat(answer)
            .isInstanceOfSatisfying(
                Answer.Failure.class,
                failure -> assertThat(failure.condition()).isEqualTo("DIVIDE_BY_ZERO"));
      } else {
        assertThat(answer)
            .isInstanceOfSatisfying(
                Answer.Rows.class,
                rows -> assertThat(rows.rows().isEmpty()).isEqualTo(EMPTY.contains(query.name())));
      }
    }
  }
}
