package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.First;
import org.apache.spark.sql.catalyst.expressions.aggregate.Last;
import org.apache.spark.sql.catalyst.expressions.aggregate.MaxBy;
import org.apache.spark.sql.catalyst.expressions.aggregate.MaxMinBy;
import org.apache.spark.sql.catalyst.expressions.aggregate.MinBy;
import org.apache.spark.sql.catalyst.expressions.aggregate.PivotFirst;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Aggregates that choose one of the values. Of several that they may choose, Spark takes the one
 * that it happens to meet first or last: any is right.
 */
final class Choices {
  private Choices() {}

  /**
   * @param distinct goes before the arguments
   * @param tail goes behind the call: FILTER, OVER
   */
  static Optional<String> write(
      AggregateFunction function, String distinct, String tail, Expressions to) {
    if (function instanceof First first) {
      String name = first.ignoreNulls() ? "any_value(" : "first(";
      return Optional.of(name + distinct + to.sql(first.child()) + ")" + tail);
    }
    if (function instanceof Last last && !last.ignoreNulls()) {
      return Optional.of("last(" + distinct + to.sql(last.child()) + ")" + tail);
    }
    if (function instanceof Last last) {
      String child = to.sql(last.child());
      return Optional.of("last(" + distinct + child + ")" + present(child, tail));
    }
    if (function instanceof MaxBy || function instanceof MinBy) {
      MaxMinBy by = (MaxMinBy) function;
      Conditions.comparable(by.orderingExpr().dataType());
      String name = function instanceof MaxBy ? "arg_max_null(" : "arg_min_null(";
      return Optional.of(
          name + distinct + to.sql(by.valueExpr()) + ", " + to.sql(by.orderingExpr()) + ")" + tail);
    }
    return function instanceof PivotFirst pivot && tail.isEmpty()
        ? Optional.of(pivot(pivot, to))
        : Optional.empty();
  }

  /** A tail whose FILTER leaves out nulls too. */
  static String present(String child, String tail) {
    String filter = " FILTER (WHERE ";
    return tail.startsWith(filter)
        ? filter + child + " IS NOT NULL AND " + tail.substring(filter.length())
        : filter + child + " IS NOT NULL)" + tail;
  }

  /** The inner aggregation of a PIVOT has left one row for each group and value. */
  private static String pivot(PivotFirst pivot, Expressions to) {
    Expression column = pivot.pivotColumn();
    Conditions.comparable(column.dataType());
    List<String> values = new ArrayList<>();
    for (Object value : CollectionConverters.asJava(pivot.pivotColumnValues())) {
      values.add(
          "any_value("
              + to.sql(pivot.valueColumn())
              + ") FILTER (WHERE "
              + to.sql(column)
              + " IS NOT DISTINCT FROM "
              + Literals.value(value, column.dataType())
              + ")");
    }
    return Arithmetic.cast("[" + String.join(", ", values) + "]", pivot.dataType());
  }
}
