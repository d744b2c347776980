package dev.tarn.engine.policy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.ResolvedTable;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockLength;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockStart;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OverwriteByExpression;
import org.apache.spark.sql.catalyst.plans.logical.TruncateTable;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import scala.Option;
import scala.Some;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/** The tables that a statement works on as a whole, rather than on what its principal may see. */
final class PolicyTargets {
  /** Statements that look at the rows of their target, or do away with them. */
  private static final Set<String> CHANGES =
      Set.of(
          "DeleteFromTable",
          "UpdateTable",
          "MergeIntoTable",
          "DeltaDelete",
          "DeltaUpdateTable",
          "DeltaMergeInto",
          "DeleteCommand",
          "UpdateCommand",
          "MergeIntoCommand",
          "OverwriteByExpression",
          "OverwritePartitionsDynamic",
          "DeltaDynamicPartitionOverwrite",
          "DeltaDynamicPartitionOverwriteCommand",
          "TruncateTable",
          "TruncateDeltaTableCommand",
          "RestoreTableStatement",
          "RestoreTableCommand",
          "AddConstraint",
          "AddCheckConstraint",
          "AlterTableAddConstraint");

  /** Those that have to do with rows as they stand, whatever earlier versions had. */
  private static final Set<String> CURRENT =
      Set.of(
          "DeleteFromTable",
          "UpdateTable",
          "MergeIntoTable",
          "DeltaDelete",
          "DeltaUpdateTable",
          "DeltaMergeInto",
          "OverwriteByExpression",
          "OverwritePartitionsDynamic",
          "DeltaDynamicPartitionOverwrite",
          "TruncateTable",
          "AddConstraint",
          "AddCheckConstraint");

  /**
   * Statements that tell of all rows: how many there are, which values partitions have, or for how
   * many a condition on them holds.
   */
  private static final Set<String> TELLS =
      Set.of(
          "DescribeDeltaHistory",
          "DescribeDeltaHistoryCommand",
          "DescribeDeltaDetailCommand",
          "DescribeColumn",
          "DescribeColumnCommand",
          "ShowPartitions",
          "ShowDeltaPartitionsCommand",
          "OptimizeTableCommand",
          "DeltaReorgTable",
          "DeltaReorgTableCommand",
          "VacuumTableCommand");

  private PolicyTargets() {}

  static boolean changesRows(LogicalPlan node) {
    return CHANGES.contains(node.getClass().getSimpleName());
  }

  /** Whether it depends on no row that is there, hidden or not: all go. */
  static boolean replacesAllRows(LogicalPlan node) {
    return (node instanceof OverwriteByExpression overwrite
            && overwrite.deleteExpr().equals(Literal.TrueLiteral()))
        || node instanceof TruncateTable
        || node.getClass().getSimpleName().equals("TruncateDeltaTableCommand");
  }

  static boolean tellsOfRows(LogicalPlan node) {
    return TELLS.contains(node.getClass().getSimpleName());
  }

  /** The part of a statement that names its target, where that is a plan. */
  static Optional<LogicalPlan> child(LogicalPlan node) {
    String name = node.getClass().getSimpleName();
    if (!CHANGES.contains(name) && !TELLS.contains(name) || name.endsWith("Command")) {
      return Optional.empty();
    }
    Option<Object> first = node.productIterator().find(LogicalPlan.class::isInstance);
    return first.isDefined() ? Optional.of((LogicalPlan) first.get()) : Optional.empty();
  }

  static Set<EntityName> of(LogicalPlan node) {
    Set<EntityName> names = new HashSet<>();
    fields(node, names);
    child(node)
        .ifPresent(
            target ->
                target.foreach(
                    part -> {
                      fields(part, names);
                      ReadAccess.relation(part).ifPresent(names::add);
                      return BoxedUnit.UNIT;
                    }));
    if (names.isEmpty()) {
      // Commands of Delta's have taken their target apart already.
      node.productIterator()
          .foreach(
              field -> {
                if (field instanceof LogicalPlan plan) {
                  plan.foreach(
                      part -> {
                        fields(part, names);
                        return BoxedUnit.UNIT;
                      });
                }
                return BoxedUnit.UNIT;
              });
    }
    return names;
  }

  private static void fields(LogicalPlan node, Set<EntityName> names) {
    if (node instanceof ResolvedTable resolved) {
      ReadAccess.name(Some.apply(resolved.catalog()), Some.apply(resolved.identifier()))
          .ifPresent(names::add);
    }
    node.productIterator()
        .foreach(
            field -> {
              Object value = field instanceof Some<?> some ? some.get() : field;
              if (value instanceof DeltaTableV2 table && table.catalogTable().isDefined()) {
                names.add(ReadAccess.name(table.catalogTable().get()));
              } else if (value instanceof CatalogTable table
                  && table.identifier().catalog().isDefined()) {
                names.add(ReadAccess.name(table));
              }
              return BoxedUnit.UNIT;
            });
  }

  /**
   * The columns that the target has, if the statement works on no other version of it. The catalog
   * may not know all of them: it is not told of what is restored.
   */
  static Optional<List<String>> columns(LogicalPlan node) {
    List<String> names = new ArrayList<>();
    if (CURRENT.contains(node.getClass().getSimpleName())) {
      child(node)
          .ifPresent(
              target ->
                  target.foreach(
                      part -> {
                        if (part instanceof ResolvedTable table) {
                          table.outputAttributes().foreach(column -> names.add(column.name()));
                        } else if (ReadAccess.relation(part).isPresent()) {
                          part.output().foreach(column -> names.add(column.name()));
                        }
                        return BoxedUnit.UNIT;
                      }));
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  /** Whether it asks which file a row is stored in. */
  static boolean namesFiles(LogicalPlan plan) {
    return plan.exists(
        node ->
            CollectionConverters.asJava(node.expressions()).stream()
                .anyMatch(e -> e.exists(PolicyTargets::namesFile)));
  }

  private static boolean namesFile(Expression expression) {
    return expression instanceof InputFileName
        || expression instanceof InputFileBlockStart
        || expression instanceof InputFileBlockLength
        || (expression instanceof SubqueryExpression subquery && namesFiles(subquery.plan()));
  }

  static TarnException refused(EntityName table, LogicalPlan node) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED,
        "42501",
        "PERMISSION_DENIED: Table '"
            + table
            + "' has a row filter or column masks that hide some of it from you, and this statement ("
            + node.getClass().getSimpleName()
            + ") works on all of it. Ask somebody whom they spare, or its owner; rows can be added"
            + " with INSERT INTO.",
        null);
  }
}
