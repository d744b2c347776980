package dev.tarn.engine.statement;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.ColumnMask;
import dev.tarn.govern.catalog.RowFilter;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableOrView;
import org.apache.spark.sql.catalyst.plans.logical.DescribeRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import scala.jdk.javaapi.CollectionConverters;

/** DESCRIBE TABLE EXTENDED: what Spark says of a table, then its keys, row filter and masks. */
record ExtendedDescription(SparkSession spark) {
  private static final List<String> COLUMNS = List.of("col_name", "data_type", "comment");

  Optional<Statement> parsed(LogicalPlan plan) {
    if (plan instanceof DescribeRelation describe
        && describe.isExtended()
        && describe.relation() instanceof UnresolvedTableOrView table) {
      List<String> parts =
          new ArrayList<>(CollectionConverters.asJava(table.multipartIdentifier()));
      return spark.sessionState().catalog().isTempView(table.multipartIdentifier())
          ? Optional.empty()
          : Optional.of(new Statement.Call(COLUMNS, context -> rows(context, plan, parts)));
    }
    return Optional.empty();
  }

  private List<Row> rows(SessionContext context, LogicalPlan plan, List<String> parts) {
    // Whoever may not have the table described gets no further.
    List<Row> rows = new ArrayList<>(Dataset.ofRows(spark, plan).collectAsList());
    CatalogManager current = spark.sessionState().catalogManager();
    if (parts.size() < 2) {
      parts.add(0, String.join(".", current.currentNamespace()));
    }
    if (parts.size() < 3) {
      parts.add(0, current.currentCatalog().name());
    }
    if (parts.size() == 3) {
      context
          .tables()
          .find(new EntityName(parts.get(0), parts.get(1), parts.get(2)))
          .ifPresent(table -> governed(context, table, rows));
    }
    return rows;
  }

  private static void governed(SessionContext context, TableInfo table, List<Row> rows) {
    List<Row> keys =
        context.constraints().visible(context.principal(), table.name()).stream()
            .filter(each -> each.kind() != TableConstraint.Kind.CHECK)
            .map(each -> row(each.name(), TableDescription.text(each)))
            .toList();
    add(rows, "# Constraints", keys);
    RowFilter filter = table.filters().rowFilter();
    if (filter != null) {
      add(
          rows,
          "# Row Filter",
          List.of(
              row("Function", TableDescription.simple(filter.function())),
              row("Arguments", TableDescription.arguments(filter.arguments()))));
    }
    add(
        rows,
        "# Column Masks",
        table.filters().columnMasks().entrySet().stream()
            .map(mask -> row(mask.getKey(), text(mask.getValue())))
            .toList());
  }

  private static String text(ColumnMask mask) {
    return TableDescription.simple(mask.function())
        + (mask.using().isEmpty()
            ? ""
            : " USING COLUMNS " + TableDescription.arguments(mask.using()));
  }

  private static void add(List<Row> rows, String title, List<Row> more) {
    if (!more.isEmpty()) {
      rows.add(row("", ""));
      rows.add(row(title, ""));
      rows.addAll(more);
    }
  }

  private static Row row(String name, String value) {
    return RowFactory.create(name, value, "");
  }
}
