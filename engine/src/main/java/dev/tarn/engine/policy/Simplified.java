package dev.tarn.engine.policy;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.optimizer.BooleanSimplification$;
import org.apache.spark.sql.catalyst.optimizer.CollapseProject$;
import org.apache.spark.sql.catalyst.optimizer.ConstantFolding$;
import org.apache.spark.sql.catalyst.optimizer.EliminateSQLFunctionNode$;
import org.apache.spark.sql.catalyst.optimizer.SimplifyCasts$;
import org.apache.spark.sql.catalyst.optimizer.SimplifyConditionals$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Whether a filter and masks come to nothing once it is known who asks: {@code
 * is_account_group_member} is a constant then, and with it often all the rest.
 */
final class Simplified {
  private static final int ROUNDS = 4;

  private Simplified() {}

  static boolean changesNothing(LogicalPlan plan, LocalRelation table) {
    LogicalPlan at = simple(plan);
    while (at != null && !at.equals(table)) {
      if (at instanceof Project project && passes(project)) {
        at = project.child();
      } else if (at instanceof Filter filter && isTrue(filter.condition())) {
        at = filter.child();
      } else {
        at = null;
      }
    }
    return at != null;
  }

  private static LogicalPlan simple(LogicalPlan plan) {
    LogicalPlan simple = EliminateSQLFunctionNode$.MODULE$.apply(plan);
    for (int i = 0; i < ROUNDS; i++) {
      simple = CollapseProject$.MODULE$.apply(simple);
      simple = SimplifyCasts$.MODULE$.apply(simple);
      simple = ConstantFolding$.MODULE$.apply(simple);
      simple = BooleanSimplification$.MODULE$.apply(simple);
      simple = SimplifyConditionals$.MODULE$.apply(simple);
    }
    return simple;
  }

  private static boolean isTrue(Expression condition) {
    return condition instanceof Literal literal && Boolean.TRUE.equals(literal.value());
  }

  /** Whether every column comes from the column of the same place below; there may be more. */
  private static boolean passes(Project project) {
    List<NamedExpression> columns = CollectionConverters.asJava(project.projectList());
    List<Attribute> below = CollectionConverters.asJava(project.child().output());
    for (int i = 0; i < columns.size() && i < below.size(); i++) {
      Expression shown =
          columns.get(i) instanceof Alias alias ? alias.child() : (Expression) columns.get(i);
      if (!(shown instanceof Attribute attribute)
          || !attribute.exprId().equals(below.get(i).exprId())) {
        return false;
      }
    }
    return true;
  }
}
