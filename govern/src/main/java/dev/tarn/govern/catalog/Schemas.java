package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.listing.Page;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.Names;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;

/** The schemas of the catalogs. */
public final class Schemas {
  private static final String INFORMATION_SCHEMA = "information_schema";

  private final Jdbi jdbi;
  private final Grants grants;
  private final DroppedTables dropped;
  private final ForeignMirror foreign;
  private final ManagedStorage managed;
  private final CatalogStore store = new CatalogStore();
  private final VolumesStore volumes = new VolumesStore();

  public Schemas(
      MetadataDatabase database,
      Grants grants,
      DroppedTables dropped,
      ForeignMirror foreign,
      ManagedStorage managed) {
    this.managed = managed;
    this.foreign = foreign;
    this.dropped = dropped;
    this.jdbi = database.jdbi();
    this.grants = grants;
  }

  /**
   * Makes a schema; its owner is the principal.
   *
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code USE CATALOG} and {@code CREATE SCHEMA};
   *     CATALOG_DOES_NOT_EXIST; RESOURCE_ALREADY_EXISTS
   */
  public SchemaInfo create(
      Principal principal, SchemaName name, String comment, Map<String, String> properties) {
    return create(principal, name, comment, properties, Optional.empty());
  }

  /**
   * As the other.
   *
   * @param storageRoot below which its managed tables, volumes and models shall lie; empty for
   *     where the catalog's do
   * @throws TarnException PERMISSION_DENIED also without {@code CREATE MANAGED STORAGE} on the
   *     external location of it; INVALID_PARAMETER_VALUE if there is none, or it is read-only
   */
  public SchemaInfo create(
      Principal principal,
      SchemaName name,
      String comment,
      Map<String, String> properties,
      Optional<String> storageRoot) {
    requireOrdinary(name);
    Securable catalog = Securable.catalog(name.catalog());
    grants.require(principal, Privilege.USE_CATALOG, catalog);
    grants.require(principal, Privilege.CREATE_SCHEMA, catalog);
    long now = System.currentTimeMillis();
    String by = principal.name().toLowerCase(Locale.ROOT);
    String id = UUID.randomUUID().toString();
    SchemaInfo schema =
        new SchemaInfo(
            id,
            name,
            by,
            comment,
            properties,
            storageRoot.map(url -> managed.forSchema(principal, url, id)),
            by,
            now,
            by,
            now);
    return grants.changing(
        Securable.schema(name),
        handle -> {
          store.requireOwn(handle, name.catalog());
          schema.storage().ifPresent(storage -> managed.requireFree(handle, storage));
          if (!store.insert(handle, schema)) {
            throw TarnException.alreadyExists("Schema", name.fullName());
          }
          grants.forget(handle, Securable.schema(name));
          return schema;
        });
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may see it; SCHEMA_DOES_NOT_EXIST
   */
  public SchemaInfo get(Principal principal, SchemaName name) {
    Securable securable = Securable.schema(name);
    if (!grants.sees(principal, securable)) {
      grants.requireUse(principal, securable);
      throw TarnException.permissionDenied(
          principal.name(), Privilege.USE_SCHEMA.sql(), securable.toString());
    }
    return find(name)
        .orElseThrow(
            () -> {
              jdbi.useHandle(handle -> store.requireCatalog(handle, name.catalog()));
              return missing(name);
            });
  }

  /** No check: for rooms that check themselves. */
  public Optional<SchemaInfo> find(SchemaName name) {
    Optional<SchemaInfo> known = jdbi.withHandle(handle -> store.schema(handle, name));
    if (known.isEmpty() && foreign.isForeign(name.catalog())) {
      foreign.schemas(name.catalog());
      return jdbi.withHandle(handle -> store.schema(handle, name));
    }
    return known;
  }

  /**
   * The schemas of a catalog that the principal may see, by name. Other systems are not asked, so
   * that one that is slow holds up no listing of all catalogs.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see the catalog
   */
  public List<SchemaInfo> list(Principal principal, String catalog) {
    String stored = Names.normalized(catalog);
    requireVisible(principal, Securable.catalog(stored));
    return jdbi
        .withHandle(
            handle -> {
              requireCatalog(stored, store.catalog(handle, stored));
              return store.schemas(handle, stored);
            })
        .stream()
        .filter(schema -> grants.sees(principal, Securable.schema(schema.name())))
        .toList();
  }

  /**
   * As {@link #list}, for whoever asks about this very catalog.
   *
   * @throws TarnException as {@link ForeignMirror#schemas}
   */
  public List<SchemaInfo> listOf(Principal principal, String catalog) {
    return page(principal, catalog, "", Integer.MAX_VALUE - 1, schema -> true).entries();
  }

  /**
   * Some of what {@link #listOf} answers.
   *
   * @param after the name that the page before ended with; empty for the first
   * @param size at most
   * @param shown asked of those that the principal may see
   */
  public Page<SchemaInfo> page(
      Principal principal, String catalog, String after, int size, Predicate<SchemaInfo> shown) {
    String stored = Names.normalized(catalog);
    Securable securable = Securable.catalog(stored);
    requireVisible(principal, securable);
    boolean all = grants.allows(principal, Privilege.BROWSE, securable);
    foreign.schemas(stored);
    return jdbi.withHandle(
        handle -> {
          store.requireCatalog(handle, stored);
          return Page.read(
              after,
              size,
              (from, most) -> store.schemas(handle, stored, from, most),
              schema -> schema.name().schema(),
              schema ->
                  (all || grants.sees(principal, Securable.schema(schema.name())))
                      && shown.test(schema));
        });
  }

  private void requireVisible(Principal principal, Securable catalog) {
    if (!grants.sees(principal, catalog)) {
      throw TarnException.permissionDenied(
          principal.name(), Privilege.USE_CATALOG.sql(), catalog.toString());
    }
  }

  private static void requireOrdinary(SchemaName name) {
    if (name.schema().equals(INFORMATION_SCHEMA)) {
      throw TarnException.invalid(
          "Every catalog has its schema '"
              + INFORMATION_SCHEMA
              + "' already; nobody can make one.");
    }
  }

  /** Changes comment or owner; as the other. */
  public SchemaInfo update(
      Principal principal, SchemaName name, Optional<String> comment, Optional<String> owner) {
    return update(principal, name, NamespaceChange.of(comment, owner));
  }

  /**
   * Changes a schema; needs ownership or {@code MANAGE}, and to rename it {@code CREATE SCHEMA}
   * too. Grants go along with a new name; texts of views that name the old one do not.
   *
   * @throws TarnException RESOURCE_ALREADY_EXISTS if the new name is taken; for another storage
   *     root as {@link #create}
   */
  public SchemaInfo update(Principal principal, SchemaName name, NamespaceChange change) {
    return update(principal, name, change, now -> change.properties().orElse(now));
  }

  /**
   * Changes some properties of a schema; as the other.
   *
   * @param change asked for all of them, with those that stand when nobody else changes them
   */
  public SchemaInfo updateProperties(
      Principal principal, SchemaName name, UnaryOperator<Map<String, String>> change) {
    return update(principal, name, NamespaceChange.of(Optional.empty(), Optional.empty()), change);
  }

  private SchemaInfo update(
      Principal principal,
      SchemaName name,
      NamespaceChange change,
      UnaryOperator<Map<String, String>> properties) {
    get(principal, name);
    grants.requireUse(principal, Securable.schema(name));
    grants.require(principal, Privilege.MANAGE, Securable.schema(name));
    Optional<StorageRoot> storage =
        change
            .storageRoot()
            .map(url -> managed.forSchema(principal, url, UUID.randomUUID().toString()));
    Optional<String> owner = change.owner().map(grants::requirePrincipal);
    SchemaName renamed = change.name().map(n -> new SchemaName(name.catalog(), n)).orElse(name);
    if (!renamed.equals(name)) {
      requireOrdinary(renamed);
      grants.require(principal, Privilege.CREATE_SCHEMA, Securable.catalog(name.catalog()));
    }
    return grants.changing(
        handle -> {
          SchemaInfo now = store.schema(handle, name).orElseThrow(() -> missing(name));
          if (!renamed.equals(name)) {
            store.requireOwn(handle, name.catalog());
            if (store.schema(handle, renamed).isPresent()) {
              throw TarnException.alreadyExists("Schema", renamed.fullName());
            }
            store.renameSchema(handle, now, renamed);
            grants.moved(handle, Securable.schema(name), Securable.schema(renamed));
          }
          storage.ifPresent(
              root -> {
                store.requireOwn(handle, name.catalog());
                managed.requireFree(handle, root);
                now.storage().ifPresent(before -> dropped.retire(handle, before));
              });
          SchemaInfo changed =
              new SchemaInfo(
                  now.schemaId(),
                  renamed,
                  owner.orElse(now.owner()),
                  change.comment().orElse(now.comment()),
                  properties.apply(now.properties()),
                  storage.or(now::storage),
                  now.createdBy(),
                  now.createdAt(),
                  principal.name().toLowerCase(Locale.ROOT),
                  System.currentTimeMillis());
          store.update(handle, changed);
          return changed;
        });
  }

  /**
   * Removes a schema; needs {@code USE CATALOG}, and ownership or {@code MANAGE}. Its tables can
   * come back for a while, into a schema of the same name.
   *
   * @param cascade also drops the registrations of its tables and volumes
   * @throws TarnException RESOURCE_CONFLICT if it is not empty and not cascading
   */
  public void delete(Principal principal, SchemaName name, boolean cascade) {
    get(principal, name);
    Securable securable = Securable.schema(name);
    grants.requireUse(principal, securable);
    grants.require(principal, Privilege.MANAGE, securable);
    grants.changing(
        handle -> {
          store.requireOwn(handle, name.catalog());
          if (!cascade && !store.isEmpty(handle, name)) {
            throw new TarnException(
                ErrorCode.RESOURCE_CONFLICT,
                "2BP01",
                "Schema '"
                    + name
                    + "' is not empty. Drop its tables, volumes and functions first, or use CASCADE"
                    + " (force=true).",
                null);
          }
          store
              .schema(handle, name)
              .flatMap(SchemaInfo::storage)
              .ifPresent(storage -> dropped.retire(handle, storage));
          dropped.dropAll(handle, name, principal);
          volumes.list(handle, name).forEach(v -> dropped.discard(handle, v));
          store.deleteSchema(handle, name);
          grants.forget(handle, securable);
          return null;
        });
  }

  private static void requireCatalog(String name, Optional<CatalogInfo> catalog) {
    if (catalog.isEmpty()) {
      throw Catalogs.missing(name);
    }
  }

  static TarnException missing(SchemaName name) {
    return new TarnException(
        ErrorCode.SCHEMA_DOES_NOT_EXIST,
        "42704",
        "Schema '" + name + "' does not exist. Check the spelling; SHOW SCHEMAS lists yours.",
        null);
  }
}
