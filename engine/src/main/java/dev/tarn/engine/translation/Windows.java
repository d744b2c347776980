package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.CurrentRow$;
import org.apache.spark.sql.catalyst.expressions.DenseRank;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NullsFirst$;
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

/** Window functions with their partitions, orders and frames. */
final class Windows {
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
    if (function instanceof AggregateExpression aggregate) {
      return Aggregates.write(aggregate, over(spec, frame(spec), to), to);
    }
    throw new Untranslatable("window function " + function.prettyName());
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
                  .map(e -> order((SortOrder) e, to))
                  .collect(Collectors.joining(", ")));
    }
    if (!frame.isEmpty()) {
      parts.add(frame);
    }
    return " OVER (" + String.join(" ", parts) + ")";
  }

  static String order(SortOrder order, Expressions to) {
    Conditions.comparable(order.child().dataType());
    return to.sql(order.child())
        + (order.direction() == Ascending$.MODULE$ ? " ASC" : " DESC")
        + (order.nullOrdering() == NullsFirst$.MODULE$ ? " NULLS FIRST" : " NULLS LAST");
  }

  private static String frame(WindowSpecDefinition spec) {
    if (!(spec.frameSpecification() instanceof SpecifiedWindowFrame frame)) {
      throw new Untranslatable("a window without a frame");
    }
    boolean rows = frame.frameType() == RowFrame$.MODULE$;
    return (rows ? "ROWS" : "RANGE")
        + " BETWEEN "
        + bound(frame.lower(), rows)
        + " AND "
        + bound(frame.upper(), rows);
  }

  private static String bound(Expression bound, boolean rows) {
    if (bound == UnboundedPreceding$.MODULE$) {
      return "UNBOUNDED PRECEDING";
    }
    if (bound == UnboundedFollowing$.MODULE$) {
      return "UNBOUNDED FOLLOWING";
    }
    if (bound == CurrentRow$.MODULE$) {
      return "CURRENT ROW";
    }
    if (rows && Constants.of(bound).orElse(null) instanceof Integer offset) {
      return Math.abs((long) offset) + (offset < 0 ? " PRECEDING" : " FOLLOWING");
    }
    throw new Untranslatable("a window's RANGE with an offset");
  }
}
