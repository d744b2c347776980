package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.ResolvedInlineTable;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Exists;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LateralSubquery;
import org.apache.spark.sql.catalyst.expressions.ListQuery;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NullsFirst$;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.Cross$;
import org.apache.spark.sql.catalyst.plans.FullOuter$;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.LeftSemi$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Except;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Intersect;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LateralJoin;
import org.apache.spark.sql.catalyst.plans.logical.LimitAll;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.ResolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Turns an analysed plan into one SELECT of DuckDB. What it does not know, and what has not been
 * proven to mean the same, it refuses.
 */
public final class PlanTranslator {

  /** Where the rows of relations come from. */
  @FunctionalInterface
  public interface Scans {
    /**
     * @param columns those that are wanted, maybe none
     * @param conjuncts conditions that every wanted row fulfils
     * @return a SELECT whose columns are named {@link #column}
     * @throws Untranslatable if Spark has to read this relation
     */
    String select(
        DataSourceV2Relation relation,
        List<AttributeReference> columns,
        List<Expression> conjuncts);
  }

  private static final int MOST_LOCAL_ROWS = 10_000;

  private final Scans scans;
  private final Expressions expressions;
  private final Set<Long> wanted = new HashSet<>();
  private final Map<Long, List<Expression>> conjuncts = new HashMap<>();
  private int names;

  public PlanTranslator(Scans scans, SessionRules rules) {
    this.scans = scans;
    this.expressions = new Expressions(new Scope(), rules);
  }

  /** The name of a column in the translation. */
  public static String column(Attribute attribute) {
    return Block.name(attribute);
  }

  /**
   * @return SELECT with the plan's columns, in their order
   * @throws Untranslatable with the part of the plan that only Spark can run
   */
  public String translate(LogicalPlan analysed) {
    attributes(analysed.output()).forEach(this::want);
    look(analysed);
    return positional(analysed, "o").sql();
  }

  private void want(Attribute attribute) {
    wanted.add(attribute.exprId().id());
  }

  /** Finds out which columns are used anywhere, and which conditions hold for a relation's rows. */
  private void look(LogicalPlan plan) {
    plan.foreach(
        node -> {
          if (node instanceof Union || node instanceof Intersect || node instanceof Except) {
            list(node.children()).forEach(c -> attributes(c.output()).forEach(this::want));
          } else if (node instanceof CTERelationDef || node instanceof Distinct) {
            attributes(node.output()).forEach(this::want);
          }
          for (Expression expression : list(node.expressions())) {
            expression.foreach(
                e -> {
                  if (e instanceof Attribute attribute) {
                    want(attribute);
                  } else if (e instanceof OuterReference outer
                      && outer.e() instanceof Attribute attribute) {
                    want(attribute);
                  } else if (e instanceof SubqueryExpression subquery) {
                    attributes(subquery.plan().output()).forEach(this::want);
                    look(subquery.plan());
                  }
                  return BoxedUnit.UNIT;
                });
          }
          return BoxedUnit.UNIT;
        });
    new Conjuncts(conjuncts).look(plan);
  }

  private Block block(LogicalPlan plan) {
    if (plan instanceof SubqueryAlias || plan instanceof View || plan instanceof ResolvedHint) {
      return block(list(plan.children()).get(0));
    } else if (plan instanceof RepartitionOperation
        || plan instanceof RebalancePartitions
        || plan instanceof LimitAll) {
      return block(list(plan.children()).get(0));
    } else if (plan instanceof DataSourceV2Relation relation) {
      return relation(relation);
    } else if (plan instanceof Project project) {
      return project(project);
    } else if (plan instanceof Filter filter) {
      return open(block(filter.child())).where(expressions.sql(filter.condition()));
    } else if (plan instanceof Join join) {
      return join(join);
    } else if (plan instanceof LateralJoin join) {
      return lateral(join);
    } else if (plan instanceof Aggregate aggregate) {
      return aggregate(aggregate);
    } else if (plan instanceof Expand expand) {
      return expand(expand);
    } else if (plan instanceof Window window) {
      return window(window);
    } else if (plan instanceof Distinct distinct) {
      SignedZeros.refuse(distinct.output());
      Block child = block(distinct.child());
      return (child.takesDistinct() ? child : child.wrapped()).distinct();
    } else if (plan instanceof Sort sort) {
      Block child = block(sort.child());
      return (child.takesOrder() ? child : child.wrapped()).orderBy(orders(sort.order()));
    } else if (plan instanceof GlobalLimit limit) {
      LogicalPlan below =
          limit.child() instanceof LocalLimit local && local.limitExpr().equals(limit.limitExpr())
              ? local.child()
              : limit.child();
      Block child = block(below);
      return (child.takesLimit() ? child : child.wrapped()).limit(number(limit.limitExpr()));
    } else if (plan instanceof Offset offset) {
      Block child = block(offset.child());
      return (child.takesOffset() ? child : child.wrapped()).offset(number(offset.offsetExpr()));
    } else if (plan instanceof Union union && !union.byName()) {
      return combined(plan, " UNION ALL ");
    } else if (plan instanceof Intersect intersect) {
      SignedZeros.refuse(intersect.output());
      return combined(plan, intersect.isAll() ? " INTERSECT ALL " : " INTERSECT ");
    } else if (plan instanceof Except except) {
      SignedZeros.refuse(except.output());
      return combined(plan, except.isAll() ? " EXCEPT ALL " : " EXCEPT ");
    } else if (plan instanceof WithCTE with) {
      return with(with);
    } else if (plan instanceof CTERelationRef reference && !reference.recursive()) {
      return reference(reference);
    } else if (plan instanceof Generate generate) {
      return generate(generate);
    } else if (plan instanceof LocalRelation relation && !relation.isStreaming()) {
      return values(relation);
    } else if (plan instanceof ResolvedInlineTable table) {
      return values(
          attributes(table.output()),
          list(table.rows()).stream().map(PlanTranslator::list).toList());
    } else if (plan instanceof OneRowRelation) {
      return Block.of("(SELECT 1 AS one)", List.of());
    } else if (plan instanceof Range range && !range.isStreaming()) {
      return range(range);
    }
    throw new Untranslatable("operator " + plan.nodeName());
  }

  private static Block open(Block block) {
    return block.takesConditions() ? block : block.wrapped();
  }

  private Block relation(DataSourceV2Relation relation) {
    List<AttributeReference> columns =
        list(relation.output()).stream().filter(a -> wanted.contains(a.exprId().id())).toList();
    List<Expression> conditions = new ArrayList<>();
    columns.forEach(c -> conditions.addAll(conjuncts.getOrDefault(c.exprId().id(), List.of())));
    return Block.of("(" + scans.select(relation, columns, conditions) + ")", List.copyOf(columns));
  }

  private Block project(Project project) {
    Block child = block(project.child());
    Block block = child.takesColumns() ? child : child.wrapped();
    return block.select(columns(list(project.projectList())), attributes(project.output()));
  }

  /** From the name of each column to what it is. */
  private Map<String, String> columns(List<? extends NamedExpression> list) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (NamedExpression named : list) {
      columns.put(
          Block.name(named.toAttribute()),
          named instanceof Alias alias
              ? expressions.sql(alias.child())
              : expressions.sql((Expression) named));
    }
    return columns;
  }

  private static Map<String, String> columns(Block block) {
    Map<String, String> columns = new LinkedHashMap<>();
    block.output().forEach(a -> columns.put(Block.name(a), Block.name(a)));
    return columns;
  }

  private Block join(Join join) {
    Block left = block(join.left());
    Block right = block(join.right());
    Optional<Expression> condition =
        join.condition().isDefined() ? Optional.of(join.condition().get()) : Optional.empty();
    JoinType type = join.joinType();
    if (type == LeftSemi$.MODULE$ || type == LeftAnti$.MODULE$) {
      String matches =
          "EXISTS (SELECT 1 FROM "
              + right.source()
              + condition.map(c -> " WHERE " + expressions.sql(c)).orElse("")
              + ")";
      return open(left).where(type == LeftSemi$.MODULE$ ? matches : "NOT " + matches);
    }
    List<Attribute> output = new ArrayList<>(left.output());
    output.addAll(right.output());
    String on = " ON " + condition.map(expressions::sql).orElse("true");
    String sides;
    if (condition.isEmpty() && (type == Inner$.MODULE$ || type == Cross$.MODULE$)) {
      sides = left.source() + " CROSS JOIN " + right.source();
    } else {
      sides = left.source() + " " + words(type) + " JOIN " + right.source() + on;
    }
    return Block.joined(sides, output);
  }

  private static String words(JoinType type) {
    if (type == Inner$.MODULE$ || type == Cross$.MODULE$) {
      return "INNER";
    } else if (type == LeftOuter$.MODULE$) {
      return "LEFT";
    } else if (type == RightOuter$.MODULE$) {
      return "RIGHT";
    } else if (type == FullOuter$.MODULE$) {
      return "FULL";
    }
    throw new Untranslatable("join type " + type.sql());
  }

  private Block lateral(LateralJoin join) {
    Block left = block(join.left());
    LateralSubquery right = join.right();
    Block inner = block(right.plan());
    List<Attribute> output = new ArrayList<>(left.output());
    output.addAll(attributes(right.plan().output()));
    String on = join.condition().isDefined() ? expressions.sql(join.condition().get()) : "true";
    return Block.joined(
        left.source()
            + " "
            + words(join.joinType())
            + " JOIN LATERAL ("
            + inner.sql()
            + ") ON "
            + on,
        output);
  }

  private Block aggregate(Aggregate aggregate) {
    SignedZeros.refuse(aggregate.groupingExpressions());
    List<Expression> grouping = list(aggregate.groupingExpressions());
    List<NamedExpression> list = list(aggregate.aggregateExpressions());
    if (grouping.isEmpty() && list.stream().noneMatch(PlanTranslator::aggregates)) {
      throw new Untranslatable("an aggregation without groups and aggregate functions");
    }
    Block child = open(block(aggregate.child()));
    List<String> keys = new ArrayList<>();
    Map<String, String> computed = columns(child);
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
        .select(columns(overKeys), attributes(aggregate.output()))
        .groupBy(keys.stream().distinct().toList());
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

  /** Every row several times: numbered copies, and what each column is in each of them. */
  private Block expand(Expand expand) {
    Block child = block(expand.child());
    List<List<Expression>> copies =
        list(expand.projections()).stream().map(PlanTranslator::list).toList();
    String number = "n" + names++;
    String numbers = "(SELECT unnest(range(" + copies.size() + ")) AS " + number + ")";
    List<Attribute> output = attributes(expand.output());
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

  private Block window(Window window) {
    Block child = open(block(window.child()));
    Map<String, String> columns = columns(child);
    columns.putAll(columns(list(window.windowExpressions())));
    List<Attribute> output = new ArrayList<>(child.output());
    list(window.windowExpressions()).forEach(e -> output.add(e.toAttribute()));
    return child.select(columns, output);
  }

  private List<String> orders(scala.collection.Seq<SortOrder> orders) {
    return list(orders).stream().map(this::order).toList();
  }

  private String order(SortOrder order) {
    return expressions.sql(order.child())
        + (order.direction() == Ascending$.MODULE$ ? " ASC" : " DESC")
        + (order.nullOrdering() == NullsFirst$.MODULE$ ? " NULLS FIRST" : " NULLS LAST");
  }

  private static long number(Expression expression) {
    if (!expression.foldable() || !(expression.eval(null) instanceof Number number)) {
      throw new Untranslatable("a limit that is not a number");
    }
    return number.longValue();
  }

  private Block combined(LogicalPlan plan, String word) {
    List<Attribute> output = attributes(plan.output());
    if (output.stream().map(a -> a.exprId().id()).distinct().count() != output.size()) {
      throw new Untranslatable("one column twice in a set operation");
    }
    List<String> operands = new ArrayList<>();
    for (LogicalPlan child : list(plan.children())) {
      operands.add("(" + positional(child, "p").sql() + ")");
    }
    String aliases = output.stream().map(Block::name).collect(Collectors.joining(", "));
    return Block.of(
        "(" + String.join(word, operands) + ") AS t" + names++ + "(" + aliases + ")", output);
  }

  /**
   * The plan with all its columns, in their order, also those that it has twice.
   *
   * @param prefix of the columns' names
   */
  private Block positional(LogicalPlan plan, String prefix) {
    return block(plan).positional(prefix, attributes(plan.output()));
  }

  private Block with(WithCTE with) {
    List<String> definitions = new ArrayList<>();
    for (CTERelationDef definition : list(with.cteDefs())) {
      definitions.add(
          "w" + definition.id() + " AS (" + positional(definition.child(), "k").sql() + ")");
    }
    return block(with.plan()).wrapped().with(definitions);
  }

  private Block reference(CTERelationRef reference) {
    List<Attribute> output = attributes(reference.output());
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < output.size(); i++) {
      columns.add("k" + i + " AS " + Block.name(output.get(i)));
    }
    return Block.of(
        "(SELECT " + String.join(", ", columns) + " FROM w" + reference.cteId() + ")", output);
  }

  private Block generate(Generate generate) {
    Block child = block(generate.child());
    List<Attribute> produced = attributes(generate.generatorOutput());
    String rows = Generators.rows((Expression) generate.generator(), produced, expressions);
    List<Attribute> output = new ArrayList<>(child.output());
    output.addAll(produced);
    return Block.joined(
        child.source()
            + (generate.outer() ? " LEFT" : " INNER")
            + " JOIN LATERAL ("
            + rows
            + ") ON true",
        output);
  }

  private Block values(LocalRelation relation) {
    List<Attribute> output = attributes(relation.output());
    List<List<Expression>> rows = new ArrayList<>();
    for (InternalRow row : list(relation.data())) {
      List<Expression> values = new ArrayList<>();
      for (int i = 0; i < output.size(); i++) {
        values.add(new Literal(row.get(i, output.get(i).dataType()), output.get(i).dataType()));
      }
      rows.add(values);
    }
    return values(output, rows);
  }

  private Block values(List<Attribute> output, List<List<Expression>> rows) {
    if (rows.size() > MOST_LOCAL_ROWS) {
      throw new Untranslatable("more than " + MOST_LOCAL_ROWS + " rows of VALUES");
    }
    List<String> lines = new ArrayList<>();
    for (List<Expression> row : rows) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < output.size(); i++) {
        values.add(
            "CAST("
                + expressions.sql(row.get(i))
                + " AS "
                + DuckTypes.duck(output.get(i).dataType())
                + ")");
      }
      lines.add("(" + (values.isEmpty() ? "1" : String.join(", ", values)) + ")");
    }
    if (rows.isEmpty()) {
      String nulls =
          output.stream()
              .map(a -> "CAST(NULL AS " + DuckTypes.duck(a.dataType()) + ") AS " + Block.name(a))
              .collect(Collectors.joining(", "));
      return Block.of(
          "(SELECT " + (nulls.isEmpty() ? "1 AS one" : nulls) + " WHERE false)", output);
    }
    String aliases =
        output.isEmpty()
            ? "one"
            : output.stream().map(Block::name).collect(Collectors.joining(", "));
    return Block.of(
        "(VALUES " + String.join(", ", lines) + ") AS t" + names++ + "(" + aliases + ")", output);
  }

  private Block range(Range range) {
    Attribute id = attributes(range.output()).get(0);
    return Block.of(
        "(SELECT range AS "
            + Block.name(id)
            + " FROM range("
            + range.start()
            + ", "
            + range.end()
            + ", "
            + range.step()
            + "))",
        List.of(id));
  }

  private static List<Attribute> attributes(scala.collection.Seq<? extends Attribute> attributes) {
    return List.copyOf(CollectionConverters.asJava(attributes));
  }

  private static <T> List<T> list(scala.collection.Seq<T> seq) {
    return List.copyOf(CollectionConverters.asJava(seq));
  }

  private final class Scope implements Expressions.Scope {
    @Override
    public String column(AttributeReference attribute) {
      return Block.name(attribute);
    }

    @Override
    public String outer(Expression reference) {
      if (reference instanceof OuterReference outer && outer.e() instanceof Attribute attribute) {
        return Block.name(attribute);
      }
      throw new Untranslatable("the outer reference " + reference.sql());
    }

    @Override
    public String subquery(SubqueryExpression subquery) {
      String select = positional(subquery.plan(), "s").sql();
      if (subquery instanceof Exists) {
        return "EXISTS (" + select + ")";
      } else if (subquery instanceof ScalarSubquery || subquery instanceof ListQuery) {
        return "(" + select + ")";
      }
      throw new Untranslatable("a subquery of the kind " + subquery.nodeName());
    }
  }
}
