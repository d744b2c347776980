package dev.tarn.engine.constraint;

import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.constraints.TableConstraint.Kind;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTable;
import org.apache.spark.sql.catalyst.expressions.ForeignKeyConstraint;
import org.apache.spark.sql.catalyst.expressions.PrimaryKeyConstraint;
import org.apache.spark.sql.catalyst.expressions.TableConstraint;
import org.apache.spark.sql.catalyst.expressions.UniqueConstraint;
import org.apache.spark.sql.catalyst.plans.logical.AddConstraint;
import org.apache.spark.sql.catalyst.plans.logical.AlterTableDropConstraint;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.DropConstraint;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceTable;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedTableSpec;
import org.apache.spark.sql.classic.SparkSession;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Primary and foreign keys in statements that Spark or Delta parses. */
public final class TableKeys {
  /** Stands for the columns of a reference that names none. */
  public static final String PRIMARY_KEY = "tarn_primary_key";

  private final SparkSession spark;
  private final List<String> timeseries;

  /**
   * @param timeseries the columns of a primary key that say when
   */
  public TableKeys(SparkSession spark, List<String> timeseries) {
    this.spark = spark;
    this.timeseries = timeseries;
  }

  /** A key to add or, without one, the name of one to drop. */
  public record Change(
      EntityName table,
      Optional<dev.tarn.govern.constraints.TableConstraint> added,
      String dropped,
      boolean cascade) {}

  /** What a statement changes of the keys of a table; empty if it is about something else. */
  public Optional<Change> change(LogicalPlan plan) {
    if (plan instanceof AddConstraint add && add.table() instanceof UnresolvedTable table) {
      EntityName name = name(table.multipartIdentifier());
      return Optional.of(
          new Change(
              name,
              Optional.of(NewKeys.constraint(key(add.tableConstraint()), name)),
              null,
              false));
    } else if (plan instanceof DropConstraint drop
        && drop.table() instanceof UnresolvedTable table) {
      return dropped(name(table.multipartIdentifier()), drop.name(), drop.cascade());
    } else if (plan instanceof AlterTableDropConstraint drop
        && drop.table() instanceof UnresolvedTable table) {
      return dropped(name(table.multipartIdentifier()), drop.constraintName(), false);
    }
    return Optional.empty();
  }

  private Optional<Change> dropped(EntityName table, String name, boolean cascade) {
    return SessionRegistry.find(spark)
        .filter(context -> context.constraints().isKey(table, name))
        .map(context -> new Change(table, Optional.empty(), name, cascade));
  }

  /** The statement with the keys of the table that it makes where Spark does not look at them. */
  public LogicalPlan hidden(LogicalPlan plan) {
    if (plan instanceof CreateTable c
        && c.tableSpec() instanceof UnresolvedTableSpec spec
        && hasKeys(spec)) {
      return c.copy(c.name(), c.columns(), c.partitioning(), without(spec), c.ignoreIfExists());
    } else if (plan instanceof ReplaceTable c
        && c.tableSpec() instanceof UnresolvedTableSpec spec
        && hasKeys(spec)) {
      return c.copy(c.name(), c.columns(), c.partitioning(), without(spec), c.orCreate());
    }
    return plan;
  }

  private static boolean hasKeys(UnresolvedTableSpec spec) {
    return spec.constraints().exists(TableKeys::isKey);
  }

  private static boolean isKey(TableConstraint constraint) {
    return constraint instanceof PrimaryKeyConstraint
        || constraint instanceof ForeignKeyConstraint
        || constraint instanceof UniqueConstraint;
  }

  private UnresolvedTableSpec without(UnresolvedTableSpec spec) {
    List<NewKeys.Key> keys = new ArrayList<>();
    List<TableConstraint> others = new ArrayList<>();
    for (TableConstraint each : CollectionConverters.asJava(spec.constraints())) {
      if (isKey(each)) {
        keys.add(key(each));
      } else {
        others.add(each);
      }
    }
    Map<String, String> properties = new HashMap<>(CollectionConverters.asJava(spec.properties()));
    properties.put(NewKeys.PROPERTY, NewKeys.property(keys));
    return spec.copy(
        scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(properties)),
        spec.provider(),
        spec.optionExpression(),
        spec.location(),
        spec.comment(),
        spec.collation(),
        spec.serde(),
        spec.external(),
        CollectionConverters.asScala(others).toSeq());
  }

  private NewKeys.Key key(TableConstraint constraint) {
    boolean rely =
        constraint.userProvidedCharacteristic().rely().isDefined()
            && Boolean.TRUE.equals(constraint.userProvidedCharacteristic().rely().get());
    if (constraint instanceof PrimaryKeyConstraint primary) {
      List<String> columns = CollectionConverters.asJava(primary.columns());
      return new NewKeys.Key(
          primary.userProvidedName(),
          Kind.PRIMARY_KEY,
          columns,
          timeseries.stream()
              .filter(each -> columns.stream().anyMatch(each::equalsIgnoreCase))
              .toList(),
          null,
          List.of(),
          rely);
    } else if (constraint instanceof ForeignKeyConstraint foreign) {
      return new NewKeys.Key(
          foreign.userProvidedName(),
          Kind.FOREIGN_KEY,
          CollectionConverters.asJava(foreign.childColumns()),
          List.of(),
          name(foreign.parentTableId()).fullName(),
          CollectionConverters.asJava(foreign.parentColumns()).stream()
              .filter(column -> !column.equals(PRIMARY_KEY))
              .toList(),
          rely);
    }
    throw TarnException.invalid(
        "UNIQUE constraints are not supported. Use PRIMARY KEY, FOREIGN KEY or CHECK.");
  }

  private EntityName name(Seq<String> parts) {
    List<String> names = new ArrayList<>(CollectionConverters.asJava(parts));
    var catalogs = spark.sessionState().catalogManager();
    if (names.size() < 2) {
      names.add(0, String.join(".", catalogs.currentNamespace()));
    }
    if (names.size() < 3) {
      names.add(0, catalogs.currentCatalog().name());
    }
    if (names.size() > 3) {
      throw TarnException.invalid("'" + String.join(".", names) + "' is not catalog.schema.table.");
    }
    return new EntityName(names.get(0), names.get(1), names.get(2));
  }
}
