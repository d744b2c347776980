package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Tables that were dropped, until they are gone for good: with their grants, filters, tags and
 * policies they come back as they were, without their keys. Files of managed tables and volumes
 * stay as long.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-undrop-table">UNDROP</a>
 */
public final class DroppedTables {
  /** Where the grants of dropped tables wait; nobody can have a catalog of this name. */
  static final String CATALOG = "__dropped";

  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Jdbi jdbi;
  private final Grants grants;
  private final Duration kept;
  private final Clock clock;
  private final CatalogStore catalogs = new CatalogStore();
  private final TablesStore tables = new TablesStore();
  private final DroppedTablesStore store = new DroppedTablesStore();
  private final ManagedStorageStore storage = new ManagedStorageStore();

  /**
   * @param kept how long what was dropped can come back
   */
  public DroppedTables(MetadataDatabase database, Grants grants, Duration kept, Clock clock) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.kept = kept;
    this.clock = clock;
  }

  private static Securable waiting(String tableId) {
    return Securable.table(new EntityName(CATALOG, "tables", tableId));
  }

  /** Takes a table out of its schema; inside {@link Grants#changing}. */
  void drop(Handle handle, TableInfo table, Principal by) {
    long now = clock.millis();
    if (table.tableType() == TableType.VIEW || table.tableType() == TableType.FOREIGN) {
      grants.forget(handle, Securable.table(table.name()));
    } else {
      store.keep(handle, table, by.name().toLowerCase(Locale.ROOT), now, now + kept.toMillis());
      grants.dropped(handle, Securable.table(table.name()), waiting(table.tableId()));
      if (table.tableType() != TableType.EXTERNAL) {
        discard(handle, table.storageLocation());
      }
    }
    tables.delete(handle, table.name());
  }

  /** As {@link #drop}, for all tables of a schema. */
  void dropAll(Handle handle, SchemaName schema, Principal by) {
    tables.list(handle, schema).forEach(table -> drop(handle, table, by));
  }

  /** Has the files of a managed volume that goes removed; inside {@link Grants#changing}. */
  void discard(Handle handle, VolumeInfo volume) {
    if (volume.volumeType().equals("MANAGED")) {
      discard(handle, volume.storageLocation());
    }
  }

  /** Has files removed once nothing brings them back; inside {@link Grants#changing}. */
  public void discard(Handle handle, String location) {
    discard(handle, location, kept);
  }

  /** As the other, and no sooner than after some time. */
  public void discard(Handle handle, String location, Duration least) {
    Duration until = kept.compareTo(least) > 0 ? kept : least;
    // A little later than the last moment to bring it back, by whatever clock.
    store.discard(handle, location, clock.millis() + until.plus(GRACE).toMillis());
  }

  /**
   * Has the storage of a catalog or schema that goes removed, once nothing in it comes back; inside
   * {@link Grants#changing}.
   */
  void retire(Handle handle, StorageRoot root) {
    storage.retire(handle, root, clock.millis() + kept.plus(GRACE).toMillis());
  }

  /**
   * The dropped tables of a schema that the principal may bring back, the last dropped first.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see the schema;
   *     SCHEMA_DOES_NOT_EXIST
   */
  public List<DroppedTable> list(Principal principal, SchemaName schema) {
    Tables.requireVisible(grants, principal, schema);
    long now = clock.millis();
    return jdbi
        .withHandle(
            handle -> {
              catalogs.requireSchema(handle, schema);
              return store.list(handle, schema);
            })
        .stream()
        .filter(table -> table.goneAt() > now && mayUndrop(principal, table))
        .toList();
  }

  private boolean mayUndrop(Principal principal, DroppedTable table) {
    Securable schema = Securable.schema(table.name().parent());
    if (!grants.allows(principal, Privilege.USE_CATALOG, schema.parent().orElseThrow())
        || !grants.allows(principal, Privilege.USE_SCHEMA, schema)) {
      return false;
    }
    return grants.allows(principal, Privilege.MANAGE, schema)
        || (owns(principal, table) && grants.allows(principal, Privilege.CREATE_TABLE, schema));
  }

  private static boolean owns(Principal principal, DroppedTable table) {
    return principal.answersTo(table.owner());
  }

  /**
   * Brings back the table of this name that was dropped last, of those that the principal may.
   *
   * @param materializedView whether it has to be one; otherwise it must not
   * @throws TarnException TABLE_DOES_NOT_EXIST; RESOURCE_ALREADY_EXISTS if the name is taken
   */
  public void undrop(Principal principal, EntityName name, boolean materializedView) {
    DroppedTable table =
        list(principal, name.parent()).stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> missing(name.fullName()));
    undrop(principal, table, materializedView);
  }

  /** As the other, by the id that the listing shows. */
  public void undrop(Principal principal, String tableId, boolean materializedView) {
    DroppedTable table =
        jdbi.withHandle(handle -> store.find(handle, tableId.toLowerCase(Locale.ROOT)))
            .filter(each -> each.goneAt() > clock.millis() && mayUndrop(principal, each))
            .orElseThrow(() -> missing(tableId));
    undrop(principal, table, materializedView);
  }

  private static TarnException missing(String what) {
    return new TarnException(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        "42P01",
        "[TABLE_OR_VIEW_NOT_FOUND] No dropped table '"
            + what
            + "' can be brought back by you: there is none, or its time is over. SHOW TABLES DROPPED"
            + " lists those of a schema.",
        null);
  }

  private void undrop(Principal principal, DroppedTable table, boolean materializedView) {
    if (materializedView != (table.tableType() == TableType.MATERIALIZED_VIEW)) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "42809",
          "[WRONG_COMMAND_FOR_OBJECT_TYPE] '"
              + table.name()
              + "' is "
              + (materializedView ? "no materialized view: say UNDROP TABLE." : "a materialized")
              + (materializedView ? "" : " view: say UNDROP MATERIALIZED VIEW."),
          null);
    }
    grants.changing(
        handle -> {
          Optional<DroppedTable> still = store.find(handle, table.tableId());
          if (still.isEmpty()) {
            throw missing(table.name().fullName());
          }
          catalogs.requireOwnSchema(handle, table.name().parent());
          requireFree(handle, table);
          store.restore(handle, table);
          store.forgetFiles(handle, table.storageLocation());
          grants.moved(handle, waiting(table.tableId()), Securable.table(table.name()));
          return null;
        });
  }

  private void requireFree(Handle handle, DroppedTable table) {
    if (tables.find(handle, table.name()).isPresent()) {
      throw new TarnException(
          ErrorCode.RESOURCE_ALREADY_EXISTS,
          "42P07",
          "[RELATION_ALREADY_EXISTS] Table '"
              + table.name()
              + "' cannot come back, since its name is taken. Rename the one that is there: ALTER"
              + " TABLE … RENAME TO ….",
          null);
    }
    tables
        .overlapping(handle, table.storageLocation())
        .or(
            () ->
                table.tableType() == TableType.EXTERNAL
                    ? storage.overlapping(handle, table.storageLocation())
                    : Optional.empty())
        .ifPresent(
            other -> {
              throw new TarnException(
                  ErrorCode.RESOURCE_CONFLICT,
                  "Table '"
                      + table.name()
                      + "' cannot come back, since '"
                      + other
                      + "' uses its files by now. Drop that first.");
            });
  }

  /** Makes a table that was just dropped go for good: DROP TABLE … PURGE. */
  public void purge(String tableId, String location) {
    jdbi.useTransaction(
        handle -> {
          store.goneAt(handle, tableId, 0);
          store.hasten(handle, location);
        });
  }

  /**
   * Forgets tables whose time is over.
   *
   * @return locations whose files are to be removed, each until {@link #removed} is told
   */
  public List<String> expire() {
    long now = clock.millis();
    List<String> gone = jdbi.withHandle(handle -> store.gone(handle, now));
    if (!gone.isEmpty()) {
      grants.changing(
          handle -> {
            for (String tableId : gone) {
              store.delete(handle, tableId);
              grants.forget(handle, waiting(tableId));
            }
            return null;
          });
    }
    return jdbi.withHandle(
        handle ->
            Stream.concat(
                    store.discarded(handle, now).stream(), storage.empty(handle, now).stream())
                .toList());
  }

  /** Told when the files of a location are no more. */
  public void removed(String location) {
    jdbi.useTransaction(
        handle -> {
          store.forgetFiles(handle, location);
          storage.forget(handle, location);
        });
  }
}
