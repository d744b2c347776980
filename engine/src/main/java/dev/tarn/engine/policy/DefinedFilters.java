package dev.tarn.engine.policy;

import dev.tarn.engine.catalog.RegisteredTable;
import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.ResolvedIdentifier;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.CreateTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceTable;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.TableSpecBase;
import org.apache.spark.sql.catalyst.plans.logical.V2CreateTablePlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** The row filter and masks of a definition, held against the columns that it gives its table. */
public final class DefinedFilters {
  private final SparkSession spark;
  private final SessionContext context;

  public DefinedFilters(SparkSession spark, SessionContext context) {
    this.spark = spark;
    this.context = context;
  }

  /**
   * What the definition says; empty if that is nothing.
   *
   * @param properties of the definition
   * @param columns that the table will have
   * @throws TarnException if a function cannot be called with these columns, or not by the
   *     session's principal
   */
  public Optional<TableFilters> of(
      Map<String, String> properties, EntityName name, StructType columns) {
    if (!NewFilters.named(properties)) {
      return Optional.empty();
    }
    TableInfo table =
        new TableInfo(
            "",
            name,
            TableType.MANAGED,
            "DELTA",
            "",
            context.principal().name(),
            null,
            RegisteredTable.columns(columns),
            Map.of(),
            null,
            null,
            0,
            0);
    TableFilters filters =
        NewFilters.of(properties, context.tables().filters(), context.principal(), table);
    new PolicyPlan(spark, context).check(table.with(filters));
    return Optional.of(filters);
  }

  /**
   * @throws TarnException as {@link #of}, if a statement makes such a table
   */
  void check(LogicalPlan node) {
    if (node instanceof V2CreateTablePlan made
        && made.name() instanceof ResolvedIdentifier resolved
        && spec(node).isPresent()) {
      Identifier name = resolved.identifier();
      if (name.namespace().length == 1) {
        of(
            CollectionConverters.asJava(spec(node).get().properties()),
            new EntityName(resolved.catalog().name(), name.namespace()[0], name.name()),
            made.tableSchema());
      }
    }
  }

  private static Optional<TableSpecBase> spec(LogicalPlan node) {
    if (node instanceof CreateTable c) {
      return Optional.of(c.tableSpec());
    } else if (node instanceof CreateTableAsSelect c) {
      return Optional.of(c.tableSpec());
    } else if (node instanceof ReplaceTable c) {
      return Optional.of(c.tableSpec());
    } else if (node instanceof ReplaceTableAsSelect c) {
      return Optional.of(c.tableSpec());
    }
    return Optional.empty();
  }
}
