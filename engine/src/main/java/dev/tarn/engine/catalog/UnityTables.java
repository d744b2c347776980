package dev.tarn.engine.catalog;

import dev.tarn.engine.foreign.JdbcTable;
import dev.tarn.engine.function.SqlFunctions;
import dev.tarn.engine.information.InformationSchema;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.snapshot.SnapshotTable;
import dev.tarn.govern.catalog.ForeignMirror;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.NamespaceAlreadyExistsException;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * One catalog of the governed namespace as Spark's catalog API sees it: what is registered, for the
 * principal of the session. Delta's own catalog, {@link TarnCatalog}, sits on top and turns a
 * registration into a table that can be read and written.
 */
final class UnityTables implements TableCatalog, SupportsNamespaces, FunctionCatalog {
  private final SessionContext context;
  private final String catalog;
  private final SqlFunctions functions;

  UnityTables(SessionContext context, String catalog, SqlFunctions functions) {
    this.context = context;
    this.catalog = catalog;
    this.functions = functions;
  }

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {}

  @Override
  public String name() {
    return catalog;
  }

  @Override
  public String[] defaultNamespace() {
    return new String[] {"default"};
  }

  EntityName entity(Identifier ident) {
    return schema(ident.namespace()).child(ident.name());
  }

  private SchemaName schema(String[] namespace) {
    if (namespace.length != 1) {
      throw TarnException.invalid(
          "'"
              + String.join(".", namespace)
              + "' is not a schema of catalog '"
              + catalog
              + "'. Names have three levels: catalog.schema.table.");
    }
    return new SchemaName(catalog, namespace[0]);
  }

  /** Finds a table for a principal who may at least use its schema. */
  Optional<TableInfo> find(Identifier ident) {
    EntityName name = entity(ident);
    context.grants().require(context.reader(), Privilege.USE_CATALOG, Securable.catalog(catalog));
    context
        .grants()
        .require(context.reader(), Privilege.USE_SCHEMA, Securable.schema(name.parent()));
    return context.tables().find(name);
  }

  boolean isInformation(Identifier ident) {
    return InformationSchema.is(ident.namespace());
  }

  /** A relation of the catalog's information schema; whoever may see the catalog may read it. */
  Optional<Table> information(Identifier ident) {
    if (!InformationSchema.is(ident.namespace())) {
      return Optional.empty();
    }
    context.catalogs().get(context.principal(), catalog);
    return InformationSchema.table(context, Optional.of(catalog), ident.name());
  }

  /** The registration of a table, for a principal who holds the privilege on it. */
  TableInfo require(Identifier ident, Privilege privilege) throws NoSuchTableException {
    TableInfo info = find(ident).orElseThrow(() -> new NoSuchTableException(ident));
    context.grants().requireTable(context.reader(), privilege, info.name());
    if (info.tableType() == TableType.VIEW) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "42809",
          "'"
              + info.name()
              + "' is a view: it has no rows, versions or files of its own, and cannot be written"
              + " to. Use the tables that it reads.",
          null);
    }
    requireFiles(info);
    context.samples().prepare(info);
    return info;
  }

  /**
   * @throws TarnException for a table of another system, for whoever may know of it
   */
  void requireVersions(Identifier ident) {
    if (!isInformation(ident) && context.tables().foreign().isForeign(catalog)) {
      find(ident).ifPresent(UnityTables::requireFiles);
    }
  }

  private static void requireFiles(TableInfo info) {
    if (info.tableType() == TableType.FOREIGN) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "42809",
          "'"
              + info.name()
              + "' belongs to another system: it is read only here, and has no versions or files."
              + " Change it there, or read it into a table of your own.",
          null);
    }
  }

  /** A table of another system, as it is there now. */
  Optional<Table> foreign(Identifier ident) {
    if (isInformation(ident) || !context.tables().foreign().isForeign(catalog)) {
      return Optional.empty();
    }
    EntityName name = entity(ident);
    context.grants().requireTable(context.reader(), Privilege.SELECT, name);
    ForeignMirror.Found found =
        context
            .tables()
            .foreign()
            .table(name)
            .orElseThrow(() -> SparkFailure.rethrow(new NoSuchTableException(ident)));
    return context.tables().find(name).map(info -> new JdbcTable(info, found));
  }

  /** The table as the native executor reads it, if that is who asks. */
  Optional<Table> snapshot(Identifier ident, BiFunction<String, String, SnapshotTable> read) {
    if (!context.snapshots().wanted()) {
      return Optional.empty();
    }
    try {
      TableInfo info = require(ident, Privilege.SELECT);
      return Optional.of(read.apply(info.name().toString(), info.storageLocation()));
    } catch (NoSuchTableException e) {
      throw SparkFailure.rethrow(e);
    }
  }

  @Override
  public Identifier[] listTables(String[] namespace) {
    if (InformationSchema.is(namespace)) {
      return InformationSchema.names().stream()
          .map(name -> Identifier.of(namespace, name))
          .toArray(Identifier[]::new);
    }
    context.tables().foreign().tables(schema(namespace));
    return context.tables().summaries(context.principal(), schema(namespace)).stream()
        .filter(t -> t.tableType() != TableType.VIEW)
        .map(t -> Identifier.of(namespace, t.name().name()))
        .toArray(Identifier[]::new);
  }

  Identifier[] listViews(String[] namespace) {
    if (InformationSchema.is(namespace)) {
      return new Identifier[0];
    }
    return context.tables().summaries(context.principal(), schema(namespace)).stream()
        .filter(t -> t.tableType() == TableType.VIEW)
        .map(t -> Identifier.of(namespace, t.name().name()))
        .toArray(Identifier[]::new);
  }

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    if (ident.name().indexOf('/') >= 0) {
      // Delta asks here first, and takes a path for a path only when there is no such table.
      throw new NoSuchTableException(ident);
    }
    TableInfo info =
        find(ident)
            .filter(t -> t.tableType() != TableType.VIEW)
            .orElseThrow(() -> new NoSuchTableException(ident));
    requireFiles(info);
    return RegisteredTable.of(info);
  }

  /** Whether something of this name is there, a table or a view. */
  boolean isTaken(Identifier ident) {
    return information(ident).isPresent() || find(ident).isPresent();
  }

  @Override
  public boolean tableExists(Identifier ident) {
    return information(ident).isPresent()
        || find(ident).filter(t -> t.tableType() != TableType.VIEW).isPresent();
  }

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) throws NoSuchTableException {
    return loadTable(ident);
  }

  @Override
  public boolean dropTable(Identifier ident) {
    if (InformationSchema.is(ident.namespace())) {
      throw TarnException.invalid("The information schema cannot be changed.");
    }
    Optional<TableInfo> info = find(ident).filter(t -> t.tableType() != TableType.VIEW);
    info.ifPresent(t -> context.tables().delete(context.principal(), t.name()));
    return info.isPresent();
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    find(from)
        .ifPresent(
            table ->
                context.policies().reach().requireMovable(context.principal(), table, target(to)));
    context.tables().rename(context.principal(), entity(from), target(to));
  }

  /** A new name may be written with the catalog too. */
  private EntityName target(Identifier to) {
    String[] parents = to.namespace();
    return parents.length == 2 && parents[0].equalsIgnoreCase(catalog)
        ? new EntityName(catalog, parents[1], to.name())
        : entity(to);
  }

  @Override
  public String[][] listNamespaces() {
    return Stream.concat(
            context.schemas().listOf(context.principal(), catalog).stream()
                .map(s -> s.name().schema()),
            Stream.of(InformationSchema.NAME))
        .sorted()
        .map(name -> new String[] {name})
        .toArray(String[][]::new);
  }

  @Override
  public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
    if (namespace.length == 0) {
      return listNamespaces();
    }
    loadNamespaceMetadata(namespace);
    return new String[0][];
  }

  @Override
  public boolean namespaceExists(String[] namespace) {
    if (namespace.length == 0) {
      return true;
    }
    if (namespace.length != 1) {
      return false;
    }
    try {
      if (InformationSchema.is(namespace)) {
        context.catalogs().get(context.principal(), catalog);
      } else {
        context.schemas().get(context.principal(), schema(namespace));
      }
      return true;
    } catch (TarnException e) {
      if (e.code() == ErrorCode.SCHEMA_DOES_NOT_EXIST
          || e.code() == ErrorCode.CATALOG_DOES_NOT_EXIST) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(String[] namespace)
      throws NoSuchNamespaceException {
    if (!namespaceExists(namespace)) {
      throw new NoSuchNamespaceException(namespace);
    }
    Map<String, String> metadata = new HashMap<>();
    if (InformationSchema.is(namespace)) {
      metadata.put(SupportsNamespaces.PROP_COMMENT, "Information schema (auto-created)");
    } else if (namespace.length == 1) {
      SchemaInfo info = context.schemas().get(context.principal(), schema(namespace));
      metadata.putAll(info.properties());
      metadata.put(SupportsNamespaces.PROP_OWNER, info.owner());
      if (info.comment() != null) {
        metadata.put(SupportsNamespaces.PROP_COMMENT, info.comment());
      }
      if (!context.grants().browsesOnly(context.principal(), Securable.schema(info.name()))) {
        info.storage()
            .ifPresent(root -> metadata.put(SupportsNamespaces.PROP_LOCATION, root.location()));
      }
    }
    return metadata;
  }

  @Override
  public void createNamespace(String[] namespace, Map<String, String> metadata)
      throws NamespaceAlreadyExistsException {
    if (metadata.containsKey(SupportsNamespaces.PROP_LOCATION)) {
      throw TarnException.invalid(
          "CREATE SCHEMA takes no LOCATION. Write MANAGED LOCATION if its managed tables and volumes"
              + " shall lie there, or leave it out.");
    }
    Map<String, String> properties = new HashMap<>(metadata);
    properties.remove(SupportsNamespaces.PROP_OWNER);
    String comment = properties.remove(SupportsNamespaces.PROP_COMMENT);
    try {
      context.schemas().create(context.principal(), schema(namespace), comment, properties);
    } catch (TarnException e) {
      if (e.code() == ErrorCode.RESOURCE_ALREADY_EXISTS) {
        throw new NamespaceAlreadyExistsException(namespace);
      }
      throw e;
    }
  }

  @Override
  public void alterNamespace(String[] namespace, NamespaceChange... changes) {
    throw TarnException.invalid("ALTER SCHEMA … SET is not supported yet.");
  }

  @Override
  public boolean dropNamespace(String[] namespace, boolean cascade) {
    context.schemas().delete(context.principal(), schema(namespace), cascade);
    return true;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    if (namespace.length != 1 || InformationSchema.is(namespace)) {
      return new Identifier[0];
    }
    return context.functions().list(context.principal(), schema(namespace)).stream()
        .map(f -> Identifier.of(namespace, f.name().name()))
        .toArray(Identifier[]::new);
  }

  @Override
  public UnboundFunction loadFunction(Identifier ident) throws NoSuchFunctionException {
    if (ident.namespace().length != 1 || InformationSchema.is(ident.namespace())) {
      throw new NoSuchFunctionException(ident);
    }
    return functions.scalar(entity(ident)).orElseThrow(() -> new NoSuchFunctionException(ident));
  }
}
