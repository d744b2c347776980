package dev.tarn.engine.catalog;

import dev.tarn.engine.commit.CatalogCommits;
import dev.tarn.engine.commit.OwnLogs;
import dev.tarn.engine.function.SqlFunctions;
import dev.tarn.engine.session.ServerSettings;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.govern.grants.Privilege;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.NoSuchViewException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.catalyst.analysis.ViewAlreadyExistsException;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Relation;
import org.apache.spark.sql.connector.catalog.RelationCatalog;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableSummary;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.connector.catalog.View;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.delta.commands.TableCreationModes;
import org.apache.spark.sql.delta.sources.DeltaDataSource;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A catalog of Tarn inside Spark: Delta's catalog over the registrations that the session's
 * principal may use.
 *
 * <p>A table is created as files first, at a path, and registered when that has succeeded: what is
 * registered can always be read. A crash in between leaves an unregistered folder, never a name
 * that leads nowhere.
 */
public final class TarnCatalog extends DeltaCatalog implements RelationCatalog {
  private static final int DISCARD_ATTEMPTS = 5;
  private static final Duration DISCARD_PAUSE = Duration.ofSeconds(2);

  private final Set<String> locationsInCreation = ConcurrentHashMap.newKeySet();
  private final Map<String, CatalogTable> tablesInReplacement = new ConcurrentHashMap<>();
  private SessionContext context;
  private UnityTables unity;
  private Registration registration;
  private UnityViews views;
  private OwnLogs logs;

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {
    context = SessionRegistry.of(spark());
    unity = new UnityTables(context, name, new SqlFunctions((SparkSession) spark(), context));
    registration = new Registration(context, unity);
    views = new UnityViews(context, unity, ServerSettings.of((SparkSession) spark()));
    setDelegateCatalog(unity);
    CatalogCommits.register(name);
    logs = new OwnLogs(context);
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

  /**
   * Delta's catalog creates at a path here; without the table that is registered there it would
   * take a replacement for a second creation, and compare the definitions.
   */
  @Override
  public Option<CatalogTable> getExistingTableIfExists(
      TableIdentifier table, Option<Identifier> ident, TableCreationModes.CreationMode mode) {
    CatalogTable replaced = tablesInReplacement.get(table.table());
    return replaced == null
        ? super.getExistingTableIfExists(table, ident, mode)
        : Option.apply(replaced);
  }

  @Override
  public Relation loadRelation(Identifier ident) throws NoSuchTableException {
    Optional<View> view = isPathIdentifier(ident) ? Optional.empty() : views.load(ident);
    return view.isPresent() ? view.get() : loadTable(ident);
  }

  @Override
  public View loadView(Identifier ident) throws NoSuchViewException {
    return views.load(ident).orElseThrow(() -> new NoSuchViewException(ident));
  }

  @Override
  public boolean viewExists(Identifier ident) {
    return views.find(ident).isPresent();
  }

  @Override
  public View createView(Identifier ident, View view) throws ViewAlreadyExistsException {
    return views.create(ident, view, false);
  }

  @Override
  public View createOrReplaceView(Identifier ident, View view) throws ViewAlreadyExistsException {
    return views.create(ident, view, true);
  }

  @Override
  public View replaceView(Identifier ident, View view) throws NoSuchViewException {
    return views.replace(ident, view);
  }

  @Override
  public boolean dropView(Identifier ident) {
    return views.drop(ident);
  }

  @Override
  public void renameView(Identifier from, Identifier to)
      throws NoSuchViewException, ViewAlreadyExistsException {
    views.rename(from, to);
  }

  @Override
  public Identifier[] listViews(String[] namespace) {
    return unity.listViews(namespace);
  }

  /** Nothing is loaded for it: what a listing shows, its reader need not be able to read. */
  @Override
  public TableSummary[] listRelationSummaries(String[] namespace) {
    return Stream.concat(
            Arrays.stream(unity.listTables(namespace))
                .map(t -> TableSummary.of(t, TableSummary.MANAGED_TABLE_TYPE)),
            Arrays.stream(unity.listViews(namespace))
                .map(v -> TableSummary.of(v, TableSummary.VIEW_TABLE_TYPE)))
        .sorted(Comparator.comparing(summary -> summary.identifier().name()))
        .toArray(TableSummary[]::new);
  }

  @Override
  public Table loadTable(Identifier ident) {
    return unity
        .information(ident)
        .or(() -> unity.foreign(ident))
        .or(() -> unity.snapshot(ident, context.snapshots()::latest))
        .orElseGet(() -> load(ident, Privilege.SELECT));
  }

  @Override
  public Table loadTable(Identifier ident, String version) {
    unity.requireVersions(ident);
    return unity
        .snapshot(
            ident, (name, at) -> context.snapshots().version(name, at, Long.parseLong(version)))
        .orElseGet(() -> checked(super.loadTable(ident, version)));
  }

  @Override
  public Table loadTable(Identifier ident, long micros) {
    unity.requireVersions(ident);
    Instant time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return unity
        .snapshot(ident, (name, at) -> context.snapshots().asOf(name, at, time))
        .orElseGet(() -> checked(asOf(load(ident, Privilege.SELECT), time)));
  }

  /** Delta's own way goes through a text without a zone, and reads it in the session's. */
  private static Table asOf(Table table, Instant time) {
    Map<String, String> options =
        Map.of(
            DeltaDataSource.TIME_TRAVEL_SOURCE_KEY(),
            "SQL",
            DeltaDataSource.TIME_TRAVEL_TIMESTAMP_KEY(),
            time.truncatedTo(ChronoUnit.MILLIS).toString());
    return table instanceof DeltaTableV2 delta
        ? delta.withOptions(
            scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)))
        : table;
  }

  /** Called for the target of a write; MODIFY is enough to append. */
  @Override
  public Table loadTable(Identifier ident, Set<TableWritePrivilege> privileges) {
    try {
      if (!isPathIdentifier(ident)) {
        registration.requireOwnRows(unity.require(ident, Privilege.MODIFY));
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
    if (isPathIdentifier(ident)) {
      return super.loadTable(ident);
    }
    try {
      unity.require(ident, privilege);
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
    return checked(super.loadTable(ident));
  }

  private Table checked(Table table) {
    if (table instanceof DeltaTableV2 delta) {
      logs.check(delta);
    }
    return table;
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
    Registration.Place place = registration.place(ident, properties);
    if (unity.isTaken(ident)) {
      throw SparkFailure.rethrow(new TableAlreadyExistsException(ident));
    }
    boolean[] registered = {false};
    locationsInCreation.add(place.location());
    try {
      Table made = checked(delta.create(place.path(), place.properties()));
      registration.register(ident, properties, place, SchemaOf.table(made));
      registered[0] = true;
    } finally {
      locationsInCreation.remove(place.location());
      if (!registered[0]) {
        discard(place);
      }
    }
    return load(ident, Privilege.MODIFY);
  }

  @Override
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    Registration.Place place = registration.place(ident, properties);
    if (unity.isTaken(ident)) {
      throw SparkFailure.rethrow(new TableAlreadyExistsException(ident));
    }
    return staged(
        ident,
        properties,
        place,
        Optional.empty(),
        super.stageCreate(place.path(), columns, partitions, place.properties()));
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
    return unity.isTaken(ident)
        ? stageReplace(ident, columns, partitions, properties)
        : stageCreate(ident, columns, partitions, properties);
  }

  private StagedTable replacement(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties)
      throws NoSuchTableException {
    TableInfo info = unity.require(ident, Privilege.MANAGE);
    Registration.Place place = registration.replaced(info, properties);
    return staged(
        ident,
        properties,
        place,
        ReplacedFilters.of(context, info, CatalogV2Util.v2ColumnsToStructType(columns), properties),
        super.stageCreateOrReplace(place.path(), columns, partitions, place.properties()));
  }

  private StagedTable staged(
      Identifier ident,
      Map<String, String> properties,
      Registration.Place place,
      Optional<ReplacedFilters> filters,
      StagedTable delta) {
    return new RegisteringStagedTable(
        delta,
        commit ->
            committing(place, filters.<Runnable>map(f -> () -> f.after(commit)).orElse(commit)),
        schema -> registration.register(ident, properties, place, schema),
        () -> discard(place));
  }

  private void committing(Registration.Place place, Runnable commit) {
    locationsInCreation.add(place.location());
    place.replaced().ifPresent(table -> tablesInReplacement.put(place.location(), table));
    try {
      commit.run();
    } finally {
      tablesInReplacement.remove(place.location());
      locationsInCreation.remove(place.location());
    }
  }

  private void discard(Registration.Place place) {
    if (place.managed()) {
      discardFiles(place.location());
    }
  }

  /**
   * Makes a table of another's files.
   *
   * @return a row of Delta's about it; none if there was such a table already
   */
  public List<Row> create(Identifier ident, ShallowClone clone) {
    boolean exists = unity.isTaken(ident);
    if (exists && clone.ifNotExists()) {
      return List.of();
    } else if (exists && !clone.replaces()) {
      throw SparkFailure.rethrow(new TableAlreadyExistsException(ident));
    } else if (!exists && !clone.creates()) {
      throw SparkFailure.rethrow(new NoSuchTableException(ident));
    }
    try {
      Optional<TableInfo> replaced =
          exists ? Optional.of(unity.require(ident, Privilege.MANAGE)) : Optional.empty();
      Registration.Place place =
          exists
              ? registration.replaced(replaced.get(), clone.definition())
              : registration.place(ident, clone.definition());
      ClonedFiles files = clone.files(context);
      replaced.ifPresent(table -> context.facades().clones().enter(table, files));
      return create(ident, clone, place, files);
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
  }

  private List<Row> create(
      Identifier ident, ShallowClone clone, Registration.Place place, ClonedFiles files) {
    List<Row> answer = new ArrayList<>();
    boolean[] made = {false};
    try {
      committing(
          place,
          () -> {
            answer.addAll(clone.commit(spark(), place.location()));
            StructType schema = SchemaOf.table(super.loadTable(place.path()));
            registration.register(
                ident,
                clone.definition(),
                place,
                schema,
                (handle, id) -> context.facades().clones().enter(handle, id, files));
            made[0] = true;
          });
    } finally {
      if (!made[0]) {
        discard(place);
      }
    }
    return answer;
  }

  @Override
  public Table alterTable(Identifier ident, TableChange... asked) {
    TableChange[] changes = FilteredColumns.shown(asked);
    try {
      FilteredColumns.requireKept(context, unity.require(ident, Privilege.MODIFY), changes);
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
    if (changes.length == 0) {
      return load(ident, Privilege.MODIFY);
    }
    Table altered =
        AlteredColumns.following(
            context, unity.entity(ident), () -> super.alterTable(ident, changes), changes);
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
    context.constraints().checks(unity.entity(ident), Registration.checks(altered.properties()));
    return altered;
  }

  @Override
  public boolean dropTable(Identifier ident) {
    return unity.dropTable(ident);
  }

  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade) {
    return unity.dropNamespace(namespace, cascade);
  }

  @Override
  public boolean purgeTable(Identifier ident) {
    Optional<TableInfo> info =
        unity.find(ident).filter(table -> table.tableType() != TableType.VIEW);
    info.ifPresent(table -> context.tables().purge(context.principal(), table.name()));
    return info.isPresent();
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
