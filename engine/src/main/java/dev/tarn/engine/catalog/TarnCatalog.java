package dev.tarn.engine.catalog;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A catalog of Tarn inside Spark: Delta's catalog over the registrations that the session's
 * principal may use.
 *
 * <p>A table is created as files first, at a path, and registered when that has succeeded: what is
 * registered can always be read. A crash in between leaves an unregistered folder, never a name
 * that leads nowhere.
 */
public final class TarnCatalog extends DeltaCatalog {
  private static final Set<String> NOT_TABLE_PROPERTIES =
      Set.of(
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_COMMENT,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_IS_MANAGED_LOCATION);

  private static final int DISCARD_ATTEMPTS = 5;
  private static final Duration DISCARD_PAUSE = Duration.ofSeconds(2);

  private final Set<String> locationsInCreation = ConcurrentHashMap.newKeySet();
  private SessionContext context;
  private UnityTables unity;

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {
    context = SessionRegistry.of(spark());
    unity = new UnityTables(context, name);
    setDelegateCatalog(unity);
    super.initialize(name, options);
  }

  /** Only paths that this catalog is creating itself: delta.`path` would go around the grants. */
  @Override
  public boolean isPathIdentifier(Identifier ident) {
    return locationsInCreation.contains(ident.name());
  }

  @Override
  public boolean isPathIdentifier(CatalogTable table) {
    return isPathIdentifier(table.identifier());
  }

  @Override
  public boolean isPathIdentifier(TableIdentifier ident) {
    return locationsInCreation.contains(ident.table());
  }

  @Override
  public Table loadTable(Identifier ident) {
    return unity
        .information(ident)
        .or(() -> unity.snapshot(ident, context.snapshots()::latest))
        .orElseGet(() -> load(ident, Privilege.SELECT));
  }

  @Override
  public Table loadTable(Identifier ident, String version) {
    return unity
        .snapshot(
            ident, (name, at) -> context.snapshots().version(name, at, Long.parseLong(version)))
        .orElseGet(() -> super.loadTable(ident, version));
  }

  @Override
  public Table loadTable(Identifier ident, long micros) {
    Instant time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return unity
        .snapshot(ident, (name, at) -> context.snapshots().asOf(name, at, time))
        .orElseGet(() -> super.loadTable(ident, micros));
  }

  /** Called for the target of a write; MODIFY is enough to append. */
  @Override
  public Table loadTable(Identifier ident, Set<TableWritePrivilege> privileges) {
    try {
      if (!isPathIdentifier(ident)) {
        requireOwnRows(unity.require(ident, Privilege.MODIFY));
      }
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
    boolean reads =
        privileges.contains(TableWritePrivilege.DELETE)
            || privileges.contains(TableWritePrivilege.UPDATE);
    return load(ident, reads ? Privilege.SELECT : Privilege.MODIFY);
  }

  private Table load(Identifier ident, Privilege privilege) {
    try {
      if (!isPathIdentifier(ident)) {
        unity.require(ident, privilege);
      }
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
    return super.loadTable(ident);
  }

  @Override
  public boolean tableExists(Identifier ident) {
    return isPathIdentifier(ident) ? super.tableExists(ident) : unity.tableExists(ident);
  }

  @Override
  public Table createTable(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    return create(ident, properties, (path, p) -> super.createTable(path, columns, partitions, p));
  }

  @Override
  public Table createTable(
      Identifier ident, StructType schema, Transform[] partitions, Map<String, String> properties) {
    return create(ident, properties, (path, p) -> super.createTable(path, schema, partitions, p));
  }

  @FunctionalInterface
  private interface AtPath<T> {
    T create(Identifier path, Map<String, String> properties);
  }

  private Table create(Identifier ident, Map<String, String> properties, AtPath<Table> delta) {
    if (isPathIdentifier(ident)) {
      return delta.create(ident, properties);
    }
    Place place = place(ident, properties);
    if (unity.tableExists(ident)) {
      throw SparkFailure.rethrow(new TableAlreadyExistsException(ident));
    }
    locationsInCreation.add(place.location);
    try {
      Table made = delta.create(place.path(), place.properties);
      register(ident, properties, place, SchemaOf.table(made));
    } finally {
      locationsInCreation.remove(place.location);
    }
    return load(ident, Privilege.MODIFY);
  }

  @Override
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    Place place = place(ident, properties);
    if (unity.tableExists(ident)) {
      throw SparkFailure.rethrow(new TableAlreadyExistsException(ident));
    }
    return staged(
        ident,
        properties,
        place,
        super.stageCreate(place.path(), columns, partitions, place.properties));
  }

  @Override
  public StagedTable stageReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    try {
      return replacement(ident, columns, partitions, properties);
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
  }

  @Override
  public StagedTable stageCreateOrReplace(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    return unity.tableExists(ident)
        ? stageReplace(ident, columns, partitions, properties)
        : stageCreate(ident, columns, partitions, properties);
  }

  private StagedTable replacement(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchTableException {
    TableInfo info = unity.require(ident, Privilege.MANAGE);
    requireOwnRows(info);
    Map<String, String> delta = deltaProperties(properties);
    Place place = new Place(info.storageLocation(), false, delta);
    return staged(
        ident,
        properties,
        place,
        super.stageCreateOrReplace(place.path(), columns, partitions, delta));
  }

  /** What a pipeline computes only the pipeline replaces. */
  private void requireOwnRows(TableInfo info) {
    boolean computed = info.tableType() == TableType.MATERIALIZED_VIEW;
    if (computed && !context.pipeline()) {
      throw TarnException.invalid(
          info.name()
              + " is a materialized view: its rows follow from its definition. Change the"
              + " definition in its pipeline, or drop it first.");
    }
  }

  private StagedTable staged(
      Identifier ident, Map<String, String> properties, Place place, StagedTable delta) {
    return new RegisteringStagedTable(
        delta,
        locationsInCreation,
        place.location,
        schema -> register(ident, properties, place, schema),
        () -> {
          if (place.isNew) {
            discardFiles(place.location);
          }
        });
  }

  /** Where a table's files lie. */
  private record Place(String location, boolean isNew, Map<String, String> properties) {
    Identifier path() {
      return Identifier.of(new String[] {"delta"}, location);
    }
  }

  private Place place(Identifier ident, Map<String, String> properties) {
    String provider = properties.getOrDefault(TableCatalog.PROP_PROVIDER, "delta");
    if (!provider.equalsIgnoreCase("delta")) {
      throw TarnException.invalid(
          "Tables are Delta tables; '"
              + provider
              + "' cannot be used here. Leave USING out, and read files with read_files.");
    }
    EntityName name = unity.entity(ident);
    context
        .grants()
        .require(context.principal(), Privilege.USE_CATALOG, Securable.catalog(name.catalog()));
    context
        .grants()
        .require(context.principal(), Privilege.USE_SCHEMA, Securable.schema(name.parent()));
    context
        .grants()
        .require(context.principal(), Privilege.CREATE_TABLE, Securable.schema(name.parent()));
    boolean managed =
        !properties.containsKey(TableCatalog.PROP_LOCATION)
            || "true".equals(properties.get(TableCatalog.PROP_IS_MANAGED_LOCATION));
    if (!managed && !context.principal().administrator()) {
      throw TarnException.permissionDenied(
          context.principal().name(), "CREATE EXTERNAL TABLE", "the path of LOCATION");
    }
    String location =
        managed
            ? context.locations().newTable()
            : new Path(properties.get(TableCatalog.PROP_LOCATION)).toString();
    return new Place(location, managed, deltaProperties(properties));
  }

  private static Map<String, String> deltaProperties(Map<String, String> properties) {
    Map<String, String> delta = new HashMap<>(properties);
    delta.remove(TableCatalog.PROP_LOCATION);
    delta.remove(TableCatalog.PROP_IS_MANAGED_LOCATION);
    delta.remove(TableCatalog.PROP_EXTERNAL);
    delta.remove(TableCatalog.PROP_OWNER);
    delta.put(TableCatalog.PROP_PROVIDER, "delta");
    return delta;
  }

  private void register(
      Identifier ident, Map<String, String> properties, Place place, StructType schema) {
    EntityName name = unity.entity(ident);
    String comment = properties.get(TableCatalog.PROP_COMMENT);
    Map<String, String> own = new HashMap<>(properties);
    own.keySet().removeAll(NOT_TABLE_PROPERTIES);
    Optional<TableInfo> existing = context.tables().find(name);
    if (existing.isPresent()) {
      context
          .tables()
          .update(
              context.principal(),
              name,
              new dev.tarn.govern.catalog.TableChange(
                  Optional.empty(),
                  Optional.ofNullable(comment),
                  Optional.of(RegisteredTable.columns(schema)),
                  Optional.of(own)));
    } else {
      context
          .tables()
          .register(
              context.principal(),
              new NewTable(
                  name,
                  place.isNew ? TableType.MANAGED : TableType.EXTERNAL,
                  "DELTA",
                  place.location,
                  comment,
                  RegisteredTable.columns(schema),
                  own,
                  null));
    }
  }

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) {
    try {
      unity.require(ident, Privilege.MODIFY);
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
    if (changes.length == 0) {
      return load(ident, Privilege.MODIFY);
    }
    Table altered = super.alterTable(ident, changes);
    context
        .tables()
        .update(
            context.principal(),
            unity.entity(ident),
            new dev.tarn.govern.catalog.TableChange(
                Optional.empty(),
                Optional.ofNullable(altered.properties().get(TableCatalog.PROP_COMMENT)),
                Optional.of(RegisteredTable.columns(SchemaOf.table(altered))),
                Optional.empty()));
    return altered;
  }

  @Override
  public boolean dropTable(Identifier ident) {
    Optional<TableInfo> info = unity.find(ident);
    boolean dropped = unity.dropTable(ident);
    info.filter(t -> dropped && t.tableType() != TableType.EXTERNAL)
        .ifPresent(t -> deleteFiles(t.storageLocation()));
    return dropped;
  }

  /** What Tarn placed goes with the schema; external tables and volumes keep their files. */
  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade) {
    List<String> locations = new ArrayList<>();
    if (namespace.length == 1) {
      SchemaName schema = new SchemaName(name(), namespace[0]);
      context.tables().list(context.principal(), schema).stream()
          .filter(t -> t.tableType() != TableType.EXTERNAL && t.tableType() != TableType.VIEW)
          .forEach(t -> locations.add(t.storageLocation()));
      context.volumes().list(context.principal(), schema).stream()
          .filter(v -> v.volumeType().equals("MANAGED"))
          .forEach(v -> locations.add(v.storageLocation()));
    }
    boolean dropped = unity.dropNamespace(namespace, cascade);
    if (dropped) {
      locations.forEach(this::deleteFiles);
    }
    return dropped;
  }

  @Override
  public boolean purgeTable(Identifier ident) {
    return dropTable(ident);
  }

  /**
   * Tasks of a failed write may still be writing when Spark gives it up, so that what is deleted
   * comes back; it is deleted until it stays away.
   */
  private void discardFiles(String location) {
    deleteFiles(location);
    Thread sweeper =
        new Thread(
            () -> {
              for (int i = 0; i < DISCARD_ATTEMPTS; i++) {
                LockSupport.parkNanos(DISCARD_PAUSE.toNanos());
                deleteFiles(location);
              }
            },
            "discard-failed-table");
    sweeper.setDaemon(true);
    sweeper.start();
  }

  private void deleteFiles(String location) {
    try {
      Path path = new Path(location);
      path.getFileSystem(spark().sessionState().newHadoopConf()).delete(path, true);
      org.apache.spark.sql.delta.DeltaLog.invalidateCache(spark(), path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
