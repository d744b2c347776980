package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
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
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;

/** The catalogs of the metastore. */
public final class Catalogs {
  static final String DEFAULT_SCHEMA = "default";
  private static final Set<String> RESERVED =
      Set.of(DroppedTables.CATALOG, "system", "samples", "spark_catalog");

  private final Jdbi jdbi;
  private final Grants grants;
  private final DroppedTables dropped;
  private final ManagedStorage managed;
  private final CatalogStore store = new CatalogStore();
  private final VolumesStore volumes = new VolumesStore();

  public Catalogs(
      MetadataDatabase database, Grants grants, DroppedTables dropped, ManagedStorage managed) {
    this.managed = managed;
    this.dropped = dropped;
    this.jdbi = database.jdbi();
    this.grants = grants;
  }

  /**
   * Makes a catalog with an empty schema {@code default}; its owner is the principal.
   *
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code CREATE CATALOG} on the metastore;
   *     RESOURCE_ALREADY_EXISTS
   */
  public CatalogInfo create(Principal principal, String name, String comment) {
    return create(principal, name, comment, Map.of());
  }

  /** As the other, with properties. */
  public CatalogInfo create(
      Principal principal, String name, String comment, Map<String, String> properties) {
    return create(principal, name, comment, properties, Optional.empty());
  }

  /**
   * As the other.
   *
   * @param storageRoot below which its managed tables, volumes and models shall lie; empty for
   *     where the metastore's do
   * @throws TarnException PERMISSION_DENIED also without {@code CREATE MANAGED STORAGE} on the
   *     external location of it; INVALID_PARAMETER_VALUE if there is none, or it is read-only
   */
  public CatalogInfo create(
      Principal principal,
      String name,
      String comment,
      Map<String, String> properties,
      Optional<String> storageRoot) {
    return create(principal, name, comment, properties, Optional.empty(), storageRoot);
  }

  /** As the other, of a catalog whose tables lie in another system. */
  CatalogInfo createForeign(
      Principal principal,
      String name,
      String comment,
      Map<String, String> properties,
      ForeignSource foreign) {
    return create(principal, name, comment, properties, Optional.of(foreign), Optional.empty());
  }

  private CatalogInfo create(
      Principal principal,
      String name,
      String comment,
      Map<String, String> properties,
      Optional<ForeignSource> foreign,
      Optional<String> storageRoot) {
    String stored = Names.normalized(name);
    if (RESERVED.contains(stored)) {
      throw TarnException.invalid("The name '" + stored + "' is reserved. Choose another.");
    }
    grants.require(principal, Privilege.CREATE_CATALOG, Securable.METASTORE);
    long now = System.currentTimeMillis();
    String owner = principal.name().toLowerCase(Locale.ROOT);
    String id = UUID.randomUUID().toString();
    CatalogInfo catalog =
        new CatalogInfo(
            id,
            stored,
            owner,
            comment,
            properties,
            false,
            foreign,
            storageRoot.map(url -> managed.forCatalog(principal, url, id)),
            owner,
            now,
            owner,
            now);
    return grants.changing(
        handle -> {
          catalog.storage().ifPresent(storage -> managed.requireFree(handle, storage));
          if (!store.insert(handle, catalog)) {
            throw TarnException.alreadyExists("Catalog", stored);
          }
          grants.forget(handle, Securable.catalog(stored));
          if (foreign.isPresent()) {
            store.requireConnection(handle, foreign.get());
            return catalog;
          }
          store.insert(
              handle,
              new SchemaInfo(
                  UUID.randomUUID().toString(),
                  new SchemaName(stored, DEFAULT_SCHEMA),
                  owner,
                  null,
                  Map.of(),
                  owner,
                  now,
                  owner,
                  now));
          return catalog;
        });
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may see it; CATALOG_DOES_NOT_EXIST
   */
  public CatalogInfo get(Principal principal, String name) {
    String stored = Names.normalized(name);
    if (!grants.sees(principal, Securable.catalog(stored))) {
      throw TarnException.permissionDenied(
          principal.name(), Privilege.USE_CATALOG.sql(), Securable.catalog(stored).toString());
    }
    return jdbi.withHandle(handle -> store.catalog(handle, stored))
        .orElseThrow(() -> missing(stored));
  }

  /** The catalogs that the principal may see, by name. */
  public List<CatalogInfo> list(Principal principal) {
    return list(principal, catalog -> false);
  }

  /**
   * As the other.
   *
   * @param also shown, although the workspace does not reach it
   */
  public List<CatalogInfo> list(Principal principal, Predicate<CatalogInfo> also) {
    return jdbi.withHandle(store::catalogs).stream()
        .filter(
            catalog ->
                grants.sees(principal, Securable.catalog(catalog.name())) || also.test(catalog))
        .toList();
  }

  /** Changes comment or owner; as the other. */
  public CatalogInfo update(
      Principal principal, String name, Optional<String> comment, Optional<String> owner) {
    return update(principal, name, NamespaceChange.of(comment, owner));
  }

  /**
   * Changes a catalog; needs ownership or {@code MANAGE}, and to rename it {@code CREATE CATALOG}
   * too, and for other options of a foreign one {@code CREATE FOREIGN CATALOG} on its connection.
   * With another storage root, what is there stays where it is. Grants go along with a new name;
   * texts of views that name the old one do not.
   *
   * @throws TarnException RESOURCE_ALREADY_EXISTS if the new name is taken; for another storage
   *     root as {@link #create}
   */
  public CatalogInfo update(Principal principal, String name, NamespaceChange change) {
    CatalogInfo old = get(principal, name);
    grants.require(principal, Privilege.MANAGE, Securable.catalog(old.name()));
    Optional<ForeignSource> foreign = options(old, change);
    if (!foreign.equals(old.foreign())) {
      grants.require(
          principal,
          Privilege.CREATE_FOREIGN_CATALOG,
          Securable.connection(foreign.orElseThrow().connection()));
    }
    if (change.storageRoot().isPresent() && old.foreign().isPresent()) {
      throw ForeignCatalogs.readOnly(old);
    }
    Optional<StorageRoot> storage =
        change
            .storageRoot()
            .map(url -> managed.forCatalog(principal, url, UUID.randomUUID().toString()));
    Optional<String> owner = change.owner().map(grants::requirePrincipal);
    String renamed = change.name().map(Names::normalized).orElse(old.name());
    if (!renamed.equals(old.name())) {
      if (RESERVED.contains(renamed)) {
        throw TarnException.invalid("The name '" + renamed + "' is reserved. Choose another.");
      }
      grants.require(principal, Privilege.CREATE_CATALOG, Securable.METASTORE);
    }
    return grants.changing(
        handle -> {
          CatalogInfo now = store.catalog(handle, old.name()).orElseThrow(() -> missing(name));
          if (!renamed.equals(old.name())) {
            if (store.catalog(handle, renamed).isPresent()) {
              throw TarnException.alreadyExists("Catalog", renamed);
            }
            store.renameCatalog(handle, old.name(), renamed);
            grants.moved(handle, Securable.catalog(old.name()), Securable.catalog(renamed));
          }
          storage.ifPresent(
              root -> {
                managed.requireFree(handle, root);
                now.storage().ifPresent(before -> dropped.retire(handle, before));
              });
          CatalogInfo changed =
              new CatalogInfo(
                  now.catalogId(),
                  renamed,
                  owner.orElse(now.owner()),
                  change.comment().orElse(now.comment()),
                  change.properties().orElse(now.properties()),
                  change.isolated().orElse(now.isolated()),
                  foreign,
                  storage.or(now::storage),
                  now.createdBy(),
                  now.createdAt(),
                  principal.name().toLowerCase(Locale.ROOT),
                  System.currentTimeMillis());
          store.update(handle, changed);
          return changed;
        });
  }

  private static Optional<ForeignSource> options(CatalogInfo catalog, NamespaceChange change) {
    Map<String, String> options = change.options().orElse(Map.of());
    if (!options.isEmpty() && catalog.foreign().isEmpty()) {
      throw TarnException.invalid(
          "Only foreign catalogs have options, and '" + catalog.name() + "' is none.");
    }
    ForeignCatalogs.requireOptions(options);
    if (change.options().isPresent()) {
      catalog.foreign().ifPresent(from -> ForeignCatalogs.requireKept(from, options));
    }
    return change.options().isEmpty()
        ? catalog.foreign()
        : catalog
            .foreign()
            .map(from -> new ForeignSource(from.connectionId(), from.connection(), options));
  }

  /**
   * Removes a catalog; needs ownership or {@code MANAGE}. Its tables can come back for a while,
   * into a schema of the same name.
   *
   * @param force also with schemas in it other than an empty {@code default}
   * @throws TarnException RESOURCE_CONFLICT if it is not empty and not forced
   */
  public void delete(Principal principal, String name, boolean force) {
    CatalogInfo catalog = get(principal, name);
    Securable securable = Securable.catalog(catalog.name());
    grants.require(principal, Privilege.MANAGE, securable);
    grants.changing(
        handle -> {
          boolean empty =
              catalog.foreign().isPresent()
                  || store.schemas(handle, catalog.name()).stream()
                      .allMatch(
                          schema ->
                              schema.name().schema().equals(DEFAULT_SCHEMA)
                                  && store.isEmpty(handle, schema.name()));
          if (!force && !empty) {
            throw new TarnException(
                ErrorCode.RESOURCE_CONFLICT,
                "2BP01",
                "Catalog '"
                    + catalog.name()
                    + "' is not empty. Drop its schemas first, or use CASCADE (force=true).",
                null);
          }
          store
              .catalog(handle, catalog.name())
              .flatMap(CatalogInfo::storage)
              .ifPresent(storage -> dropped.retire(handle, storage));
          for (SchemaInfo schema : store.schemas(handle, catalog.name())) {
            schema.storage().ifPresent(storage -> dropped.retire(handle, storage));
            dropped.dropAll(handle, schema.name(), principal);
            volumes.list(handle, schema.name()).forEach(v -> dropped.discard(handle, v));
          }
          store.deleteCatalog(handle, catalog.name());
          grants.forget(handle, securable);
          return null;
        });
  }

  static TarnException missing(String name) {
    return new TarnException(
        ErrorCode.CATALOG_DOES_NOT_EXIST,
        "42704",
        "Catalog '" + name + "' does not exist. Check the spelling; SHOW CATALOGS lists yours.",
        null);
  }
}
