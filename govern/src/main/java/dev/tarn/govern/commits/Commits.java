package dev.tarn.govern.commits;

import dev.tarn.govern.abac.AccessPolicies;
import dev.tarn.govern.catalog.DroppedTables;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.ManagedStorage;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.commits.CommitsStore.Head;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.metastore.Metastore;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Commits of Delta tables whose log the catalog manages. A writer, in here or outside, puts its
 * commit into {@code _delta_log/_staged_commits} and asks for it to be ratified; it is part of the
 * table from the moment that the transaction here ends, and never otherwise. One of several who ask
 * for the same version gets it. Whoever likes publishes it then: copies it to its own name in
 * {@code _delta_log}.
 *
 * @see <a
 *     href="https://github.com/delta-io/delta/blob/master/PROTOCOL.md#catalog-managed-tables">Delta
 *     protocol, catalog-managed tables</a>
 */
public final class Commits {
  /** The property of a table that says which table of the catalog its log belongs to. */
  public static final String TABLE_ID = "io.unitycatalog.tableId";

  /** The table feature, as a property asks for it. */
  public static final String FEATURE = "delta.feature.catalogManaged";

  /** Ratified and not published: more would make every reader slow. */
  public static final int MOST_UNPUBLISHED = 50;

  /** So many published ones are known, in case that their writers ask again. */
  private static final int REMEMBERED = 100;

  private static final int CACHED_TABLES = 10_000;

  /** Who has read the log as it was may go on to read staged commits. */
  private static final Duration STAGED_KEPT = Duration.ofDays(7);

  private static final Duration STAGED_FOR = Duration.ofDays(1);

  private final Jdbi jdbi;
  private final Grants grants;
  private final Metastore metastore;
  private final Tables tables;
  private final ManagedStorage storage;
  private final AccessPolicies policies;
  private final DroppedTables dropped;
  private final Clock clock;
  private final Epoch.Kept<String, Boolean> managed;
  private final Epoch.Kept<String, Optional<String>> managedAt;
  private final CommitsStore store = new CommitsStore();

  public Commits(
      MetadataDatabase database,
      Grants grants,
      Metastore metastore,
      Tables tables,
      ManagedStorage storage,
      AccessPolicies policies,
      DroppedTables dropped,
      Clock clock) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.metastore = metastore;
    this.tables = tables;
    this.storage = storage;
    this.policies = policies;
    this.dropped = dropped;
    this.clock = clock;
    this.managed = grants.kept(CACHED_TABLES);
    this.managedAt = grants.kept(CACHED_TABLES);
  }

  /**
   * Gives a table to be its id and a place for its files. The name is not taken by it.
   *
   * @throws TarnException PERMISSION_DENIED without {@code USE CATALOG}, {@code USE SCHEMA}, {@code
   *     CREATE TABLE} and {@code EXTERNAL USE SCHEMA}, or if the metastore does not allow access
   *     from outside; SCHEMA_DOES_NOT_EXIST; RESOURCE_ALREADY_EXISTS
   */
  public StagingTable stage(Principal principal, EntityName name) {
    requireCreate(principal, name);
    long now = clock.millis();
    StagingTable table =
        new StagingTable(
            UUID.randomUUID().toString(),
            name,
            storage.of(name.parent()).newTable(),
            principal.name().toLowerCase(Locale.ROOT),
            now);
    jdbi.useTransaction(
        handle -> {
          for (StagingTable old : store.stagedBefore(handle, now - STAGED_FOR.toMillis())) {
            store.unstage(handle, old.tableId());
            dropped.discard(handle, old.location());
          }
          store.forgetGone(handle);
          tables.requireFree(handle, name);
          store.stage(handle, table);
        });
    return table;
  }

  private void requireCreate(Principal principal, EntityName name) {
    Securable schema = Securable.schema(name.parent());
    grants.requireUse(principal, Securable.table(name));
    grants.require(principal, Privilege.CREATE_TABLE, schema);
    requireExternalUse(principal, name);
  }

  private void requireExternalUse(Principal principal, EntityName name) {
    if (!metastore.get().externalAccess()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: The metastore does not allow access to data from outside. An"
              + " administrator can set its external_access_enabled.",
          null);
    }
    Securable schema = Securable.schema(name.parent());
    if (!grants.grantedByName(principal, Privilege.EXTERNAL_USE_SCHEMA, schema)) {
      throw TarnException.permissionDenied(
          principal.name(), Privilege.EXTERNAL_USE_SCHEMA.sql(), schema.toString());
    }
  }

  /**
   * The place that was given to a table to be.
   *
   * @throws TarnException TABLE_DOES_NOT_EXIST unless this principal asked for it
   */
  public StagingTable staged(Principal principal, String tableId) {
    StagingTable table =
        jdbi.withHandle(handle -> store.staged(handle, tableId))
            .filter(each -> isOf(each, principal))
            .orElseThrow(() -> missing(tableId));
    requireCreate(principal, table.name());
    return table;
  }

  private static boolean isOf(StagingTable table, Principal principal) {
    return table.createdBy().equals(principal.name().toLowerCase(Locale.ROOT));
  }

  /**
   * Enters a table whose version 0 its writer has put into the place that {@link #stage} gave it.
   *
   * @param table with that place as its location, property {@code io.unitycatalog.tableId}, and the
   *     feature {@code catalogManaged}
   * @param log what the writer says is no more than a claim, and its log is what will be read
   * @throws TarnException as {@link #stage}; INVALID_PARAMETER_VALUE if it is not such a table
   */
  public TableInfo create(Principal principal, NewTable table, StagedLog log) {
    requireCreate(principal, table.name());
    String location = ManagedLocations.normalized(table.storageLocation());
    StagingTable staged =
        jdbi.withHandle(handle -> store.stagedAt(handle, location))
            .filter(each -> isOf(each, principal) && each.name().equals(table.name()))
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "'"
                            + location
                            + "' is no place that was given to table '"
                            + table.name()
                            + "'. Ask for one first: POST"
                            + " /api/2.1/unity-catalog/staging-tables."));
    requireProperty(table, FEATURE, "supported");
    requireProperty(table, TABLE_ID, staged.tableId());
    log.require(staged);
    return tables.register(
        principal,
        table,
        staged.tableId(),
        handle -> {
          if (!store.unstage(handle, staged.tableId())) {
            throw TarnException.alreadyExists("Table", table.name().fullName());
          }
          store.open(handle, staged.tableId());
        });
  }

  private static void requireProperty(NewTable table, String key, String value) {
    Map<String, String> properties = table.properties() == null ? Map.of() : table.properties();
    if (!value.equals(properties.get(key))) {
      throw TarnException.invalid(
          "Table '"
              + table.name()
              + "' needs property '"
              + key
              + "' = '"
              + value
              + "', so that all who write to it ask the catalog.");
    }
  }

  /**
   * Ratifies a commit, takes note of how far the log is published, or both. A commit that was
   * ratified already, sent again, changes nothing.
   *
   * @param file what the writer says of its commit is no more than a claim, and its file is what
   *     will be read
   * @return the table after it
   * @throws TarnException PERMISSION_DENIED without {@code MODIFY} and {@code EXTERNAL USE SCHEMA},
   *     or if a filter or mask hides something of the table; TABLE_DOES_NOT_EXIST;
   *     RESOURCE_CONFLICT if another commit has this version; RESOURCE_EXHAUSTED if too many are
   *     not published; INVALID_PARAMETER_VALUE
   */
  public TableInfo commit(
      Principal principal, String tableId, CommitRequest request, CommitFile file) {
    TableInfo table = named(tableId);
    requireAccess(principal, Privilege.MODIFY, table);
    CommitChecks.of(table, request);
    if (request.commit().isPresent() && !isKnown(table, request.commit().get())) {
      file.require(table, request.commit().get());
    }
    return write(table, request);
  }

  /**
   * As {@link #commit}, for a writer in here that has checked the rights of its principal, and
   * whose files stay in here.
   */
  public TableInfo commitOwn(String tableId, CommitRequest request) {
    return write(named(tableId), request);
  }

  private TableInfo write(TableInfo table, CommitRequest request) {
    CommitChecks.of(table, request);
    Function<Handle, TableInfo> work =
        handle -> {
          Head head = store.lockedHead(handle, table.tableId()).orElseThrow(() -> unmanaged(table));
          requireEtag(tables.read(handle, table.name()), head, request);
          if (advance(handle, table, head, request)) {
            return table;
          }
          return request
              .change()
              .map(change -> tables.update(handle, table.name(), change))
              .orElse(table);
        };
    return request.change().isPresent()
        ? grants.changing(Securable.table(table.name()), work)
        : jdbi.inTransaction(work::apply);
  }

  /**
   * @return whether it was done before
   */
  private boolean advance(Handle handle, TableInfo table, Head head, CommitRequest request) {
    String id = table.tableId();
    long latest = head.latest();
    if (request.commit().isPresent()) {
      RatifiedCommit commit = request.commit().get();
      if (commit.version() <= head.latest()) {
        if (isRepeated(handle, id, commit)) {
          return true;
        }
        throw CommitChecks.conflict(table, commit.version(), head.latest());
      }
      CommitChecks.requireNext(table, commit.version(), head.latest());
      latest = commit.version();
    }
    long published =
        Math.max(head.published(), CommitChecks.published(table, head.latest(), request));
    if (request.commit().isPresent()) {
      CommitChecks.requireRoom(table, latest - published);
      store.insert(handle, id, request.commit().get());
    }
    store.move(handle, id, new Head(latest, published));
    // Who reads the log as it was goes on to read staged commits for a while.
    for (String name : store.staged(handle, id, head.published(), published)) {
      String file = table.storageLocation() + "/_delta_log/_staged_commits/" + name;
      dropped.discard(handle, file, STAGED_KEPT);
    }
    store.forgetUpTo(handle, id, published - REMEMBERED);
    return false;
  }

  /** Once ratified its file may be gone. */
  private boolean isKnown(TableInfo table, RatifiedCommit commit) {
    return jdbi.withHandle(handle -> isRepeated(handle, table.tableId(), commit));
  }

  private boolean isRepeated(Handle handle, String tableId, RatifiedCommit commit) {
    return store
        .commit(handle, tableId, commit.version())
        .filter(known -> known.fileName().equals(commit.fileName()))
        .isPresent();
  }

  private static void requireEtag(TableInfo table, Head head, CommitRequest request) {
    if (request.etag().isPresent() && !request.etag().get().equals(etag(table, head.latest()))) {
      throw new TarnException(
          ErrorCode.RESOURCE_CONFLICT,
          "Table '" + table.name() + "' has changed since it was read. Read it again.");
    }
  }

  /** What tells one state of a table from another. */
  public static String etag(TableInfo table, long latestVersion) {
    return latestVersion + "-" + Long.toHexString(table.updatedAt());
  }

  /**
   * How far the log of a table goes, with the commits that are not published.
   *
   * @param tableUri where the reader believes the table to lie, or null
   * @param from the first version wanted
   * @param to the last version wanted
   * @throws TarnException PERMISSION_DENIED without {@code SELECT} and {@code EXTERNAL USE SCHEMA},
   *     or if a filter or mask hides something of the table; TABLE_DOES_NOT_EXIST
   */
  public ManagedLog log(
      Principal principal, String tableId, String tableUri, long from, Optional<Long> to) {
    TableInfo table = named(tableId);
    requireAccess(principal, Privilege.SELECT, table);
    CommitChecks.requirePlace(table, tableUri);
    CommitChecks.requireRange(from, to);
    return log(table, from, to.orElse(Long.MAX_VALUE)).orElseThrow(() -> unmanaged(table));
  }

  /** As the other, for readers in here that have checked the rights of their principal. */
  public ManagedLog logOwn(String tableId, String tableUri, long from, Optional<Long> to) {
    TableInfo table = named(tableId);
    CommitChecks.requirePlace(table, tableUri);
    return log(table, from, to.orElse(Long.MAX_VALUE)).orElseThrow(() -> unmanaged(table));
  }

  /** The whole log of a table; empty if it manages itself. */
  public Optional<ManagedLog> log(TableInfo table) {
    return log(table, 0, Long.MAX_VALUE);
  }

  /** As the other, of the table whose files lie at a location. */
  public Optional<ManagedLog> logAt(String location) {
    return managedAt
        .get(
            location,
            grants.epoch(),
            () -> jdbi.withHandle(handle -> store.managedAt(handle, location)))
        .flatMap(tableId -> log(tableId, 0, Long.MAX_VALUE));
  }

  private Optional<ManagedLog> log(TableInfo table, long from, long to) {
    return isManaged(table) ? log(table.tableId(), from, to) : Optional.empty();
  }

  private Optional<ManagedLog> log(String tableId, long from, long to) {
    return jdbi.withHandle(handle -> store.log(handle, tableId, from, to));
  }

  /** Whether the catalog ratifies the commits of a table. */
  public boolean isManaged(TableInfo table) {
    return managed.get(
        table.tableId(),
        grants.epoch(),
        () -> jdbi.withHandle(handle -> store.head(handle, table.tableId()).isPresent()));
  }

  /** A table by its id. */
  private TableInfo named(String tableId) {
    if (tableId == null) {
      throw TarnException.invalid("Field 'table_id' is missing.");
    }
    return jdbi.withHandle(handle -> store.name(handle, tableId.toLowerCase(Locale.ROOT)))
        .flatMap(tables::find)
        .orElseThrow(() -> missing(tableId));
  }

  private static TarnException missing(String tableId) {
    return TarnException.notFound(ErrorCode.TABLE_DOES_NOT_EXIST, "Table with id", tableId);
  }

  private static TarnException unmanaged(TableInfo table) {
    return TarnException.invalid(
        "The commits of table '"
            + table.name()
            + "' are not ratified by the catalog. Write to it with SQL, or make a table with"
            + " property '"
            + FEATURE
            + "' = 'supported'.");
  }

  /**
   * Whether a principal may work on the files of a table from outside.
   *
   * @param privilege SELECT or MODIFY
   * @throws TarnException PERMISSION_DENIED
   */
  public void requireAccess(Principal principal, Privilege privilege, TableInfo table) {
    grants.requireTable(principal, privilege, table.name());
    requireExternalUse(principal, table.name());
    if (!policies.seenInAnyVersion(principal, table).filters().none()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "PERMISSION_DENIED: Table '"
              + table.name()
              + "' has a row filter or column masks for you, which files cannot have. Read and write"
              + " it with SQL.",
          null);
    }
  }
}
