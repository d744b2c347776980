package dev.tarn.engine.policy;

import dev.tarn.engine.catalog.TarnCatalog;
import dev.tarn.engine.information.InformationSchema;
import dev.tarn.engine.session.Definer;
import dev.tarn.engine.session.HiddenRows;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.SQLFunctionNode;
import org.apache.spark.sql.catalyst.analysis.SQLScalarFunction;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.SQLFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.VariableReference;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.catalyst.streaming.StreamingRelationV2;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Who reads what in a plan: what stands in a view is read with the rights of its owner, all else
 * with those of whoever asks. The catalog asks the same when a name is resolved, but Spark resolves
 * a name once in a statement: a table that a view has read would then be open to the rest of the
 * statement. And a temporary view of a DataFrame keeps tables as they were resolved when it was
 * made.
 *
 * <p>Changes nothing. It is a rule since Spark applies rules to the body of a view by itself, while
 * the settings of the view hold, before it puts the body into the plan around it.
 */
public final class ReadAccess extends Rule<LogicalPlan> {
  private final SparkSession spark;

  private record Read(Principal reader, EntityName relation) {}

  public ReadAccess(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * @throws TarnException PERMISSION_DENIED
   */
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    SessionRegistry.findEvenClosed(spark).ifPresent(context -> check(context, plan));
    return plan;
  }

  private void check(SessionContext context, LogicalPlan plan) {
    List<Read> reads = new ArrayList<>();
    if (walk(context, plan, context.reader(), reads)) {
      if (!context.principal().administrator()
          && reads.stream().anyMatch(r -> !r.reader().equals(context.principal()))) {
        HiddenRows.note(spark.sparkContext());
      }
      reads.forEach(r -> context.grants().requireTable(r.reader(), Privilege.SELECT, r.relation()));
    }
  }

  /** Whether there is a view in it; without one everything was resolved for the same reader. */
  private static boolean walk(
      SessionContext context, LogicalPlan node, Principal reader, List<Read> reads) {
    boolean[] views = {node instanceof View || node instanceof SQLFunctionNode};
    Principal inside = reader;
    if (node instanceof View view && !view.isTempView()) {
      reads.add(new Read(reader, name(view.desc())));
      inside = definer(context, node, reader);
    } else if (node instanceof SQLFunctionNode) {
      inside = definer(context, node, reader);
    } else {
      relation(node).ifPresent(name -> reads.add(new Read(reader, name)));
    }
    for (LogicalPlan child : CollectionConverters.asJava(node.children())) {
      views[0] |= walk(context, child, inside, reads);
    }
    for (Expression expression : CollectionConverters.asJava(node.expressions())) {
      views[0] |= walk(context, expression, inside, reads);
    }
    return views[0];
  }

  private static boolean walk(
      SessionContext context, Expression expression, Principal reader, List<Read> reads) {
    boolean bodies = expression instanceof SQLScalarFunction;
    Principal inside = reader;
    if (expression instanceof SQLScalarFunction call) {
      inside = definer(context, call.function(), reader);
      refuseVariables(call);
    } else if (expression instanceof SubqueryExpression subquery) {
      bodies = walk(context, subquery.plan(), reader, reads);
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      bodies |= walk(context, child, inside, reads);
    }
    return bodies;
  }

  /** What its body names is no variable of whoever calls it. */
  private static void refuseVariables(SQLScalarFunction call) {
    if (call.function().name().catalog().isDefined() && usesVariables(call.child())) {
      throw TarnException.invalid(
          "Function '"
              + call.function().name().unquotedString()
              + "' uses a variable of the session, which its callers do not have.");
    }
  }

  private static boolean usesVariables(Expression expression) {
    return expression.exists(
        e ->
            e instanceof VariableReference
                || (e instanceof SubqueryExpression subquery
                    && subquery
                        .plan()
                        .exists(
                            node ->
                                CollectionConverters.asJava(node.expressions()).stream()
                                    .anyMatch(ReadAccess::usesVariables))));
  }

  /**
   * Whose rights hold in the body of a view or a table function.
   *
   * @throws TarnException PERMISSION_DENIED if the owner is not there any more
   */
  static Principal definer(SessionContext context, LogicalPlan node, Principal reader) {
    if (node instanceof SQLFunctionNode call) {
      return definer(context, call.function(), reader);
    }
    EntityName name = name(((View) node).desc());
    return context.holder(name, owner(context, name));
  }

  /** The full name of a view or a table function. */
  static String definedName(LogicalPlan node) {
    return node instanceof SQLFunctionNode call
        ? call.function().name().unquotedString()
        : name(((View) node).desc()).fullName();
  }

  /** Whose rights hold in the body of a function: of a session's own, those around the call. */
  private static Principal definer(SessionContext context, SQLFunction function, Principal reader) {
    FunctionIdentifier name = function.name();
    if (name.catalog().isEmpty()) {
      return reader;
    }
    EntityName full = new EntityName(name.catalog().get(), name.database().get(), name.funcName());
    Optional<FunctionInfo> known = context.functions().find(full);
    Optional<Principal> loaded = Definer.of(function.getSQLConfigs());
    // While it is made it is not known, and while it is replaced it is another's.
    return known.isPresent() && !loaded.equals(Optional.of(reader))
        ? context.holder(full, known.get().owner())
        : loaded.orElse(reader);
  }

  private static String owner(SessionContext context, EntityName view) {
    return context
        .tables()
        .find(view)
        .map(TableInfo::owner)
        .orElseThrow(
            () -> TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "View", view.fullName()));
  }

  /** Which table or view a relation reads. */
  public static Optional<EntityName> relation(LogicalPlan node) {
    if (node instanceof DataSourceV2Relation r
        && r.table() instanceof DeltaTableV2 delta
        && delta.catalogTable().isDefined()) {
      return Optional.of(name(delta.catalogTable().get()));
    } else if (node instanceof DataSourceV2Relation r) {
      return name(r.catalog(), r.identifier());
    } else if (node instanceof StreamingRelationV2 r) {
      return name(r.catalog(), r.identifier());
    } else if (node instanceof LogicalRelation r && r.catalogTable().isDefined()) {
      return Optional.of(name(r.catalogTable().get()));
    }
    return Optional.empty();
  }

  public static Optional<EntityName> name(
      Option<? extends CatalogPlugin> catalog, Option<Identifier> ident) {
    if (catalog.isEmpty()
        || ident.isEmpty()
        || !(catalog.get() instanceof TarnCatalog tarn)
        || ident.get().namespace().length != 1
        || InformationSchema.is(ident.get().namespace())
        || tarn.isPathIdentifier(ident.get())) {
      return Optional.empty();
    }
    return Optional.of(new EntityName(tarn.name(), ident.get().namespace()[0], ident.get().name()));
  }

  public static EntityName name(CatalogTable table) {
    TableIdentifier name = table.identifier();
    return new EntityName(name.catalog().get(), name.database().get(), name.table());
  }
}
