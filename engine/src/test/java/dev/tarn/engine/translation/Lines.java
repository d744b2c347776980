package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** Compares lines of expressions, one text each. */
final class Lines {
  private Lines() {}

  /** Fails on values that differ, and on lines that never answer with a value. */
  static void equal(String timeZone, String lines) throws Exception {
    try (Differential differential = new Differential(timeZone, 90, 4)) {
      equal(differential, lines, "");
    }
  }

  /** The same for expressions that Spark evaluates, as a whole or in part, within DuckDB. */
  static void equalThroughSpark(String timeZone, String lines) throws Exception {
    try (Differential differential = new Differential(timeZone, 90, 4).withSpark()) {
      equal(differential, lines, "spark_");
    }
  }

  private static void equal(Differential differential, String lines, String calling) {
    List<String> wrong = new ArrayList<>();
    List<String> expressions = lines.strip().lines().map(String::strip).toList();
    List<Expression> analysed = differential.analyse(expressions);
    for (int i = 0; i < analysed.size(); i++) {
      String expression = expressions.get(i);
      try {
        Differential.Outcome outcome = differential.compare(expression, analysed.get(i));
        if (!outcome.differences().isEmpty()) {
          wrong.add(
              expression
                  + " as "
                  + outcome.sql()
                  + ": "
                  + outcome.differences().size()
                  + " rows, such as "
                  + outcome.differences().get(0));
        } else if (outcome.answered() == 0) {
          wrong.add(expression + " as " + outcome.sql() + " answers nothing");
        } else if (!calling.isEmpty() && outcome.refused() > 0) {
          wrong.add(expression + " as " + outcome.sql() + " refuses " + outcome.refused());
        } else if (!outcome.sql().contains(calling)) {
          wrong.add(expression + " as " + outcome.sql() + " calls nothing of Spark's");
        }
      } catch (RuntimeException e) {
        wrong.add(expression + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
  }

  static void refused(String lines) throws Exception {
    try (Differential differential = new Differential("UTC", 1, 4)) {
      for (String expression : lines.strip().split("\n")) {
        assertThatThrownBy(
                () -> differential.translate(differential.analyse(List.of(expression)).get(0)),
                expression)
            .isInstanceOf(Untranslatable.class);
      }
    }
  }
}
