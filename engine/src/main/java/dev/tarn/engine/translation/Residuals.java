package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ResolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Conditions that a join evaluates on pairs of rows that its keys have found. DuckDB does not look
 * whether a query was stopped before such a condition holds for some pair, which may take hours; so
 * the condition looks itself.
 */
public final class Residuals {
  /** Takes the statement's number, answers true, and fails once the statement was stopped. */
  public static final String FUNCTION = "tarn_running";

  /** Of a connection: the number of the statement that it runs. */
  public static final String VARIABLE = "tarn_statement";

  /** The statement's number in SQL; 0 where nobody watches. */
  public static final String NUMBER = "coalesce(getvariable('" + VARIABLE + "'), 0)";

  private static final String LOOKS = "CASE WHEN " + FUNCTION + "(" + NUMBER + ") THEN ";

  private final Expressions expressions;

  Residuals(Expressions expressions) {
    this.expressions = expressions;
  }

  /** Whether a query has to know which statement it is. */
  public static boolean in(String sql) {
    return sql.contains(NUMBER);
  }

  /** The condition of a join in SQL. */
  String on(Expression condition, Join join) {
    return sql(condition, join, expressions::sql);
  }

  /**
   * The condition of a filter in SQL.
   *
   * @param below what it stands above
   */
  String filter(Expression condition, LogicalPlan below) {
    return sql(condition, below, expressions::condition);
  }

  private static String sql(
      Expression condition, LogicalPlan below, Function<Expression, String> translation) {
    List<Set<Long>> sides = new ArrayList<>();
    sides(below, sides);
    List<Expression> conjuncts = new ArrayList<>();
    split(condition, conjuncts);
    if (sides.size() < 2 || conjuncts.stream().noneMatch(c -> isResidual(c, sides))) {
      return translation.apply(condition);
    }
    return conjuncts.stream()
        .map(
            c ->
                isResidual(c, sides) ? LOOKS + translation.apply(c) + " END" : translation.apply(c))
        .collect(Collectors.joining(" AND ", "(", ")"));
  }

  /**
   * What compares one side with the other is left to DuckDB, which may find pairs by it; so is a
   * choice, since DuckDB may find the same comparison in each of its branches.
   */
  private static boolean isResidual(Expression condition, List<Set<Long>> sides) {
    return over(condition, sides) > 1
        && !comparesSides(condition, sides)
        && !(condition instanceof Or)
        && !condition.exists(SubqueryExpression.class::isInstance);
  }

  private static boolean comparesSides(Expression condition, List<Set<Long>> sides) {
    return condition instanceof BinaryComparison
        && CollectionConverters.asJava(condition.children()).stream()
            .allMatch(operand -> over(operand, sides) == 1);
  }

  /** Whether a condition takes columns of more than one side of a join. */
  static boolean ofSeveral(Expression condition, LogicalPlan below) {
    List<Set<Long>> sides = new ArrayList<>();
    sides(below, sides);
    return over(condition, sides) > 1;
  }

  /** How many of the sides an expression takes columns of. */
  private static long over(Expression expression, List<Set<Long>> sides) {
    Set<Long> columns =
        CollectionConverters.asJava(expression.references().toSeq()).stream()
            .map(attribute -> attribute.exprId().id())
            .collect(Collectors.toSet());
    return sides.stream().filter(side -> side.stream().anyMatch(columns::contains)).count();
  }

  private static void sides(LogicalPlan plan, List<Set<Long>> found) {
    if (plan instanceof Join join) {
      sides(join.left(), found);
      sides(join.right(), found);
    } else if (plan instanceof SubqueryAlias
        || plan instanceof View
        || plan instanceof ResolvedHint) {
      sides(CollectionConverters.asJava(plan.children()).get(0), found);
    } else {
      found.add(
          CollectionConverters.asJava(plan.output()).stream()
              .map(attribute -> attribute.exprId().id())
              .collect(Collectors.toSet()));
    }
  }

  private static void split(Expression condition, List<Expression> conjuncts) {
    if (condition instanceof And and) {
      split(and.left(), conjuncts);
      split(and.right(), conjuncts);
    } else {
      conjuncts.add(condition);
    }
  }
}
