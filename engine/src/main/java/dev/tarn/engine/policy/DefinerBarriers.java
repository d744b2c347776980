package dev.tarn.engine.policy;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.ResolvedInlineTable;
import org.apache.spark.sql.catalyst.analysis.SQLFunctionNode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import scala.Function1;
import scala.PartialFunction;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Puts barriers around what views and table functions of others read for a reader who may not: a
 * view that leaves out rows must do so before its reader's expressions fail on them. Only where
 * something above can fail at all, and where the view leaves out anything; else its conditions and
 * the reader's are one for the optimizer.
 */
final class DefinerBarriers {
  private final SessionContext context;

  DefinerBarriers(SessionContext context) {
    this.context = context;
  }

  LogicalPlan around(LogicalPlan plan) {
    return context.principal().administrator() ? plan : around(plan, context.reader(), false);
  }

  /** The views and functions in a plan that read what their reader may not, by their names. */
  List<String> concealing(LogicalPlan plan) {
    List<String> names = new ArrayList<>();
    if (!context.principal().administrator()) {
      concealing(plan, context.reader(), names);
    }
    return names;
  }

  private void concealing(LogicalPlan node, Principal reader, List<String> names) {
    Principal inside = reader;
    if (definers(node)) {
      inside = ReadAccess.definer(context, node, reader);
      if (conceals(node, reader, inside)) {
        names.add(ReadAccess.definedName(node));
        return;
      }
    }
    for (LogicalPlan child : CollectionConverters.asJava(node.children())) {
      concealing(child, inside, names);
    }
    for (Expression expression : CollectionConverters.asJava(node.expressions())) {
      for (LogicalPlan subquery : subqueries(expression)) {
        concealing(subquery, inside, names);
      }
    }
  }

  /**
   * @param fails whether anything above may fail
   */
  private LogicalPlan around(LogicalPlan node, Principal reader, boolean fails) {
    // What is above a reference to a CTE is above the CTE.
    boolean failing =
        fails || Fallible.any(node) || (node instanceof WithCTE && Fallible.anyIn(node));
    boolean definers = definers(node);
    Principal inside = definers ? ReadAccess.definer(context, node, reader) : reader;
    List<LogicalPlan> parts = parts(node);
    Function1<LogicalPlan, LogicalPlan> each =
        child -> around(child, inside, failing || failsBeside(child, parts));
    LogicalPlan done = subqueries(node.mapChildren(each), inside, failing, parts);
    if (!definers
        || !failing
        || barred(done)
        || !leavesOutRows(done)
        || !conceals(done, reader, inside)) {
      return done;
    }
    String name = ReadAccess.definedName(done);
    if (correlated(done)) {
      throw unguarded(name);
    }
    return done.mapChildren(child -> PolicyBarrier.ofDefiner(child, name));
  }

  /** No barrier can stand between a column and the call that it is given to. */
  private static TarnException unguarded(String function) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED,
        "42501",
        "PERMISSION_DENIED: Table function '"
            + function
            + "' reads tables that you cannot read, and cannot be called with columns of another"
            + " table where an expression may fail. Call it with constants.",
        null);
  }

  /** The plans whose rows a node brings together. */
  private static List<LogicalPlan> parts(LogicalPlan node) {
    List<LogicalPlan> parts = new ArrayList<>(CollectionConverters.asJava(node.children()));
    for (Expression expression : CollectionConverters.asJava(node.expressions())) {
      parts.addAll(subqueries(expression));
    }
    return parts;
  }

  /**
   * Whether what stands beside a plan may fail. Where columns are equal, as in a join, optimizers
   * ask of one side what is asked of the other.
   */
  private static boolean failsBeside(LogicalPlan plan, List<LogicalPlan> parts) {
    return parts.stream().anyMatch(other -> other != plan && Fallible.anyIn(other));
  }

  private LogicalPlan subqueries(
      LogicalPlan node, Principal reader, boolean fails, List<LogicalPlan> parts) {
    PartialFunction<Expression, Expression> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(Expression e) {
            return e instanceof SubqueryExpression;
          }

          @Override
          public Expression apply(Expression e) {
            SubqueryExpression subquery = (SubqueryExpression) e;
            LogicalPlan plan = subquery.plan();
            return subquery.withNewPlan(around(plan, reader, fails || failsBeside(plan, parts)));
          }
        };
    return node.transformExpressionsUp(rule);
  }

  private static boolean definers(LogicalPlan node) {
    return (node instanceof View view && !view.isTempView())
        || (node instanceof SQLFunctionNode call && call.function().name().catalog().isDefined());
  }

  private static boolean barred(LogicalPlan definers) {
    return definers.children().head() instanceof PolicyBarrier barrier && !barrier.ofPolicy();
  }

  /** Whether it reads with its owner's rights what the reader could not. */
  private boolean conceals(LogicalPlan definers, Principal reader, Principal owner) {
    return !owner.equals(reader) && definers.exists(node -> hidden(node, reader));
  }

  private boolean hidden(LogicalPlan node, Principal reader) {
    for (Expression expression : CollectionConverters.asJava(node.expressions())) {
      if (subqueries(expression).stream()
          .anyMatch(plan -> plan.exists(inner -> hidden(inner, reader)))) {
        return true;
      }
    }
    Optional<EntityName> table = ReadAccess.relation(node);
    if (table.isPresent()) {
      return !reads(reader, table.get());
    }
    return CollectionConverters.asJava(node.children()).isEmpty()
        && !(node instanceof LocalRelation
            || node instanceof OneRowRelation
            || node instanceof ResolvedInlineTable
            || node instanceof Range
            || node instanceof CTERelationRef);
  }

  private boolean reads(Principal reader, EntityName table) {
    Grants grants = context.grants();
    return grants.allows(reader, Privilege.SELECT, Securable.table(table))
        && grants.allows(reader, Privilege.USE_SCHEMA, Securable.schema(table.parent()))
        && grants.allows(reader, Privilege.USE_CATALOG, Securable.catalog(table.catalog()));
  }

  /** Whether a row below may be missing above, other than by being one with another. */
  private static boolean leavesOutRows(LogicalPlan definers) {
    return definers.exists(
        node ->
            !(CollectionConverters.asJava(node.children()).isEmpty()
                || node instanceof View
                || node instanceof SQLFunctionNode
                || node instanceof PolicyBarrier
                || node instanceof Project
                || node instanceof SubqueryAlias
                || node instanceof Union
                || node instanceof Aggregate
                || node instanceof Distinct
                || node instanceof Sort));
  }

  /** Whether it is a call that is given columns from outside the plan. */
  private static boolean correlated(LogicalPlan definers) {
    return definers instanceof SQLFunctionNode && !outer(definers).isEmpty();
  }

  /** The columns of a plan that come from around it; those of calls with constants do not. */
  private static List<OuterReference> outer(LogicalPlan plan) {
    List<OuterReference> all = new ArrayList<>();
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      all.addAll(outer(child));
    }
    for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
      expression.foreach(
          e -> {
            if (e instanceof OuterReference reference) {
              all.add(reference);
            }
            return BoxedUnit.UNIT;
          });
      for (LogicalPlan subquery : subqueries(expression)) {
        outer(subquery).stream()
            .filter(each -> !plan.inputSet().contains(each.e()))
            .forEach(all::add);
      }
    }
    return all;
  }

  private static Set<LogicalPlan> subqueries(Expression expression) {
    Set<LogicalPlan> plans = new LinkedHashSet<>();
    expression.foreach(
        e -> {
          if (e instanceof SubqueryExpression subquery) {
            plans.add(subquery.plan());
          }
          return BoxedUnit.UNIT;
        });
    return plans;
  }
}
