package dev.tarn.engine.policy;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Like;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/** Which expressions may fail for some row. A list of what cannot: all that is not known may. */
final class Fallible {
  private static final Set<String> NEVER =
      Set.of(
          "Alias",
          "AttributeReference",
          "OuterReference",
          "Literal",
          "EqualTo",
          "EqualNullSafe",
          "GreaterThan",
          "GreaterThanOrEqual",
          "LessThan",
          "LessThanOrEqual",
          "And",
          "Or",
          "Not",
          "In",
          "InSet",
          "IsNull",
          "IsNotNull",
          "Coalesce",
          "If",
          "CaseWhen",
          "StartsWith",
          "EndsWith",
          "Contains",
          "Upper",
          "Lower",
          "Length",
          "Year",
          "Quarter",
          "Month",
          "DayOfMonth",
          "SortOrder",
          "ScalarSubquery",
          "Exists",
          "ListQuery",
          "InSubquery",
          "LateralSubquery",
          // An aggregate or a window is never moved below a condition, but what it is over may be.
          "AggregateExpression",
          "Count",
          "CountIf",
          "Min",
          "Max",
          "Sum",
          "Average",
          "First",
          "Last",
          "WindowExpression",
          "WindowSpecDefinition",
          "SpecifiedWindowFrame",
          "UnspecifiedFrame$",
          "UnboundedPreceding$",
          "UnboundedFollowing$",
          "CurrentRow$",
          "RowNumber",
          "Rank",
          "DenseRank",
          "Lag",
          "Lead");

  private static final Set<String> ARITHMETIC = Set.of("Add", "Subtract", "Multiply", "UnaryMinus");

  private Fallible() {}

  /** Whether any expression of a plan may fail, also in its subqueries. */
  static boolean anyIn(LogicalPlan plan) {
    return plan.exists(Fallible::any);
  }

  /** Whether any expression of one node of a plan may fail. */
  static boolean any(LogicalPlan node) {
    // A relation's expressions are its own columns.
    return !CollectionConverters.asJava(node.children()).isEmpty()
        && CollectionConverters.asJava(node.expressions()).stream().anyMatch(Fallible::is);
  }

  static boolean is(Expression expression) {
    if (!expression.resolved() || !cannotItself(expression)) {
      return true;
    }
    if (expression instanceof SubqueryExpression subquery && anyIn(subquery.plan())) {
      return true;
    }
    return CollectionConverters.asJava(expression.children()).stream().anyMatch(Fallible::is);
  }

  private static boolean cannotItself(Expression expression) {
    String name = expression.getClass().getSimpleName();
    if (NEVER.contains(name)) {
      return true;
    } else if (expression instanceof Cast cast) {
      return cast.evalMode() == EvalMode.TRY()
          || Cast.canUpCast(cast.child().dataType(), cast.dataType())
          || cast.dataType() instanceof StringType;
    } else if (expression instanceof Like like) {
      return like.right() instanceof Literal pattern
          && pattern.value() != null
          && pattern.value().toString().indexOf(like.escapeChar()) < 0;
    }
    return ARITHMETIC.contains(name) && neverOverflows(expression);
  }

  private static boolean neverOverflows(Expression expression) {
    return List.of(FloatType.class, DoubleType.class).stream()
            .anyMatch(type -> type.isInstance(expression.dataType()))
        || (expression.dataType() instanceof DecimalType decimal
            && decimal.precision() < DecimalType.MAX_PRECISION());
  }
}
