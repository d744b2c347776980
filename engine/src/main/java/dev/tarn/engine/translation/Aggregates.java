package dev.tarn.engine.translation;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceableAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.Average;
import org.apache.spark.sql.catalyst.expressions.aggregate.Count;
import org.apache.spark.sql.catalyst.expressions.aggregate.Max;
import org.apache.spark.sql.catalyst.expressions.aggregate.Min;
import org.apache.spark.sql.catalyst.expressions.aggregate.Sum;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** Aggregate functions, alone and over windows. */
final class Aggregates {
  private final Expressions to;
  private final String distinct;
  private final String tail;

  private Aggregates(Expressions to, boolean distinct, String tail) {
    this.to = to;
    this.distinct = distinct ? "DISTINCT " : "";
    this.tail = tail;
  }

  static String write(AggregateExpression e, Expressions to) {
    return write(e, "", to);
  }

  /**
   * @param over what follows each call: nothing, or an OVER clause
   */
  static String write(AggregateExpression e, String over, Expressions to) {
    String filter =
        e.filter().isDefined() ? " FILTER (WHERE " + to.sql(e.filter().get()) + ")" : "";
    return new Aggregates(to, e.isDistinct(), filter + over).write(e.aggregateFunction());
  }

  private String write(AggregateFunction function) {
    if (function instanceof Count count) {
      return count(Expressions.list(count.children()));
    }
    if (function instanceof Sum sum) {
      return sum(sum);
    }
    if (function instanceof Average average) {
      return average(average);
    }
    if (function instanceof Min min) {
      return extreme("min", min.child());
    }
    if (function instanceof Max max) {
      return extreme("max", max.child());
    }
    if (function instanceof RuntimeReplaceableAggregate replaceable
        && replaceable.replacement() instanceof AggregateFunction replacement) {
      return write(replacement);
    }
    throw new Untranslatable("aggregate " + function.prettyName());
  }

  private String call(String function, String arguments) {
    return function + "(" + distinct + arguments + ")" + tail;
  }

  private String count(List<Expression> children) {
    List<Expression> nullable = children.stream().filter(Expression::nullable).toList();
    if (distinct.isEmpty() && nullable.isEmpty()) {
      return call("count", "*");
    }
    if (children.size() == 1) {
      Conditions.comparable(children.get(0).dataType());
      return call("count", to.sql(children.get(0)));
    }
    children.forEach(child -> Conditions.comparable(child.dataType()));
    String row = children.stream().map(to::sql).collect(Collectors.joining(", ", "row(", ")"));
    String present =
        children.stream()
            .map(child -> to.sql(child) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    return call("count", "CASE WHEN " + present + " THEN " + row + " END");
  }

  /** DuckDB adds whole numbers in 128 bits: only a sum that does not fit in the end fails. */
  private String sum(Sum sum) {
    if (sum.evalContext().evalMode() != EvalMode.ANSI()) {
      throw new Untranslatable("a sum that does not fail on overflow");
    }
    DataType type = sum.child().dataType();
    String text = call("sum", to.sql(sum.child()));
    if (DuckTypes.integral(type) || type instanceof DecimalType) {
      return Arithmetic.cast(text, sum.dataType());
    }
    if (DuckTypes.fractional(type)) {
      return text;
    }
    throw new Untranslatable("sum of type " + type.typeName());
  }

  private String average(Average average) {
    if (average.evalMode() != EvalMode.ANSI()) {
      throw new Untranslatable("an average that does not fail on overflow");
    }
    DataType type = average.child().dataType();
    String child = to.sql(average.child());
    String sum = call("sum", child);
    String count = call("count", child);
    if (type instanceof DecimalType decimal) {
      return Arithmetic.decimalDivide(
          sum,
          DecimalType.apply(Arithmetic.MOST_DIGITS, decimal.scale()),
          count,
          DecimalType.apply(19, 0),
          (DecimalType) average.dataType());
    }
    if (DuckTypes.integral(type) || DuckTypes.fractional(type)) {
      return "(CAST(" + sum + " AS DOUBLE) / " + count + ")";
    }
    throw new Untranslatable("avg of type " + type.typeName());
  }

  private String extreme(String function, Expression child) {
    Conditions.comparable(child.dataType());
    return function + "(" + to.sql(child) + ")" + tail;
  }
}
