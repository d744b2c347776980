package dev.tarn.engine.statement;

import dev.tarn.engine.catalog.ShallowClone;
import dev.tarn.engine.catalog.TarnCatalog;
import dev.tarn.engine.lineage.PlanLineage;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.lineage.Flow;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.TimeTravel;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.CloneTableStatement;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * CREATE TABLE … SHALLOW CLONE. Delta parses it; carried out it is here, for Delta creates the
 * table while it analyses the statement, before anybody has asked for it to be run.
 */
final class TableClones {
  private final SparkSession spark;
  private final CatalogManager catalogs;

  TableClones(SparkSession spark) {
    this.spark = spark;
    this.catalogs = spark.sessionState().catalogManager();
  }

  Statement parsed(CloneTableStatement clone) {
    return new Statement.CloneTable(
        clone.source(),
        name(clone.target()),
        clone.isCreateCommand(),
        clone.ifNotExists(),
        clone.isReplaceCommand(),
        new HashMap<>(CollectionConverters.asJava(clone.tablePropertyOverrides())),
        Optional.ofNullable(clone.targetLocation().getOrElse(() -> null)));
  }

  static StructType columns() {
    StructType columns = new StructType();
    for (String name :
        List.of(
            "source_table_size",
            "source_num_of_files",
            "num_removed_files",
            "num_copied_files",
            "removed_files_size",
            "copied_files_size")) {
      columns = columns.add(name, "bigint");
    }
    return columns;
  }

  List<Row> run(Statement.CloneTable s) {
    Table source = source(s.source());
    List<Row> made =
        catalog(s.target())
            .create(
                identifier(s.target()),
                new ShallowClone(
                    source,
                    s.creates(),
                    s.ifNotExists(),
                    s.replaces(),
                    s.properties(),
                    s.location()));
    if (!made.isEmpty()) {
      SessionContext context = SessionRegistry.of(spark);
      Flow flow = PlanLineage.copied(sourceName(s.source()), source.columns(), s.target());
      context
          .lineage()
          .note(
              () -> flow,
              context.principal().name(),
              spark.sparkContext().getLocalProperty("spark.jobGroup.id"),
              null);
    }
    return made;
  }

  private EntityName sourceName(LogicalPlan source) {
    return name(source instanceof TimeTravel travel ? travel.relation() : source);
  }

  /** The table at the version that is meant, for a principal who may read it. */
  private Table source(LogicalPlan source) {
    requireUnfiltered(sourceName(source));
    if (!(source instanceof TimeTravel travel)) {
      EntityName name = name(source);
      return catalog(name).loadTable(identifier(name));
    }
    EntityName name = name(travel.relation());
    return travel.version().isDefined()
        ? catalog(name).loadTable(identifier(name), String.valueOf(travel.version().get()))
        : catalog(name).loadTable(identifier(name), micros(travel.timestamp().get()));
  }

  /** A clone is a table of the same files, whose rows no filter would hide. */
  private void requireUnfiltered(EntityName name) {
    Optional<TableInfo> table = SessionRegistry.of(spark).seenInAnyVersion(name);
    if (table.isPresent() && !table.get().filters().none()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: Table '"
              + name
              + "' has a row filter or column masks and cannot be cloned. Copy the rows that you"
              + " see: CREATE TABLE … AS SELECT * FROM ….",
          null);
    }
  }

  /** Delta's grammar has a string here and nothing else. */
  private long micros(Expression timestamp) {
    String zone = spark.sessionState().conf().sessionLocalTimeZone();
    return (Long)
        new Cast(timestamp, DataTypes.TimestampType, Option.apply(zone), EvalMode.ANSI())
            .eval(null);
  }

  private TarnCatalog catalog(EntityName name) {
    if (catalogs.catalog(name.catalog()) instanceof TarnCatalog catalog) {
      return catalog;
    }
    throw TarnException.invalid(
        "'" + name + "' is not in a catalog whose tables can be cloned, or made by cloning.");
  }

  private static Identifier identifier(EntityName name) {
    return Identifier.of(new String[] {name.schema()}, name.name());
  }

  private EntityName name(LogicalPlan relation) {
    List<String> parts =
        relation instanceof UnresolvedRelation unresolved
            ? CollectionConverters.asJava(unresolved.multipartIdentifier())
            : List.of();
    String catalog = catalogs.currentCatalog().name();
    return switch (parts.size()) {
      case 1 ->
          new EntityName(catalog, String.join(".", catalogs.currentNamespace()), parts.get(0));
      case 2 -> new EntityName(catalog, parts.get(0), parts.get(1));
      case 3 -> new EntityName(parts.get(0), parts.get(1), parts.get(2));
      default ->
          throw TarnException.invalid(
              "'" + String.join(".", parts) + "' is not catalog.schema.table.");
    };
  }
}
