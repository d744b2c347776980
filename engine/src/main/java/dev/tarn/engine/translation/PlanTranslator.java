package dev.tarn.engine.translation;

import dev.tarn.engine.policy.PolicyBarrier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.analysis.ResolvedInlineTable;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Exists;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LateralSubquery;
import org.apache.spark.sql.catalyst.expressions.ListQuery;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
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

  private final Scans scans;
  private final Expressions expressions;
  private final Grouping grouping;
  private final Residuals residuals;
  private Seals seals = new Seals(false);
  private final Set<Long> wanted = new HashSet<>();
  private final Map<Long, List<Expression>> conjuncts = new HashMap<>();
  private int names;

  /**
   * @param functions evaluate what has no translation
   */
  public PlanTranslator(Scans scans, SessionRules rules, ScalarFunctions functions) {
    this.scans = scans;
    this.expressions = new Expressions(new Scope(), rules, functions);
    this.grouping = new Grouping(expressions);
    this.residuals = new Residuals(expressions);
  }

  /** The name of a column in the translation. */
  public static String column(Attribute attribute) {
    return Block.name(attribute);
  }

  /**
   * @return SELECT with the plan's columns, in their order; before it the views that it reads, if
   *     rows are hidden from it
   * @throws Untranslatable with the part of the plan that only Spark can run
   */
  public String translate(LogicalPlan analysed) {
    attributes(analysed.output()).forEach(this::want);
    look(analysed);
    seals = new Seals(PolicyBarrier.in(analysed));
    String select = positional(analysed, "o").sql();
    return seals.before(select);
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
          // A relation's expressions are its own columns, used or not.
          List<Expression> used =
              node instanceof DataSourceV2Relation ? List.of() : list(node.expressions());
          for (Expression expression : used) {
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
    if (plan instanceof View view && !view.isTempView()) {
      expressions.rules().requireSame(CollectionConverters.asJava(view.desc().viewSQLConfigs()));
      return block(view.child());
    } else if (plan instanceof PolicyBarrier barrier) {
      return seals.seal(barrier.ofPolicy(), () -> block(barrier.child()), wanted);
    } else if (plan instanceof SubqueryAlias
        || plan instanceof View
        || plan instanceof ResolvedHint) {
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
      return open(block(filter.child()))
          .where(
              seals.condition(
                  filter.condition(), filter.child(), c -> residuals.filter(c, filter.child())));
    } else if (plan instanceof Join join) {
      return join(join);
    } else if (plan instanceof LateralJoin join) {
      return lateral(join);
    } else if (plan instanceof Aggregate aggregate) {
      return grouping.aggregate(aggregate, open(block(aggregate.child())));
    } else if (plan instanceof Expand expand) {
      return grouping.expand(expand, block(expand.child()), "n" + names++);
    } else if (plan instanceof Window window) {
      return window(window);
    } else if (plan instanceof Distinct distinct) {
      SignedZeros.refuse(distinct.output());
      Block child = block(distinct.child());
      return (child.takesDistinct() ? child : child.wrapped()).distinct();
    } else if (plan instanceof Sort sort) {
      Block child = block(sort.child());
      return (child.takesOrder() ? child : child.wrapped())
          .orderBy(list(sort.order()).stream().map(expressions::order).toList());
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
      return Values.of(relation, expressions, "t" + names++);
    } else if (plan instanceof ResolvedInlineTable table) {
      return Values.of(
          attributes(table.output()),
          list(table.rows()).stream().map(PlanTranslator::list).toList(),
          expressions,
          "t" + names++);
    } else if (plan instanceof OneRowRelation) {
      return Block.of("(SELECT 1 AS one)", List.of());
    } else if (plan instanceof Range range && !range.isStreaming()) {
      return Values.of(range);
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
    return block.select(
        expressions.columns(list(project.projectList())), attributes(project.output()));
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
              + condition
                  .map(c -> " WHERE " + seals.condition(c, join, expressions::sql))
                  .orElse("")
              + ")";
      return open(left).where(type == LeftSemi$.MODULE$ ? matches : "NOT " + matches);
    }
    List<Attribute> output = new ArrayList<>(left.output());
    output.addAll(right.output());
    String on =
        " ON "
            + condition
                .map(c -> seals.condition(c, join, each -> residuals.on(each, join)))
                .orElse("true");
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
    String on =
        join.condition().isDefined()
            ? seals.condition(join.condition().get(), join, expressions::sql)
            : "true";
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

  private Block window(Window window) {
    Block child = open(block(window.child()));
    Map<String, String> columns = child.columns();
    columns.putAll(expressions.columns(list(window.windowExpressions())));
    List<Attribute> output = new ArrayList<>(child.output());
    list(window.windowExpressions()).forEach(e -> output.add(e.toAttribute()));
    return child.select(columns, output);
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

  static List<Attribute> attributes(scala.collection.Seq<? extends Attribute> attributes) {
    return List.copyOf(CollectionConverters.asJava(attributes));
  }

  static <T> List<T> list(scala.collection.Seq<T> seq) {
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
