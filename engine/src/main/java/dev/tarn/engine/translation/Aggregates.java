package dev.tarn.engine.translation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceableAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.Average;
import org.apache.spark.sql.catalyst.expressions.aggregate.BitAndAgg;
import org.apache.spark.sql.catalyst.expressions.aggregate.BitOrAgg;
import org.apache.spark.sql.catalyst.expressions.aggregate.BitXorAgg;
import org.apache.spark.sql.catalyst.expressions.aggregate.CentralMomentAgg;
import org.apache.spark.sql.catalyst.expressions.aggregate.CollectList;
import org.apache.spark.sql.catalyst.expressions.aggregate.CollectSet;
import org.apache.spark.sql.catalyst.expressions.aggregate.Corr;
import org.apache.spark.sql.catalyst.expressions.aggregate.Count;
import org.apache.spark.sql.catalyst.expressions.aggregate.CovPopulation;
import org.apache.spark.sql.catalyst.expressions.aggregate.CovSample;
import org.apache.spark.sql.catalyst.expressions.aggregate.HyperLogLogPlusPlus;
import org.apache.spark.sql.catalyst.expressions.aggregate.Max;
import org.apache.spark.sql.catalyst.expressions.aggregate.Min;
import org.apache.spark.sql.catalyst.expressions.aggregate.Percentile;
import org.apache.spark.sql.catalyst.expressions.aggregate.StddevPop;
import org.apache.spark.sql.catalyst.expressions.aggregate.StddevSamp;
import org.apache.spark.sql.catalyst.expressions.aggregate.Sum;
import org.apache.spark.sql.catalyst.expressions.aggregate.VariancePop;
import org.apache.spark.sql.catalyst.expressions.aggregate.VarianceSamp;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;

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
    Aggregates aggregates = new Aggregates(to, e.isDistinct(), filter + over);
    try {
      return aggregates.write(e.aggregateFunction());
    } catch (Untranslatable refused) {
      return aggregates.collected(e.aggregateFunction(), refused);
    }
  }

  /** An aggregate that DuckDB does not have, as Spark evaluates it. */
  private String collected(AggregateFunction function, Untranslatable refused) {
    if (function instanceof RuntimeReplaceableAggregate replaceable
        && replaceable.replacement() instanceof AggregateFunction replacement) {
      return collected(replacement, refused);
    }
    try {
      // Of equal values, this one takes no notice.
      boolean once = !distinct.isEmpty() || function instanceof HyperLogLogPlusPlus;
      return to.collected(function, once, tail);
    } catch (Untranslatable neither) {
      throw refused;
    }
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
    if (function instanceof CentralMomentAgg moment) {
      return moment(moment);
    }
    if (function instanceof Corr corr) {
      return correlation(corr);
    }
    if (function instanceof CovSample covariance) {
      return call("covar_samp", to.sql(covariance.left()) + ", " + to.sql(covariance.right()));
    }
    if (function instanceof CovPopulation covariance) {
      return call("covar_pop", to.sql(covariance.left()) + ", " + to.sql(covariance.right()));
    }
    if (function instanceof BitAndAgg bits) {
      return call("bit_and", to.sql(bits.child()));
    }
    if (function instanceof BitOrAgg bits) {
      return call("bit_or", to.sql(bits.child()));
    }
    if (function instanceof BitXorAgg bits) {
      return call("bit_xor", to.sql(bits.child()));
    }
    if (function instanceof Percentile percentile) {
      return percentile(percentile);
    }
    Optional<String> chosen = lists(function).or(() -> Choices.write(function, distinct, tail, to));
    if (chosen.isPresent()) {
      return chosen.get();
    }
    if (function instanceof RuntimeReplaceableAggregate replaceable
        && replaceable.replacement() instanceof AggregateFunction replacement) {
      return write(replacement);
    }
    throw new Untranslatable("aggregate " + function.prettyName());
  }

  /** Of one pair Spark says null, of equal values that it divided by zero. DuckDB says NaN. */
  private String correlation(Corr corr) {
    String correlation = call("corr", to.sql(corr.left()) + ", " + to.sql(corr.right()));
    return "CASE WHEN isnan("
        + correlation
        + ") THEN "
        + Expressions.fallback("a correlation that is no number")
        + " ELSE "
        + correlation
        + " END";
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
      return call("count", Arithmetic.computed(children.get(0), to));
    }
    children.forEach(child -> Conditions.comparable(child.dataType()));
    String row = children.stream().map(to::sql).collect(Collectors.joining(", ", "row(", ")"));
    String present =
        children.stream()
            .map(child -> to.sql(child) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    return call("count", "CASE WHEN " + present + " THEN " + row + " END");
  }

  /** Whole numbers are added in 128 bits: what overflows Spark's 64 on the way is left to it. */
  private String sum(Sum sum) {
    Arithmetic.fails(sum, sum.evalContext().evalMode());
    DataType type = sum.child().dataType();
    String text = call("sum", addend(sum.child()));
    if (type instanceof LongType) {
      String child = to.sql(sum.child());
      return "CASE WHEN greatest(CAST(max("
          + child
          + ")"
          + tail
          + " AS HUGEINT), -CAST(min("
          + child
          + ")"
          + tail
          + " AS HUGEINT)) * count("
          + child
          + ")"
          + tail
          + " > 9223372036854775807 THEN "
          + Expressions.fallback("a sum that may overflow on the way")
          + " ELSE "
          + Arithmetic.cast(text, sum.dataType())
          + " END";
    }
    if (DuckTypes.integral(type) || type instanceof DecimalType) {
      return Arithmetic.cast(text, sum.dataType());
    }
    if (DuckTypes.fractional(type)) {
      return text;
    }
    throw new Untranslatable("sum of type " + type.typeName());
  }

  private String addend(Expression e) {
    return e.dataType() instanceof DecimalType ? Arithmetic.anyWidth(e, to) : to.sql(e);
  }

  private String average(Average average) {
    Arithmetic.fails(average, average.evalMode());
    DataType type = average.child().dataType();
    String child = addend(average.child());
    String sum = call("sum", child);
    String count = call("count", child);
    if (type instanceof DecimalType decimal) {
      return Arithmetic.decimalDivide(
          sum,
          DecimalType.apply(Arithmetic.MOST_DIGITS, decimal.scale()),
          count,
          DecimalType.apply(19, 0),
          (DecimalType) average.dataType(),
          () -> Expressions.fallback("avg of more rows than any"));
    }
    if (DuckTypes.integral(type) || DuckTypes.fractional(type)) {
      return "(CAST(" + sum + " AS DOUBLE) / " + count + ")";
    }
    throw new Untranslatable("avg of type " + type.typeName());
  }

  /** Spark's answers for one value are null, as DuckDB's. */
  private String moment(CentralMomentAgg moment) {
    String child = to.sql(moment.child());
    if (moment instanceof StddevSamp deviation && deviation.nullOnDivideByZero()) {
      return call("stddev_samp", child);
    }
    if (moment instanceof StddevPop deviation && deviation.nullOnDivideByZero()) {
      return call("stddev_pop", child);
    }
    if (moment instanceof VarianceSamp variance && variance.nullOnDivideByZero()) {
      return call("var_samp", child);
    }
    if (moment instanceof VariancePop variance && variance.nullOnDivideByZero()) {
      return call("var_pop", child);
    }
    throw new Untranslatable("aggregate " + moment.prettyName());
  }

  private String percentile(Percentile percentile) {
    boolean once =
        Constants.of(percentile.frequencyExpression()).filter(Long.valueOf(1)::equals).isPresent();
    Object at = Constants.of(percentile.percentageExpression()).orElse(null);
    if (!once || !(at instanceof Double) || !DuckTypes.numeric(percentile.child().dataType())) {
      throw new Untranslatable("aggregate percentile of this form");
    }
    String child = "CAST(" + to.sql(percentile.child()) + " AS DOUBLE)";
    boolean reverse = percentile.reverse();
    return call(
        "quantile_cont", child + ", CAST('" + (reverse ? 1 - (Double) at : at) + "' AS DOUBLE)");
  }

  /** In the order in which rows come, which is that of a window or no one's. */
  private Optional<String> lists(AggregateFunction function) {
    Expression child;
    boolean set = function instanceof CollectSet;
    if (function instanceof CollectList list && list.ignoreNulls()) {
      child = list.child();
    } else if (function instanceof CollectSet all && all.ignoreNulls()) {
      child = all.child();
    } else {
      return Optional.empty();
    }
    if (set || !distinct.isEmpty()) {
      Conditions.comparable(child.dataType());
      if (DuckTypes.fractional(child.dataType())) {
        throw new Untranslatable("collect_set of floating numbers");
      }
    }
    String text = to.sql(child);
    return Optional.of(
        "coalesce(list("
            + (set ? "DISTINCT " : distinct)
            + text
            + ")"
            + Choices.present(text, tail)
            + ", CAST([] AS "
            + DuckTypes.inner(function.dataType())
            + "))");
  }

  private String extreme(String function, Expression child) {
    Conditions.comparable(child.dataType());
    return function + "(" + to.sql(child) + ")" + tail;
  }
}
