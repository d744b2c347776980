package dev.tarn.testkit.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DifferentialTest {
  private static final Answer.Failure BY_ZERO =
      new Answer.Failure("DIVIDE_BY_ZERO", "22012", "[DIVIDE_BY_ZERO] Division by zero.");

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  private static Answer rows(List<?>... rows) {
    List<Answer.Column> columns = new ArrayList<>();
    for (int i = 0; rows.length > 0 && i < rows[0].size(); i++) {
      columns.add(new Answer.Column("c" + i, "ANY"));
    }
    return new Answer.Rows(columns, Arrays.stream(rows).<List<Object>>map(ArrayList::new).toList());
  }

  private static Optional<String> compare(Answer left, Answer right, Order order) {
    return new Differential("Spark", sql -> left, "native", sql -> right)
        .compare("SELECT x", order, Differential.SUMMATION);
  }

  static List<Arguments> values() {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("a", 1);
    named.put("b", null);
    Map<String, Object> turned = new LinkedHashMap<>();
    turned.put("b", null);
    turned.put("a", 1);
    return List.of(
        Arguments.of(1, 2),
        Arguments.of(1, 1L),
        Arguments.of(1, null),
        Arguments.of(null, "null"),
        Arguments.of("", null),
        Arguments.of("a", "a "),
        Arguments.of(new BigDecimal("1.0"), new BigDecimal("1.00")),
        Arguments.of(0.0, -0.0),
        Arguments.of(0.0, 1e-300),
        Arguments.of(Double.NaN, 1.0),
        Arguments.of(Double.POSITIVE_INFINITY, Double.MAX_VALUE),
        Arguments.of(1.0, 1.0 + 1e-11),
        Arguments.of(1f, Math.nextUp(1f)),
        Arguments.of(new byte[] {1}, new byte[] {2}),
        Arguments.of(List.of(1, 2), List.of(2, 1)),
        Arguments.of(List.of(1), List.of(1, 2)),
        Arguments.of(List.of("a, b"), List.of("a", "b")),
        Arguments.of(named, turned),
        Arguments.of(Map.of("a", 1), Map.of("a", 2)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void catchesValuesThatDiffer(Object left, Object right) {
    assertThat(compare(rows(row(7, left)), rows(row(7, right)), Order.NONE)).isPresent();
    assertThat(compare(rows(row(7, right)), rows(row(7, left)), Order.by(0))).isPresent();
    assertThat(compare(rows(row(7, left)), rows(row(7, left)), Order.NONE)).isEmpty();
    assertThat(compare(rows(row(7, right)), rows(row(7, right)), Order.by(0, 1))).isEmpty();
  }

  @Test
  void letsPassWhatSummationExplainsAndNoMore() {
    double sum = 0.1 + 0.2;
    Answer left = rows(row("a", 1.0), row("a", sum), row("b", Double.NaN));
    Answer right = rows(row("b", Double.NaN), row("a", 0.3), row("a", 1.0));
    assertThat(compare(left, right, Order.NONE)).isEmpty();
    assertThat(
            new Differential("Spark", sql -> left, "native", sql -> right)
                .compare("SELECT x", Order.NONE, 0))
        .isPresent();
  }

  @Test
  void catchesOrder() {
    Answer up = rows(row(1, "a"), row(2, "b"), row(2, "c"));
    assertThat(compare(up, rows(row(2, "b"), row(1, "a"), row(2, "c")), Order.by(0)))
        .get()
        .asString()
        .contains("order differs at row 0");
    assertThat(compare(up, rows(row(2, "b"), row(1, "a"), row(2, "c")), Order.NONE)).isEmpty();
    assertThat(compare(up, rows(row(1, "a"), row(2, "c"), row(2, "b")), Order.by(0))).isEmpty();
    assertThat(compare(up, rows(row(1, "a"), row(2, "c"), row(2, "b")), Order.by(0, 1)))
        .isPresent();
    assertThat(compare(up, rows(row(1, "b"), row(2, "a"), row(2, "c")), Order.by(0)))
        .as("the same values, but in other groups")
        .isPresent();
  }

  @Test
  void leavesOpenWhichOfEqualRowsALimitKeeps() {
    Answer left = rows(row(1, "a"), row(2, "b"), row(3, "c"));
    Answer right = rows(row(1, "a"), row(2, "b"), row(3, "d"));
    Answer early = rows(row(1, "x"), row(2, "b"), row(3, "c"));
    Order limit = new Order(List.of(0), false, true);
    Order offset = new Order(List.of(0), true, false);
    assertThat(compare(left, right, limit)).isEmpty();
    assertThat(compare(left, early, limit)).isPresent();
    assertThat(compare(left, early, offset)).isEmpty();
    assertThat(compare(left, right, offset)).isPresent();
    assertThat(compare(left, rows(row(1, "a"), row(2, "b")), limit)).isPresent();
  }

  @Test
  void catchesRowsThatAreMissingOrTwice() {
    Answer twice = rows(row(1), row(1), row(2));
    assertThat(compare(twice, rows(row(1), row(2)), Order.NONE))
        .get()
        .asString()
        .contains("Spark has 3 rows, native has 2");
    assertThat(compare(twice, rows(row(1), row(2), row(2)), Order.NONE)).isPresent();
    assertThat(compare(rows(row(1), row(2)), twice, Order.by(0))).isPresent();
    assertThat(compare(rows(), rows(), Order.NONE)).isEmpty();
  }

  @Test
  void catchesColumns() {
    Answer left = new Answer.Rows(List.of(new Answer.Column("a", "INT")), List.of(row(1)));
    Answer name = new Answer.Rows(List.of(new Answer.Column("A", "INT")), List.of(row(1)));
    Answer type = new Answer.Rows(List.of(new Answer.Column("a", "BIGINT")), List.of(row(1)));
    assertThat(compare(left, name, Order.NONE)).isPresent();
    assertThat(compare(left, type, Order.NONE)).get().asString().contains("a INT", "a BIGINT");
  }

  @Test
  void comparesFailuresByClass() {
    Answer.Failure worded = new Answer.Failure("DIVIDE_BY_ZERO", "22012", "other words");
    Answer.Failure other = new Answer.Failure("ARITHMETIC_OVERFLOW", "22003", "too large");
    assertThat(compare(BY_ZERO, worded, Order.NONE)).isEmpty();
    assertThat(compare(BY_ZERO, other, Order.NONE)).isPresent();
    assertThat(compare(BY_ZERO, rows(row(1)), Order.NONE))
        .get()
        .asString()
        .contains("Only Spark fails");
    assertThat(compare(rows(row(1)), BY_ZERO, Order.NONE))
        .get()
        .asString()
        .contains("Only native fails");
  }

  @Test
  void saysAllThatIsNeededToLookIntoIt() {
    Differential differential =
        new Differential(
            "Spark", sql -> rows(row(1, "otter")), "native", sql -> rows(row(1, "heron")));
    assertThat(differential.compare("SELECT id, what", Order.NONE, 0))
        .get()
        .asString()
        .contains(
            "SELECT id, what", "[1, 'otter']", "[1, 'heron']", "1 only of Spark", "1 rows of");
  }
}
