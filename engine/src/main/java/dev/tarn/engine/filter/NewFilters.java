package dev.tarn.engine.filter;

import dev.tarn.govern.catalog.ColumnMask;
import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.Filters;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.CreateMaterializedViewAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.CreateStreamingTable;
import org.apache.spark.sql.catalyst.plans.logical.CreateStreamingTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.CreateTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceTable;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.TableSpec;
import org.apache.spark.sql.catalyst.plans.logical.TableSpecBase;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedTableSpec;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The row filter and the masks of a table that a statement makes, on their way past Spark: as a
 * property that nobody gets to see. The table is never there without them.
 */
public final class NewFilters {
  /** Name of the property. */
  public static final String PROPERTY = "tarn.filters";

  /**
   * A function and what it is called with, as written.
   *
   * @param function parts of its name
   * @param arguments after the column itself, of a mask
   */
  public record Clause(List<String> function, List<String> arguments) {}

  /** What a statement says. */
  public record Clauses(Optional<Clause> rowFilter, Map<String, Clause> masks) {
    public static final Clauses NONE = new Clauses(Optional.empty(), Map.of());
  }

  record Call(String function, List<FilterArgument> arguments) {}

  /**
   * @param replaces whether the statement brings rows that take the place of others
   */
  record Calls(Call rowFilter, Map<String, Call> masks, boolean replaces) {}

  private NewFilters() {}

  /**
   * The statement with its clauses where Spark does not look at them.
   *
   * @throws TarnException if it is none that makes a table, or an argument is no column and no
   *     constant
   */
  public static LogicalPlan hidden(SparkSession spark, LogicalPlan plan, Clauses clauses) {
    if (clauses.equals(Clauses.NONE)) {
      return plan;
    }
    Map<String, Call> masks = new TreeMap<>();
    clauses.masks().forEach((column, clause) -> masks.put(column, call(spark, clause)));
    String text =
        Json.string(
            new Calls(
                clauses.rowFilter().map(c -> call(spark, c)).orElse(null),
                masks,
                plan instanceof ReplaceTableAsSelect));
    // Pipelines look for the place in the text.
    return CurrentOrigin.withOrigin(plan.origin(), () -> with(plan, text));
  }

  private static LogicalPlan with(LogicalPlan plan, String text) {
    if (plan instanceof CreateTable c) {
      return c.copy(
          c.name(), c.columns(), c.partitioning(), with(c.tableSpec(), text), c.ignoreIfExists());
    } else if (plan instanceof CreateTableAsSelect c) {
      return c.copy(
          c.name(),
          c.partitioning(),
          c.query(),
          with(c.tableSpec(), text),
          c.writeOptions(),
          c.ignoreIfExists(),
          c.isAnalyzed());
    } else if (plan instanceof ReplaceTable c) {
      return c.copy(
          c.name(), c.columns(), c.partitioning(), with(c.tableSpec(), text), c.orCreate());
    } else if (plan instanceof ReplaceTableAsSelect c) {
      return c.copy(
          c.name(),
          c.partitioning(),
          c.query(),
          with(c.tableSpec(), text),
          c.writeOptions(),
          c.orCreate(),
          c.isAnalyzed());
    }
    if (plan instanceof CreateStreamingTable c) {
      return c.copy(
          c.name(), c.columns(), c.partitioning(), with(c.tableSpec(), text), c.ifNotExists());
    } else if (plan instanceof CreateStreamingTableAsSelect c) {
      return c.copy(
          c.name(),
          c.columns(),
          c.partitioning(),
          with(c.tableSpec(), text),
          c.query(),
          c.originalText(),
          c.ifNotExists());
    } else if (plan instanceof CreateMaterializedViewAsSelect c) {
      return c.copy(
          c.name(),
          c.columns(),
          c.partitioning(),
          with(c.tableSpec(), text),
          c.query(),
          c.originalText(),
          c.ifNotExists());
    }
    throw new TarnException(
        ErrorCode.BAD_REQUEST,
        "42601",
        "[PARSE_SYNTAX_ERROR] Only tables that the statement itself makes take a row filter or"
            + " masks. Set them with ALTER TABLE.",
        null);
  }

  private static TableSpecBase with(TableSpecBase base, String text) {
    Map<String, String> properties = new HashMap<>(CollectionConverters.asJava(base.properties()));
    properties.put(PROPERTY, text);
    var all =
        scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(properties));
    if (base instanceof TableSpec spec) {
      return spec.copy(
          all,
          spec.provider(),
          spec.options(),
          spec.location(),
          spec.comment(),
          spec.collation(),
          spec.serde(),
          spec.external(),
          spec.constraints());
    }
    UnresolvedTableSpec spec = (UnresolvedTableSpec) base;
    return spec.copy(
        all,
        spec.provider(),
        spec.optionExpression(),
        spec.location(),
        spec.comment(),
        spec.collation(),
        spec.serde(),
        spec.external(),
        spec.constraints());
  }

  private static Call call(SparkSession spark, Clause clause) {
    CatalogManager current = spark.sessionState().catalogManager();
    List<String> parts = clause.function();
    EntityName function =
        switch (parts.size()) {
          case 1 ->
              new EntityName(
                  current.currentCatalog().name(), current.currentNamespace()[0], parts.get(0));
          case 2 -> new EntityName(current.currentCatalog().name(), parts.get(0), parts.get(1));
          case 3 -> new EntityName(parts.get(0), parts.get(1), parts.get(2));
          default ->
              throw TarnException.invalid(
                  "'" + String.join(".", parts) + "' is not catalog.schema.function.");
        };
    return new Call(
        function.fullName(), clause.arguments().stream().map(a -> argument(spark, a)).toList());
  }

  /**
   * What a filter or mask is called with.
   *
   * @throws TarnException if it is neither a column nor a constant
   */
  public static FilterArgument argument(SparkSession spark, String text) {
    try {
      Expression expression = spark.sessionState().sqlParser().parseExpression(text);
      if (expression instanceof UnresolvedAttribute column && column.nameParts().size() == 1) {
        return FilterArgument.column(column.nameParts().head());
      } else if (expression.resolved() && expression.foldable()) {
        return FilterArgument.constant(expression.sql());
      }
    } catch (ParseException e) {
      throw TarnException.invalid("'" + text + "' is no column and no constant.");
    }
    throw TarnException.invalid(
        "'" + text + "' is no column of the table and no constant, and filters take nothing else.");
  }

  /** Whether a statement names any. */
  public static boolean named(Map<String, String> properties) {
    return properties.containsKey(PROPERTY);
  }

  /** Whether a statement names any and brings rows that take the place of others. */
  public static boolean withOtherRows(Map<String, String> properties) {
    return named(properties)
        && Json.tree(properties.get(PROPERTY)).path("replaces").asBoolean(false);
  }

  /**
   * What the statement gives its table.
   *
   * @param table as it will be
   * @throws TarnException as {@link Filters#rowFilter} and {@link Filters#mask}
   */
  public static TableFilters of(
      Map<String, String> properties, Filters filters, Principal principal, TableInfo table) {
    String text = properties.get(PROPERTY);
    if (text == null) {
      return TableFilters.NONE;
    }
    try {
      Calls calls = Json.read(text, Calls.class);
      Map<String, ColumnMask> masks = new TreeMap<>();
      calls
          .masks()
          .forEach(
              (column, call) ->
                  masks.put(
                      column,
                      filters.mask(
                          principal,
                          table,
                          column,
                          EntityName.parse(call.function()),
                          call.arguments())));
      Call filter = calls.rowFilter();
      return new TableFilters(
          filter == null
              ? null
              : filters.rowFilter(
                  principal, table, EntityName.parse(filter.function()), filter.arguments()),
          masks);
    } catch (UncheckedIOException | NullPointerException e) {
      throw TarnException.invalid(
          "The property '" + PROPERTY + "' is not for use. Write WITH ROW FILTER or MASK.");
    }
  }
}
