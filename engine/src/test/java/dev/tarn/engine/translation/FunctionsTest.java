package dev.tarn.engine.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.differential.Grammar;
import dev.tarn.engine.differential.GrammarWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.AtLeastNNonNulls;
import org.apache.spark.sql.catalyst.expressions.CheckOverflow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.InSubquery;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.Year;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.util.CharVarcharCodegenUtils;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.runtime.BoxedUnit;

/** A line of the table exists only with a differential test over edge values: they are here. */
class FunctionsTest {
  /** So often are a form's holes filled: first with columns, then with others and literals. */
  private static final int FILLINGS = 4;

  /** What is no expression of one row; compared by queries of {@code RandomQueriesIT}. */
  private static final Set<Class<?>> OF_QUERIES = Set.of(InSubquery.class);

  private final Set<Class<?>> tested = new HashSet<>(OF_QUERIES);
  private final List<String> wrong = new ArrayList<>();

  @Test
  void aClassHasOneLine() {
    Functions functions = new Functions();
    assertThat(functions.expressions()).contains(Year.class);
    assertThatThrownBy(() -> functions.line(Year.class, "1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Year");
  }

  @Test
  void everyLineIsComparedOverEdgeValues() throws Exception {
    long seed = Long.getLong("tarn.seed", 4);
    Random random = new Random(seed);
    GrammarWriter columns = new GrammarWriter(bound -> 0, Edges.BY_TYPE);
    GrammarWriter grammar = new GrammarWriter(random::nextInt, Edges.BY_TYPE);
    try (Differential differential = new Differential("America/New_York", 60, seed)) {
      for (char type : Grammar.TYPES.toCharArray()) {
        for (String form : Grammar.forms(type)) {
          List<String> fillings = new ArrayList<>(List.of(columns.filled(form, 0)));
          for (int i = 1; i < FILLINGS; i++) {
            fillings.add(grammar.filled(form, 0));
          }
          compare(form, fillings, differential);
        }
      }
      for (Expression expression : ofNoWords(differential)) {
        compare(expression.toString(), expression, differential);
      }
    }
    assertThat(String.join("\n", wrong)).as("differences with -Dtarn.seed=" + seed).isEmpty();
    Set<String> untested = new HashSet<>();
    for (Class<?> line : new Functions().expressions()) {
      if (!tested.contains(line)) {
        untested.add(line.getSimpleName());
      }
    }
    assertThat(untested).as("lines that no form of Grammar has; add one").isEmpty();
  }

  /** What only the optimizer or another client than SQL makes. */
  private static List<Expression> ofNoWords(Differential differential) {
    List<Expression> columns = differential.analyse(List.of("i", "d", "s", "r"));
    return List.of(
        new InSet(
            columns.get(0),
            scala.jdk.javaapi.CollectionConverters.asScala(Set.<Object>of(1, 7)).toSet()),
        new AtLeastNNonNulls(2, Catalyst.seq(columns)),
        new KnownNotNull(columns.get(0)),
        new CheckOverflow(columns.get(3), DataTypes.createDecimalType(12, 1), false),
        new StaticInvoke(
            CharVarcharCodegenUtils.class,
            DataTypes.StringType,
            "readSidePadding",
            Catalyst.<Expression>seq(
                List.of(columns.get(2), Literal.create(5, DataTypes.IntegerType))),
            Catalyst.seq(List.<AbstractDataType>of()),
            true,
            true,
            true,
            Option.empty()));
  }

  private void compare(String form, List<String> fillings, Differential differential) {
    int answered = 0;
    List<String> refused = new ArrayList<>();
    for (String text : fillings) {
      try {
        answered += compare(text, differential.analyse(List.of(text)).get(0), differential);
      } catch (Untranslatable e) {
        refused.add(text + ": " + e.getMessage());
      }
    }
    if (answered == 0) {
      wrong.add(form + " answers nothing. " + refused);
    }
  }

  private int compare(String text, Expression expression, Differential differential) {
    Differential.Outcome outcome = differential.compare(text, expression);
    if (outcome.differences().isEmpty()) {
      collect(expression);
    } else {
      wrong.add(text + " as " + outcome.sql() + ": " + outcome.differences().get(0));
    }
    return outcome.answered();
  }

  private void collect(Expression expression) {
    expression.foreach(
        part -> {
          tested.add(part.getClass());
          if (part instanceof RuntimeReplaceable replaceable) {
            collect(replaceable.replacement());
          }
          return BoxedUnit.UNIT;
        });
  }
}
