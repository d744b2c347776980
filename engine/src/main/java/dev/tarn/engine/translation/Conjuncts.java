package dev.tarn.engine.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.plans.Cross$;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.LeftSemi$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.ResolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Conditions on single columns that a row of a relation must fulfil to matter, so that files
 * without such rows need not be read. All of them reject NULL: that makes them safe below outer
 * joins, since a row that an outer join then fills with NULL is rejected by the same condition
 * above it.
 */
final class Conjuncts {
  private final Map<Long, List<Expression>> found;

  /**
   * @param found from the id of a column to its conditions; added to
   */
  Conjuncts(Map<Long, List<Expression>> found) {
    this.found = found;
  }

  void look(LogicalPlan plan) {
    look(plan, List.of());
  }

  private void look(LogicalPlan plan, List<Expression> above) {
    if (plan instanceof Filter filter) {
      look(filter.child(), and(above, filter.condition()));
    } else if (plan instanceof Join join) {
      List<Expression> both =
          join.condition().isDefined() ? and(above, join.condition().get()) : above;
      JoinType type = join.joinType();
      boolean inner = type == Inner$.MODULE$ || type == Cross$.MODULE$ || type == LeftSemi$.MODULE$;
      look(join.left(), inner || type == RightOuter$.MODULE$ ? both : above);
      look(
          join.right(),
          inner || type == LeftOuter$.MODULE$ || type == LeftAnti$.MODULE$ ? both : above);
    } else if (plan instanceof Aggregate aggregate) {
      Set<Long> keys =
          CollectionConverters.asJava(aggregate.groupingExpressions()).stream()
              .filter(Attribute.class::isInstance)
              .map(e -> ((Attribute) e).exprId().id())
              .collect(Collectors.toSet());
      look(aggregate.child(), above.stream().filter(e -> keys.contains(column(e))).toList());
    } else if (plan instanceof DataSourceV2Relation relation) {
      for (Attribute attribute : CollectionConverters.asJava(relation.output())) {
        List<Expression> own =
            above.stream().filter(e -> column(e) == attribute.exprId().id()).toList();
        if (!own.isEmpty()) {
          found.put(attribute.exprId().id(), own);
        }
      }
    } else if (plan instanceof WithCTE with) {
      look(with.plan(), above);
      CollectionConverters.asJava(with.cteDefs()).forEach(d -> look(d, List.of()));
    } else {
      // A row less below a limit or a window would change the rows above it.
      boolean same =
          plan instanceof Project
              || plan instanceof SubqueryAlias
              || plan instanceof View
              || plan instanceof ResolvedHint
              || plan instanceof Sort
              || plan instanceof Distinct;
      for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
        look(child, same ? above : List.of());
      }
    }
  }

  private static List<Expression> and(List<Expression> above, Expression condition) {
    List<Expression> all = new ArrayList<>(above);
    add(condition, all);
    return all;
  }

  private static void add(Expression condition, List<Expression> to) {
    if (condition instanceof And and) {
      add(and.left(), to);
      add(and.right(), to);
    } else if (column(condition) >= 0) {
      to.add(condition);
    }
  }

  /** The only column of a condition that rejects NULL in it; -1 if it is not such a condition. */
  private static long column(Expression condition) {
    List<Expression> children = List.copyOf(CollectionConverters.asJava(condition.children()));
    if (condition instanceof EqualNullSafe) {
      return -1;
    } else if (condition instanceof IsNotNull) {
      return id(children.get(0));
    } else if (condition instanceof In) {
      return children.stream().skip(1).allMatch(Expression::foldable) ? id(children.get(0)) : -1;
    } else if (condition instanceof BinaryComparison) {
      return children.get(1).foldable()
          ? id(children.get(0))
          : children.get(0).foldable() ? id(children.get(1)) : -1;
    }
    return -1;
  }

  private static long id(Expression expression) {
    return expression instanceof Attribute attribute ? attribute.exprId().id() : -1;
  }
}
