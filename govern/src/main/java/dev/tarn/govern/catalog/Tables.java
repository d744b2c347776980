package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The tables and views of the schemas, as the catalog registers them. Their files are the business
 * of whoever registers and deletes.
 */
public final class Tables {
  private static final int CACHED_TABLES = 10_000;

  private final Jdbi jdbi;
  private final Grants grants;
  private final ManagedStorage storage;
  private final ExternalPaths paths;
  private final DroppedTables dropped;
  private final CatalogStore catalogs = new CatalogStore();
  private final TablesStore store = new TablesStore();
  private final Epoch.Kept<EntityName, Optional<TableInfo>> found;
  private final TableListing listing;
  private final Filters filters;
  private final ForeignMirror foreign;

  public Tables(
      MetadataDatabase database,
      Grants grants,
      ManagedStorage storage,
      ExternalPaths paths,
      Functions functions,
      DroppedTables dropped,
      ForeignMirror foreign) {
    this.foreign = foreign;
    this.dropped = dropped;
    this.paths = paths;
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.storage = storage;
    this.found = grants.kept(CACHED_TABLES, EntityName::fullName);
    this.listing = new TableListing(jdbi, grants, catalogs, store, found);
    this.filters = new Filters(this, functions, grants, store);
  }

  /** What hides rows of tables and values of their columns. */
  public Filters filters() {
    return filters;
  }

  /**
   * Registers a table; its owner is the principal.
   *
   * @throws TarnException PERMISSION_DENIED without {@code USE CATALOG}, {@code USE SCHEMA} and
   *     {@code CREATE TABLE} (or {@code CREATE MATERIALIZED VIEW}); SCHEMA_DOES_NOT_EXIST;
   *     RESOURCE_ALREADY_EXISTS; INVALID_PARAMETER_VALUE if the location belongs to something else
   */
  public TableInfo register(Principal principal, NewTable table) {
    return register(principal, table, UUID.randomUUID().toString(), handle -> {});
  }

  /**
   * As the other, of a table that has an id already.
   *
   * @param also done in the same transaction
   */
  public TableInfo register(
      Principal principal, NewTable table, String tableId, Consumer<Handle> also) {
    EntityName name = table.name();
    requireCreate(principal, name, table.tableType());
    long now = System.currentTimeMillis();
    String location = checkedLocation(principal, table);
    TableInfo info =
        new TableInfo(
            tableId,
            name,
            table.tableType(),
            table.dataSourceFormat(),
            location,
            principal.name().toLowerCase(Locale.ROOT),
            table.comment(),
            table.columns(),
            table.properties(),
            table.viewDefinition(),
            table.viewContext(),
            now,
            now,
            TableFilters.NONE);
    return grants.changing(
        Securable.table(name),
        handle -> {
          requireFree(handle, name);
          if (location != null) {
            requireFree(handle, location);
          }
          if (table.tableType() == TableType.EXTERNAL) {
            storage.requireOutside(handle, location);
          }
          store.insert(handle, info);
          grants.forget(handle, Securable.table(name));
          also.accept(handle);
          return info;
        });
  }

  /**
   * @throws TarnException RESOURCE_ALREADY_EXISTS; SCHEMA_DOES_NOT_EXIST
   */
  public void requireFree(Handle handle, EntityName name) {
    catalogs.requireOwnSchema(handle, name.parent());
    if (store.find(handle, name).isPresent()) {
      throw TarnException.alreadyExists("Table", name.fullName());
    }
  }

  private void requireCreate(Principal principal, EntityName name, TableType type) {
    Securable schema = Securable.schema(name.parent());
    grants.requireUse(principal, Securable.table(name));
    grants.require(
        principal,
        type == TableType.MATERIALIZED_VIEW
            ? Privilege.CREATE_MATERIALIZED_VIEW
            : Privilege.CREATE_TABLE,
        schema);
  }

  private String checkedLocation(Principal principal, NewTable table) {
    if (table.tableType() == TableType.VIEW) {
      if (table.storageLocation() != null) {
        throw TarnException.invalid("View '" + table.name() + "' cannot have a location.");
      }
      return null;
    }
    String location = ManagedLocations.normalized(table.storageLocation());
    boolean managed = storage.holds(location);
    if (table.tableType() != TableType.EXTERNAL && !managed) {
      throw TarnException.invalid(
          "Table '" + table.name() + "' is managed, but '" + location + "' is not in the storage.");
    }
    if (table.tableType() == TableType.EXTERNAL) {
      requireExternal(principal, location);
    }
    return location;
  }

  /**
   * Whether the principal may make an external table of what lies there.
   *
   * @param location a path or URI
   * @throws TarnException PERMISSION_DENIED, or INVALID_PARAMETER_VALUE if it is in the managed
   *     storage
   */
  public void requireExternal(Principal principal, String location) {
    String normalized = ManagedLocations.normalized(location);
    paths.require(principal, Privilege.CREATE_EXTERNAL_TABLE, normalized);
    storage.requireOutside(normalized);
  }

  private void requireFree(Handle handle, String location) {
    store
        .overlapping(handle, location)
        .ifPresent(
            other -> {
              throw TarnException.invalid(
                  "Location '"
                      + location
                      + "' overlaps with that of '"
                      + other
                      + "'. Choose another location.");
            });
  }

  /**
   * No check: for the engine, which checks itself. A foreign table that nobody has asked for is
   * looked for where it comes from.
   *
   * @throws TarnException as {@link ForeignMirror#table}
   */
  public Optional<TableInfo> find(EntityName name) {
    Optional<TableInfo> known = registered(name);
    return known.isEmpty() && foreign.table(name).isPresent() ? registered(name) : known;
  }

  private Optional<TableInfo> registered(EntityName name) {
    return found.get(name, grants.epoch(), () -> listing.find(name));
  }

  /** Tables of other systems. */
  public ForeignMirror foreign() {
    return foreign;
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may see it; TABLE_DOES_NOT_EXIST
   */
  public TableInfo get(Principal principal, EntityName name) {
    return get(principal, Privilege.SELECT, name);
  }

  /**
   * @param asked for of whoever may not even see it
   */
  private TableInfo get(Principal principal, Privilege asked, EntityName name) {
    Securable securable = Securable.table(name);
    if (grants.sees(principal, securable)) {
      return existing(name);
    }
    grants.requireUse(principal, securable);
    existing(name);
    throw TarnException.permissionDenied(principal.name(), asked.sql(), securable.toString());
  }

  private TableInfo existing(EntityName name) {
    return find(name)
        .orElseThrow(
            () -> TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "Table", name.fullName()));
  }

  /**
   * Whether there is such a table among those of its schema that the principal may see.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see the schema
   */
  public boolean exists(Principal principal, EntityName name) {
    requireVisible(grants, principal, name.parent());
    find(name);
    jdbi.useHandle(handle -> catalogs.requireSchema(handle, name.parent()));
    return grants.sees(principal, Securable.table(name)) && find(name).isPresent();
  }

  /**
   * The tables of a schema that the principal may see, by name; of a foreign one those that it was
   * known to have.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see the schema
   */
  public List<TableInfo> list(Principal principal, SchemaName schema) {
    requireVisible(grants, principal, schema);
    return listing.page(principal, schema, "", Integer.MAX_VALUE - 1, name -> true).tables();
  }

  /** What {@link #list} answers, without what takes long to read. */
  public List<TableSummary> summaries(Principal principal, SchemaName schema) {
    requireVisible(grants, principal, schema);
    return listing.summaries(principal, schema);
  }

  /**
   * Some of what {@link #list} answers; a foreign schema is asked what it has.
   *
   * @param after what the page before said to go on with; empty for the first
   * @param size at most
   * @param shown asked of those that the principal may see
   */
  public TablePage page(
      Principal principal, SchemaName schema, String after, int size, Predicate<EntityName> shown) {
    requireVisible(grants, principal, schema);
    foreign.tables(schema);
    return listing.page(principal, schema, after, size, shown);
  }

  static void requireVisible(Grants grants, Principal principal, SchemaName schema) {
    Securable securable = Securable.schema(schema);
    if (!grants.sees(principal, securable)) {
      grants.requireUse(principal, securable);
      grants.require(principal, Privilege.USE_SCHEMA, securable);
    }
  }

  /**
   * A table as it stands in a transaction. No check.
   *
   * @throws TarnException TABLE_DOES_NOT_EXIST
   */
  public TableInfo read(Handle handle, EntityName name) {
    return store
        .find(handle, name)
        .orElseThrow(
            () -> TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "Table", name.fullName()));
  }

  /** Refreshes what the catalog knows of a table; needs ownership, MODIFY or MANAGE. */
  public TableInfo update(Principal principal, EntityName name, TableChange change) {
    TableInfo old = get(principal, name);
    grants.requireUse(principal, Securable.table(name));
    if (!grants.allows(principal, Privilege.MANAGE, Securable.table(name))) {
      grants.require(principal, Privilege.MODIFY, Securable.table(name));
    }
    change
        .tableType()
        .ifPresent(
            type -> {
              if (isStored(type) != isStored(old.tableType())
                  || (type == TableType.EXTERNAL) != (old.tableType() == TableType.EXTERNAL)) {
                throw TarnException.invalid(
                    "Table '" + name + "' is " + old.tableType() + " and cannot become " + type);
              }
            });
    return replace(name, table -> with(table, change));
  }

  /** As the other, without a check; inside {@link Grants#changing}. */
  public TableInfo update(Handle handle, EntityName name, Function<TableInfo, TableChange> change) {
    return replace(handle, name, table -> with(table, change.apply(table)));
  }

  private static TableInfo with(TableInfo table, TableChange change) {
    return changed(
        table,
        change.tableType().orElse(table.tableType()),
        table.owner(),
        change.comment().orElse(table.comment()),
        change.columns().orElse(table.columns()),
        change.properties().orElse(table.properties()));
  }

  /**
   * Gives a view another text, columns, comment and properties; its grants stay. Needs ownership or
   * {@code MANAGE}; who had only that owns it then, since a view reads with its owner's rights.
   *
   * @param view of the name of an existing view
   */
  public TableInfo redefine(Principal principal, NewTable view) {
    TableInfo old = get(principal, view.name());
    requireManage(principal, view.name());
    if (old.tableType() != TableType.VIEW) {
      throw TarnException.invalid("'" + view.name() + "' is a table, and no view.");
    }
    return replace(
        view.name(),
        table ->
            new TableInfo(
                table.tableId(),
                table.name(),
                table.tableType(),
                null,
                null,
                grants.ownerAfter(principal, table.owner()),
                view.comment(),
                view.columns(),
                view.properties(),
                view.viewDefinition(),
                view.viewContext(),
                table.createdAt(),
                System.currentTimeMillis(),
                table.filters()));
  }

  private static boolean isStored(TableType type) {
    return type != TableType.VIEW;
  }

  /**
   * Gives a table to another user or group; needs ownership or {@code MANAGE}.
   *
   * @throws TarnException PERMISSION_DENIED also for a view to somebody else, unless by an
   *     administrator
   */
  public TableInfo setOwner(Principal principal, EntityName name, String owner) {
    get(principal, name);
    requireManage(principal, name);
    return replace(
        name,
        table ->
            changed(
                table,
                table.tableType(),
                table.tableType() == TableType.VIEW
                    ? grants.requireHeir(principal, owner)
                    : grants.requirePrincipal(owner),
                table.comment(),
                table.columns(),
                table.properties()));
  }

  private void requireManage(Principal principal, EntityName name) {
    grants.requireTable(principal, Privilege.MANAGE, name);
  }

  private static TableInfo changed(
      TableInfo table,
      TableType type,
      String owner,
      String comment,
      List<ColumnInfo> columns,
      Map<String, String> properties) {
    return new TableInfo(
        table.tableId(),
        table.name(),
        type,
        table.dataSourceFormat(),
        table.storageLocation(),
        owner,
        comment,
        columns,
        properties,
        table.viewDefinition(),
        table.viewContext(),
        table.createdAt(),
        System.currentTimeMillis(),
        table.filters());
  }

  private TableInfo replace(EntityName name, UnaryOperator<TableInfo> change) {
    return grants.changing(Securable.table(name), handle -> replace(handle, name, change));
  }

  private TableInfo replace(Handle handle, EntityName name, UnaryOperator<TableInfo> change) {
    TableInfo table = change.apply(read(handle, name));
    store.update(handle, table);
    grants.columns(
        handle, Securable.table(name), table.columns().stream().map(ColumnInfo::name).toList());
    return table;
  }

  /**
   * Renames within a catalog; grants go along. Needs ownership or {@code MANAGE}, and {@code CREATE
   * TABLE} in another schema.
   */
  public void rename(Principal principal, EntityName from, EntityName to) {
    TableInfo table = get(principal, from);
    requireManage(principal, from);
    if (!from.catalog().equals(to.catalog())) {
      throw TarnException.invalid(
          "Table '" + from + "' cannot move to another catalog. Create it there from a SELECT.");
    }
    if (!from.parent().equals(to.parent())) {
      requireCreate(principal, to, table.tableType());
    }
    grants.changing(
        handle -> {
          catalogs.requireOwnSchema(handle, to.parent());
          if (store.find(handle, to).isPresent()) {
            throw TarnException.alreadyExists("Table", to.fullName());
          }
          store.rename(handle, from, to, System.currentTimeMillis());
          grants.moved(handle, Securable.table(from), Securable.table(to));
          return null;
        });
  }

  /**
   * Drops a table, which can come back for a while; needs ownership or {@code MANAGE}. Files of a
   * managed one stay as long.
   */
  public void delete(Principal principal, EntityName name) {
    get(principal, Privilege.MANAGE, name);
    requireManage(principal, name);
    grants.changing(
        Securable.table(name),
        handle -> {
          catalogs.requireOwn(handle, name.catalog());
          store.find(handle, name).ifPresent(table -> dropped.drop(handle, table, principal));
          return null;
        });
  }

  /** Drops a table for good; conditions as for {@link #delete}. */
  public void purge(Principal principal, EntityName name) {
    TableInfo table = get(principal, Privilege.MANAGE, name);
    delete(principal, name);
    dropped.purge(table.tableId(), table.storageLocation());
  }
}
