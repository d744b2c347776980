package dev.tarn.engine.policy;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.name.EntityName;
import java.util.Optional;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.plans.logical.DeleteFromTable;
import org.apache.spark.sql.catalyst.plans.logical.DeltaDelete;
import org.apache.spark.sql.catalyst.plans.logical.DeltaMergeInto;
import org.apache.spark.sql.catalyst.plans.logical.DeltaUpdateTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeIntoTable;
import org.apache.spark.sql.catalyst.plans.logical.UpdateTable;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;

/**
 * Who writes to what in a plan. The catalog asks the same when the target is resolved, but Spark
 * resolves a name once in a statement: a table that the statement also reads is not asked for again
 * to be written to.
 */
final class WriteAccess {
  private final SessionContext context;

  WriteAccess(SessionContext context) {
    this.context = context;
  }

  /**
   * @throws dev.tarn.kernel.error.TarnException PERMISSION_DENIED without {@code MODIFY}
   */
  void check(LogicalPlan node) {
    target(node)
        .ifPresent(
            target ->
                target.foreach(
                    part -> {
                      table(part)
                          .ifPresent(
                              name ->
                                  context
                                      .grants()
                                      .requireTable(context.principal(), Privilege.MODIFY, name));
                      return scala.runtime.BoxedUnit.UNIT;
                    }));
  }

  private static Optional<LogicalPlan> target(LogicalPlan node) {
    if (node instanceof V2WriteCommand write) {
      return Optional.of((LogicalPlan) write.table());
    } else if (node instanceof DeleteFromTable delete) {
      return Optional.of(delete.table());
    } else if (node instanceof UpdateTable update) {
      return Optional.of(update.table());
    } else if (node instanceof MergeIntoTable merge) {
      return Optional.of(merge.targetTable());
    } else if (node instanceof DeltaDelete delete) {
      return Optional.of(delete.child());
    } else if (node instanceof DeltaUpdateTable update) {
      return Optional.of(update.child());
    } else if (node instanceof DeltaMergeInto merge) {
      return Optional.of(merge.target());
    }
    return Optional.empty();
  }

  private static Optional<EntityName> table(LogicalPlan part) {
    if (part instanceof DataSourceV2Relation relation
        && relation.table() instanceof DeltaTableV2 delta
        && delta.catalogTable().isDefined()) {
      return name(delta.catalogTable().get());
    } else if (part instanceof LogicalRelation relation && relation.catalogTable().isDefined()) {
      return name(relation.catalogTable().get());
    }
    return Optional.empty();
  }

  /** A table that is being made is known by its path only. */
  private static Optional<EntityName> name(CatalogTable table) {
    TableIdentifier name = table.identifier();
    return name.catalog().isEmpty() || name.database().isEmpty()
        ? Optional.empty()
        : Optional.of(new EntityName(name.catalog().get(), name.database().get(), name.table()));
  }
}
