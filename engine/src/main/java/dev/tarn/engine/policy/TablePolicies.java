package dev.tarn.engine.policy;

import dev.tarn.engine.session.HiddenRows;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.MultiInstanceRelation;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.Function1;
import scala.PartialFunction;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * Puts row filters and column masks into every plan, wherever in it a table stands and however it
 * was named. It sees tables after they are resolved, so that versions, streams and DataFrames are
 * no way around it; and it comes before Delta's own rules, which hide tables in commands.
 */
public final class TablePolicies extends Rule<LogicalPlan> {
  private final SparkSession spark;

  /** Whose filters and masks this thread is just putting in. */
  private final ThreadLocal<Set<EntityName>> applying = ThreadLocal.withInitial(HashSet::new);

  public TablePolicies(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * @throws TarnException if a filter or mask cannot be put in; INVALID_PARAMETER_VALUE if the plan
   *     changes rows that its principal may not see
   */
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return SessionRegistry.findEvenClosed(spark)
        .map(
            context -> {
              DefinerBarriers definers = new DefinerBarriers(context);
              LogicalPlan seen = protectedPlan(context, plan);
              requireNoFileNames(seen, definers);
              return definers.around(seen);
            })
        .orElse(plan);
  }

  /** A file's name may tell what a mask, a filter or a view hides. */
  private static void requireNoFileNames(LogicalPlan plan, DefinerBarriers definers) {
    if (PolicyTargets.namesFiles(plan)
        && (!PolicyBarrier.tables(plan).isEmpty() || !definers.concealing(plan).isEmpty())) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: The names of files cannot be read beside a table with a row filter or"
              + " column masks, or a view of tables that you cannot read. Leave input_file_name"
              + " and the like out.",
          null);
    }
  }

  private LogicalPlan protectedPlan(SessionContext context, LogicalPlan node) {
    if (node instanceof PolicyBarrier barrier && barrier.ofPolicy()) {
      HiddenRows.note(spark.sparkContext());
      return renewed(context, barrier);
    }
    boolean recomputes = context.pipeline() && PolicyTargets.replacesAllRows(node);
    if (PolicyTargets.changesRows(node) && !recomputes) {
      PolicyTargets.of(node).forEach(name -> requireAllRows(context, name, node));
    } else if (PolicyTargets.tellsOfRows(node)) {
      PolicyTargets.of(node).stream()
          .filter(name -> !context.managesPolicies(name))
          .forEach(name -> requireAllRows(context, name, node));
    }
    Optional<LogicalPlan> target = PolicyTargets.child(node);
    Function1<LogicalPlan, LogicalPlan> each =
        child ->
            target.isPresent() && target.get() == child ? child : protectedPlan(context, child);
    LogicalPlan inside = subqueries(context, node.mapChildren(each));
    return ReadAccess.relation(inside)
        .map(name -> visible(context, name, inside, inside.output()))
        .orElse(inside);
  }

  private LogicalPlan subqueries(SessionContext context, LogicalPlan node) {
    PartialFunction<Expression, Expression> rule =
        new AbstractPartialFunction<>() {
          @Override
          public boolean isDefinedAt(Expression e) {
            return e instanceof SubqueryExpression;
          }

          @Override
          public Expression apply(Expression e) {
            SubqueryExpression subquery = (SubqueryExpression) e;
            return subquery.withNewPlan(protectedPlan(context, subquery.plan()));
          }
        };
    return node.transformExpressionsUp(rule);
  }

  /** A DataFrame may be older than the filters of its tables. */
  private LogicalPlan renewed(SessionContext context, PolicyBarrier barrier) {
    if (barrier.epoch() == context.grants().epoch() || barrier.isStreaming()) {
      return barrier;
    }
    EntityName name =
        ReadAccess.relation(barrier.source())
            .orElseThrow(() -> new IllegalStateException("A barrier around no table"));
    return visible(context, name, barrier.source(), barrier.output());
  }

  private LogicalPlan visible(
      SessionContext context, EntityName name, LogicalPlan relation, Seq<Attribute> output) {
    Optional<TableInfo> table = context.seen(name, names(relation));
    if (table.isEmpty() && !context.principal().administrator()) {
      // Nobody can say what would have to be hidden of it.
      throw TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "Table", name.fullName());
    }
    boolean free = table.isEmpty() || table.get().filters().none();
    if (free && relation.output().equals(output)) {
      return relation;
    }
    long epoch = context.grants().epoch();
    LogicalPlan fresh = ((MultiInstanceRelation) relation).newInstance();
    if (free) {
      return PolicyPlan.renamed(fresh, output);
    }
    if (!applying.get().add(name)) {
      throw TarnException.invalid(
          "A function that filters or masks '"
              + name
              + "' reads '"
              + name
              + "' itself. Its owner has to set a function that does not.");
    }
    try {
      Optional<LogicalPlan> hiding = new PolicyPlan(spark, context).of(table.get(), fresh, output);
      if (hiding.isPresent()) {
        requireNoParts(name, relation);
        HiddenRows.note(spark.sparkContext());
        return new PolicyBarrier(hiding.get(), relation, name.fullName(), epoch);
      }
      return relation.output().equals(output) ? relation : PolicyPlan.renamed(fresh, output);
    } finally {
      applying.get().remove(name);
    }
  }

  /** Another system divides a table by its real values: what lies in which part tells them. */
  private static void requireNoParts(EntityName name, LogicalPlan relation) {
    if (relation instanceof DataSourceV2Relation source
        && source.options().keySet().stream()
            .anyMatch(option -> TableOptions.OF_PARTS.contains(option.toLowerCase(Locale.ROOT)))) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: A row filter or column mask of '"
              + name
              + "' hides something from you, so you cannot read it in parts. Leave partitionColumn"
              + " and the other options after WITH out.",
          null);
    }
  }

  private static List<String> names(LogicalPlan relation) {
    List<String> names = new ArrayList<>();
    relation.output().foreach(column -> names.add(column.name()));
    return names;
  }

  /** Whether the session's principal sees every row and value of the table as it is. */
  private void requireAllRows(SessionContext context, EntityName name, LogicalPlan node) {
    if (hides(context, name, node)) {
      throw PolicyTargets.refused(name, node);
    }
  }

  /** Whether a filter or mask hides anything of the table from the session's principal. */
  private boolean hides(SessionContext context, EntityName name, LogicalPlan node) {
    Optional<TableInfo> table =
        PolicyTargets.columns(node)
            .map(columns -> context.seen(name, columns))
            .orElseGet(() -> context.seenInAnyVersion(name));
    return table.isPresent()
        && !table.get().filters().none()
        && new PolicyPlan(spark, context).hides(table.get());
  }
}
