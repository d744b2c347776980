package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * The table of what is translated: one line per class of Catalyst's expressions. A line exists only
 * with a differential test over edge values.
 */
final class Functions {
  /** Writes one class of expressions. */
  interface Line<E extends Expression> {
    String write(E expression, Expressions to);
  }

  private final Map<Class<?>, Line<?>> lines = new HashMap<>();

  Functions() {
    Conditions.lines(this);
    Arithmetic.lines(this);
    Bits.lines(this);
    Casts.lines(this);
    Strings.lines(this);
    Dates.lines(this);
    Times.lines(this);
    Patterns.lines(this);
    Nested.lines(this);
    Lambdas.lines(this);
    Shifts.lines(this);
    Rounding.lines(this);
  }

  <E extends Expression> void line(Class<E> type, Line<? super E> line) {
    if (lines.put(type, line) != null) {
      throw new IllegalStateException(type.getSimpleName() + " has two lines.");
    }
  }

  /**
   * A line as a template: {@code $1} to {@code $9} are the children's texts in order, {@code $t} is
   * the result's type.
   */
  <E extends Expression> void line(Class<E> type, String template) {
    List<String> parts = parts(template);
    line(
        type,
        (e, to) -> {
          StringBuilder text = new StringBuilder(parts.get(0));
          for (String part : parts.subList(1, parts.size())) {
            char what = part.charAt(0);
            text.append(what == 't' ? DuckTypes.inner(e.dataType()) : to.child(e, what - '0'));
            text.append(part, 1, part.length());
          }
          return text.toString();
        });
  }

  private static List<String> parts(String template) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', from)) {
      parts.add(template.substring(from, at));
      from = at + 1;
    }
    parts.add(template.substring(from));
    return List.copyOf(parts);
  }

  /** What has a line. */
  Set<Class<?>> expressions() {
    return Set.copyOf(lines.keySet());
  }

  @SuppressWarnings("unchecked") // put there by line(), which takes a line of the class's own type
  Optional<Line<Expression>> of(Expression expression) {
    return Optional.ofNullable((Line<Expression>) lines.get(expression.getClass()));
  }
}
