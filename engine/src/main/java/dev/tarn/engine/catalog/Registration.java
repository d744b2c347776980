package dev.tarn.engine.catalog;

import dev.tarn.engine.commit.ManagedTables;
import dev.tarn.engine.constraint.NewKeys;
import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.Filters;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.types.StructType;
import org.jdbi.v3.core.Handle;

/**
 * Where the files of a table to be lie, who may put them there, and how it enters the namespace.
 */
final class Registration {
  private static final Set<String> NOT_TABLE_PROPERTIES =
      Set.of(
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_COMMENT,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_IS_MANAGED_LOCATION,
          NewKeys.PROPERTY,
          NewFilters.PROPERTY);

  private static final String CHECK = "delta.constraints.";

  private final SessionContext context;
  private final UnityTables unity;
  private final ManagedTables managed;

  Registration(SessionContext context, UnityTables unity) {
    this.context = context;
    this.unity = unity;
    this.managed = new ManagedTables(context);
  }

  /**
   * Where a table's files lie.
   *
   * @param managed whether Tarn chose the folder, for this table
   * @param replaced the table whose folder it is, if there is one already
   * @param properties that Delta is to know
   */
  record Place(
      String location,
      boolean managed,
      Optional<CatalogTable> replaced,
      Map<String, String> properties) {
    Identifier path() {
      return Identifier.of(new String[] {"delta"}, location);
    }
  }

  /**
   * The place of a new table.
   *
   * @throws TarnException PERMISSION_DENIED without CREATE TABLE
   */
  Place place(Identifier ident, Map<String, String> properties) {
    requireDelta(properties);
    EntityName name = unity.entity(ident);
    managed.requireUnmarked(name, properties);
    context
        .grants()
        .require(context.principal(), Privilege.USE_CATALOG, Securable.catalog(name.catalog()));
    context
        .grants()
        .require(context.principal(), Privilege.USE_SCHEMA, Securable.schema(name.parent()));
    context
        .grants()
        .require(context.principal(), Privilege.CREATE_TABLE, Securable.schema(name.parent()));
    context.tables().foreign().requireOwn(name.catalog());
    context.constraints().requireParents(context.principal(), NewKeys.of(properties, name));
    Optional<String> chosen = chosenLocation(properties);
    chosen.ifPresent(
        path -> {
          context.tables().requireExternal(context.principal(), path);
          requireNew(path);
        });
    String location =
        chosen
            .map(path -> new Path(path).toString())
            .orElseGet(() -> context.facades().managedStorage().of(name.parent()).newTable());
    return new Place(location, chosen.isEmpty(), Optional.empty(), deltaProperties(properties));
  }

  /** A log may name files anywhere, which are then read with the server's rights. */
  private void requireNew(String path) {
    if (context.principal().administrator()) {
      return;
    }
    Path log = new Path(path, "_delta_log");
    try {
      if (log.getFileSystem(SparkSession.active().sessionState().newHadoopConf()).exists(log)) {
        throw new TarnException(
            ErrorCode.PERMISSION_DENIED,
            "42501",
            "At '"
                + path
                + "' there is a Delta table already, which only an administrator can take into the"
                + " catalog: its log may name files of others. Choose an empty folder.",
            null);
      }
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "Whether there is a table at '" + path + "' could not be seen: " + e.getMessage(),
          e);
    }
  }

  /** The place of a table that takes another's; it stays where that is. */
  Place replaced(TableInfo info, Map<String, String> properties) {
    requireDelta(properties);
    requireOwnRows(info);
    managed.requireUnmarked(info.name(), properties);
    managed.requireReplaceable(info);
    context.constraints().requireParents(context.principal(), NewKeys.of(properties, info.name()));
    chosenLocation(properties)
        .filter(path -> !ManagedLocations.same(path, info.storageLocation()))
        .ifPresent(
            path -> {
              throw TarnException.invalid(
                  info.name()
                      + " lies at '"
                      + info.storageLocation()
                      + "' and cannot be replaced at '"
                      + path
                      + "'. Leave LOCATION out, or drop the table first.");
            });
    return new Place(
        info.storageLocation(),
        false,
        Optional.of(RegisteredTable.of(info).catalogTable()),
        deltaProperties(properties));
  }

  /** What a pipeline computes only the pipeline replaces. */
  void requireOwnRows(TableInfo info) {
    boolean computed = info.tableType() == TableType.MATERIALIZED_VIEW;
    if (computed && !context.pipeline()) {
      throw TarnException.invalid(
          info.name()
              + " is a materialized view: its rows follow from its definition. Change the"
              + " definition in its pipeline, or drop it first.");
    }
  }

  private static void requireDelta(Map<String, String> properties) {
    String provider = properties.getOrDefault(TableCatalog.PROP_PROVIDER, "delta");
    if (!provider.equalsIgnoreCase("delta")) {
      throw TarnException.invalid(
          "Tables are Delta tables; '"
              + provider
              + "' cannot be used here. Leave USING out, and read files with read_files.");
    }
  }

  private static Optional<String> chosenLocation(Map<String, String> properties) {
    return "true".equals(properties.get(TableCatalog.PROP_IS_MANAGED_LOCATION))
        ? Optional.empty()
        : Optional.ofNullable(properties.get(TableCatalog.PROP_LOCATION));
  }

  private static Map<String, String> deltaProperties(Map<String, String> properties) {
    Map<String, String> delta = new HashMap<>(properties);
    delta.remove(TableCatalog.PROP_LOCATION);
    delta.remove(TableCatalog.PROP_IS_MANAGED_LOCATION);
    delta.remove(TableCatalog.PROP_EXTERNAL);
    delta.remove(TableCatalog.PROP_OWNER);
    delta.remove(NewKeys.PROPERTY);
    delta.remove(NewFilters.PROPERTY);
    delta.put(TableCatalog.PROP_PROVIDER, "delta");
    return delta;
  }

  /**
   * Enters a table whose files are there. One that was replaced keeps its id, its owner and its
   * grants; comment, columns and properties are those of the new definition.
   */
  void register(Identifier ident, Map<String, String> properties, Place place, StructType schema) {
    register(ident, properties, place, schema, (handle, id) -> {});
  }

  /**
   * As the other.
   *
   * @param also done in the same transaction for a new table, with its id
   */
  void register(
      Identifier ident,
      Map<String, String> properties,
      Place place,
      StructType schema,
      BiConsumer<Handle, String> also) {
    EntityName name = unity.entity(ident);
    String comment = properties.get(TableCatalog.PROP_COMMENT);
    Map<String, String> own = new HashMap<>(properties);
    own.keySet().removeAll(NOT_TABLE_PROPERTIES);
    List<TableConstraint> keys = NewKeys.of(properties, name);
    Optional<TableInfo> existing = context.tables().find(name);
    if (existing.isPresent()) {
      boolean hadComment = existing.get().comment() != null;
      context
          .tables()
          .update(
              context.principal(),
              name,
              new TableChange(
                  Optional.empty(),
                  Optional.ofNullable(comment == null && hadComment ? "" : comment),
                  Optional.of(RegisteredTable.columns(schema)),
                  Optional.of(own)));
    } else {
      NewTable made =
          new NewTable(
              name,
              place.managed() ? TableType.MANAGED : TableType.EXTERNAL,
              "DELTA",
              place.location(),
              comment,
              RegisteredTable.columns(schema),
              own,
              null);
      Filters filters = context.tables().filters();
      filters.register(
          context.principal(),
          made,
          table -> NewFilters.of(properties, filters, context.principal(), table),
          also);
    }
    keep(name, keys, existing.isEmpty());
    context.constraints().checks(name, checks(own));
  }

  /** Keys that do not fit the columns keep a new table from being there at all. */
  private void keep(EntityName name, List<TableConstraint> keys, boolean created) {
    boolean kept = false;
    try {
      if (!keys.isEmpty() || !context.constraints().of(name).isEmpty()) {
        context.constraints().replace(context.principal(), name, keys);
      }
      kept = true;
    } finally {
      if (!kept && created) {
        context.tables().delete(context.principal(), name);
      }
    }
  }

  /** What Delta checks of every row, by name. */
  static Map<String, String> checks(Map<String, String> properties) {
    Map<String, String> checks = new HashMap<>();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith(CHECK)) {
            checks.put(name.substring(CHECK.length()).toLowerCase(Locale.ROOT), value);
          }
        });
    return checks;
  }
}
