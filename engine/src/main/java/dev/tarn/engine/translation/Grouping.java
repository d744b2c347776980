package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.CollectList;
import org.apache.spark.sql.catalyst.expressions.aggregate.First;
import org.apache.spark.sql.catalyst.expressions.aggregate.Last;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import scala.jdk.javaapi.CollectionConverters;

/** GROUP BY, and the copies of rows that several grouping sets make of it. */
final class Grouping {
  private final Expressions expressions;

  Grouping(Expressions expressions) {
    this.expressions = expressions;
  }

  /**
   * @param source that takes conditions
   */
  Block aggregate(Aggregate aggregate, Block source) {
    SignedZeros.refuse(aggregate.groupingExpressions());
    if (sorted(aggregate.child())
        && PlanTranslator.list(aggregate.expressions()).stream().anyMatch(Grouping::ordered)) {
      throw new Untranslatable("an aggregate that takes rows in the order of a subquery");
    }
    List<Expression> grouping = PlanTranslator.list(aggregate.groupingExpressions());
    List<NamedExpression> list = PlanTranslator.list(aggregate.aggregateExpressions());
    if (grouping.isEmpty() && list.stream().noneMatch(Grouping::aggregates)) {
      throw new Untranslatable("an aggregation without groups and aggregate functions");
    }
    Block child = source;
    List<String> keys = new ArrayList<>();
    Map<String, String> computed = child.columns();
    List<Attribute> computedOutput = new ArrayList<>(child.output());
    Map<Expression, Attribute> replaced = new LinkedHashMap<>();
    for (Expression key : grouping) {
      if (key instanceof Attribute attribute) {
        keys.add(Block.name(attribute));
      } else if (replaced.keySet().stream().noneMatch(key::semanticEquals)) {
        Alias alias = alias(key);
        computed.put(Block.name(alias.toAttribute()), expressions.sql(key));
        computedOutput.add(alias.toAttribute());
        replaced.put(key, alias.toAttribute());
        keys.add(Block.name(alias.toAttribute()));
      }
    }
    if (!replaced.isEmpty()) {
      child = child.select(computed, computedOutput).wrapped();
    }
    List<NamedExpression> overKeys =
        list.stream().map(e -> (NamedExpression) onKeys((Expression) e, replaced)).toList();
    return child
        .select(expressions.columns(overKeys), PlanTranslator.attributes(aggregate.output()))
        .groupBy(keys.stream().distinct().toList());
  }

  private static boolean ordered(Expression expression) {
    return expression.exists(
        e -> e instanceof First || e instanceof Last || e instanceof CollectList);
  }

  private static boolean sorted(LogicalPlan plan) {
    boolean transparent =
        plan instanceof Project
            || plan instanceof Filter
            || plan instanceof SubqueryAlias
            || plan instanceof GlobalLimit
            || plan instanceof LocalLimit
            || plan instanceof Offset;
    return plan instanceof Sort
        || transparent && sorted(PlanTranslator.list(plan.children()).get(0));
  }

  private static Alias alias(Expression expression) {
    scala.collection.immutable.Seq<String> none =
        CollectionConverters.asScala(List.<String>of()).toSeq();
    return new Alias(
        expression, "key", NamedExpression.newExprId(), none, scala.Option.empty(), none);
  }

  /** Puts the computed keys where the list of an aggregation repeats their expressions. */
  private static Expression onKeys(Expression expression, Map<Expression, Attribute> keys) {
    if (keys.isEmpty()) {
      return expression;
    }
    if (!(expression instanceof NamedExpression)) {
      for (Map.Entry<Expression, Attribute> key : keys.entrySet()) {
        if (expression.semanticEquals(key.getKey())) {
          return (Expression) key.getValue();
        }
      }
    }
    if (expression instanceof AggregateExpression) {
      return expression;
    }
    return expression.mapChildren(child -> onKeys(child, keys));
  }

  private static boolean aggregates(NamedExpression expression) {
    return ((Expression) expression).exists(e -> e instanceof AggregateExpression);
  }

  /**
   * Every row several times: numbered copies, and what each column is in each of them.
   *
   * @param number a name for the copies' numbers
   */
  Block expand(Expand expand, Block child, String number) {
    List<List<Expression>> copies =
        PlanTranslator.list(expand.projections()).stream().map(PlanTranslator::list).toList();
    String numbers = "(SELECT unnest(range(" + copies.size() + ")) AS " + number + ")";
    List<Attribute> output = PlanTranslator.attributes(expand.output());
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < output.size(); i++) {
      int at = i;
      List<String> values = copies.stream().map(copy -> expressions.sql(copy.get(at))).toList();
      String value =
          values.stream().distinct().count() == 1
              ? values.get(0)
              : IntStream.range(0, values.size())
                  .mapToObj(n -> "WHEN " + n + " THEN " + values.get(n))
                  .collect(Collectors.joining(" ", "CASE " + number + " ", " END"));
      columns.put(Block.name(output.get(i)), value);
    }
    return Block.joined(child.source() + " CROSS JOIN " + numbers, child.output())
        .select(columns, output);
  }
}
