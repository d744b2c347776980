package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.CumeDist;
import org.apache.spark.sql.catalyst.expressions.CurrentRow$;
import org.apache.spark.sql.catalyst.expressions.DenseRank;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Lag;
import org.apache.spark.sql.catalyst.expressions.Lead;
import org.apache.spark.sql.catalyst.expressions.NTile;
import org.apache.spark.sql.catalyst.expressions.NthValue;
import org.apache.spark.sql.catalyst.expressions.NullsFirst$;
import org.apache.spark.sql.catalyst.expressions.PercentRank;
import org.apache.spark.sql.catalyst.expressions.Rank;
import org.apache.spark.sql.catalyst.expressions.RowFrame$;
import org.apache.spark.sql.catalyst.expressions.RowNumber;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.SpecifiedWindowFrame;
import org.apache.spark.sql.catalyst.expressions.UnboundedFollowing$;
import org.apache.spark.sql.catalyst.expressions.UnboundedPreceding$;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowSpecDefinition;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.First;
import org.apache.spark.sql.catalyst.expressions.aggregate.Last;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** Window functions with their partitions, orders and frames. */
final class Windows {
  /** In microseconds. */
  private static final long DAY = 86_400_000_000L;

  private Windows() {}

  static String write(WindowExpression e, Expressions to) {
    WindowSpecDefinition spec = e.windowSpec();
    Expression function = e.windowFunction();
    if (function instanceof RowNumber) {
      return ranking("row_number", spec, to);
    }
    if (function instanceof Rank) {
      return ranking("rank", spec, to);
    }
    if (function instanceof DenseRank) {
      return ranking("dense_rank", spec, to);
    }
    if (function instanceof NTile tile) {
      return "CAST(ntile(" + to.sql(tile.buckets()) + ")" + over(spec, "", to) + " AS INTEGER)";
    }
    if (function instanceof PercentRank) {
      return "percent_rank()" + over(spec, "", to);
    }
    if (function instanceof CumeDist) {
      return "cume_dist()" + over(spec, "", to);
    }
    if (function instanceof Lag lag) {
      return shifted(
          "lag", lag.input(), lag.inputOffset(), lag.third(), lag.ignoreNulls(), spec, to);
    }
    if (function instanceof Lead lead) {
      return shifted(
          "lead", lead.input(), lead.offset(), lead.third(), lead.ignoreNulls(), spec, to);
    }
    String frame = frame(spec, to);
    if (function instanceof NthValue nth) {
      return "nth_value("
          + to.sql(nth.input())
          + ", "
          + to.sql(nth.offset())
          + nulls(nth.ignoreNulls())
          + ")"
          + over(spec, frame, to);
    }
    if (function instanceof AggregateExpression aggregate) {
      if (aggregate.aggregateFunction() instanceof First first) {
        return "first_value("
            + to.sql(first.child())
            + nulls(first.ignoreNulls())
            + ")"
            + over(spec, frame, to);
      }
      if (aggregate.aggregateFunction() instanceof Last last) {
        return "last_value("
            + to.sql(last.child())
            + nulls(last.ignoreNulls())
            + ")"
            + over(spec, frame, to);
      }
      return Aggregates.write(aggregate, over(spec, frame, to), to);
    }
    throw new Untranslatable("window function " + function.prettyName());
  }

  private static String nulls(boolean ignored) {
    return ignored ? " IGNORE NULLS" : "";
  }

  private static String shifted(
      String function,
      Expression input,
      Expression offset,
      Expression otherwise,
      boolean ignoreNulls,
      WindowSpecDefinition spec,
      Expressions to) {
    if (!(Constants.of(offset).orElse(null) instanceof Integer by)) {
      throw new Untranslatable(function + " by an offset that is no literal");
    }
    return function
        + "("
        + to.sql(input)
        + ", "
        + by
        + ", "
        + (otherwise.dataType() instanceof NullType
            ? Literals.value(null, input.dataType())
            : to.sql(otherwise))
        + nulls(ignoreNulls)
        + ")"
        + over(spec, "", to);
  }

  private static String ranking(String function, WindowSpecDefinition spec, Expressions to) {
    return "CAST(" + function + "()" + over(spec, "", to) + " AS INTEGER)";
  }

  private static String over(WindowSpecDefinition spec, String frame, Expressions to) {
    List<String> parts = new ArrayList<>();
    List<Expression> partition = Expressions.list(spec.partitionSpec());
    if (!partition.isEmpty()) {
      partition.forEach(e -> Conditions.comparable(e.dataType()));
      parts.add(
          "PARTITION BY " + partition.stream().map(to::sql).collect(Collectors.joining(", ")));
    }
    List<Expression> order = Expressions.list(spec.orderSpec());
    if (!order.isEmpty()) {
      parts.add(
          "ORDER BY "
              + order.stream()
                  .map(e -> onClock(spec) ? micros((SortOrder) e, to) : order((SortOrder) e, to))
                  .collect(Collectors.joining(", ")));
    }
    if (!frame.isEmpty()) {
      parts.add(frame);
    }
    return " OVER (" + String.join(" ", parts) + ")";
  }

  static String order(SortOrder order, Expressions to) {
    Conditions.comparable(order.child().dataType());
    return to.sql(order.child()) + direction(order);
  }

  private static String micros(SortOrder order, Expressions to) {
    return "epoch_us(" + to.sql(order.child()) + ")" + direction(order);
  }

  /** Whether the frame reaches from one moment to others that are so many microseconds away. */
  private static boolean onClock(WindowSpecDefinition spec) {
    return spec.frameSpecification() instanceof SpecifiedWindowFrame frame
        && (frame.lower().dataType() instanceof DayTimeIntervalType
            || frame.upper().dataType() instanceof DayTimeIntervalType)
        && time(Expressions.list(spec.orderSpec()).get(0).dataType());
  }

  private static boolean time(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  private static String direction(SortOrder order) {
    return (order.direction() == Ascending$.MODULE$ ? " ASC" : " DESC")
        + (order.nullOrdering() == NullsFirst$.MODULE$ ? " NULLS FIRST" : " NULLS LAST");
  }

  private static String frame(WindowSpecDefinition spec, Expressions to) {
    if (!(spec.frameSpecification() instanceof SpecifiedWindowFrame frame)) {
      throw new Untranslatable("a window without a frame");
    }
    boolean rows = frame.frameType() == RowFrame$.MODULE$;
    return (rows ? "ROWS" : "RANGE")
        + " BETWEEN "
        + bound(frame.lower(), rows, spec, to)
        + " AND "
        + bound(frame.upper(), rows, spec, to);
  }

  private static String bound(
      Expression bound, boolean rows, WindowSpecDefinition spec, Expressions to) {
    if (bound == UnboundedPreceding$.MODULE$) {
      return "UNBOUNDED PRECEDING";
    }
    if (bound == UnboundedFollowing$.MODULE$) {
      return "UNBOUNDED FOLLOWING";
    }
    if (bound == CurrentRow$.MODULE$) {
      return "CURRENT ROW";
    }
    if (Constants.of(bound).orElse(null) instanceof Number offset) {
      long by = offset.longValue();
      String side = by < 0 ? " PRECEDING" : " FOLLOWING";
      DataType order = Expressions.list(spec.orderSpec()).get(0).dataType();
      if (rows || DuckTypes.integral(order)) {
        return Math.abs(by) + side;
      }
      boolean days = bound.dataType() instanceof DayTimeIntervalType && by % DAY == 0;
      if (order instanceof DateType && (days || bound.dataType() instanceof IntegerType)) {
        return "INTERVAL " + Math.abs(days ? by / DAY : by) + " DAY" + side;
      }
      if (order instanceof DateType && bound.dataType() instanceof YearMonthIntervalType) {
        return "INTERVAL " + Math.abs(by) + " MONTH" + side;
      }
      // A day is not always as long where clocks change.
      boolean even = order instanceof TimestampNTZType || Times.fixed(to) || Math.abs(by) < DAY;
      if (time(order) && bound.dataType() instanceof DayTimeIntervalType && even) {
        return Math.abs(by) + side;
      }
    }
    throw new Untranslatable("a window's RANGE with an offset");
  }
}
