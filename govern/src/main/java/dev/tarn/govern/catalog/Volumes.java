package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Page;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;

/** The volumes of the schemas: folders of files under governance. */
public final class Volumes {
  private final Jdbi jdbi;
  private final Grants grants;
  private final ManagedStorage managed;
  private final ExternalPaths paths;
  private final DroppedTables dropped;
  private final CatalogStore catalogs = new CatalogStore();
  private final TablesStore tables = new TablesStore();
  private final VolumesStore store = new VolumesStore();

  public Volumes(
      MetadataDatabase database,
      Grants grants,
      ManagedStorage managed,
      ExternalPaths paths,
      DroppedTables dropped) {
    this.dropped = dropped;
    this.paths = paths;
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.managed = managed;
  }

  /**
   * Makes a volume; its owner is the principal. The folder itself is made by its first file.
   *
   * @param externalLocation a path or URI of files that are there already; needs {@code CREATE
   *     EXTERNAL VOLUME} there
   * @param comment or null
   * @throws TarnException PERMISSION_DENIED without {@code USE CATALOG}, {@code USE SCHEMA} and
   *     {@code CREATE VOLUME}; SCHEMA_DOES_NOT_EXIST; RESOURCE_ALREADY_EXISTS
   */
  public VolumeInfo create(
      Principal principal, EntityName name, Optional<String> externalLocation, String comment) {
    grants.requireUse(principal, Securable.volume(name));
    grants.require(principal, Privilege.CREATE_VOLUME, Securable.schema(name.parent()));
    Optional<String> external =
        externalLocation.map(ManagedLocations::normalized).map(ManagedLocations::requireOnePlace);
    external.ifPresent(
        location -> {
          paths.require(principal, Privilege.CREATE_EXTERNAL_VOLUME, location);
          managed.requireOutside(location);
        });
    String id = UUID.randomUUID().toString();
    long now = System.currentTimeMillis();
    VolumeInfo volume =
        new VolumeInfo(
            id,
            name,
            external.isPresent() ? "EXTERNAL" : "MANAGED",
            external.orElseGet(() -> managed.of(name.parent()).newVolume(id)),
            principal.name().toLowerCase(Locale.ROOT),
            comment,
            now,
            now);
    return grants.changing(
        Securable.volume(name),
        handle -> {
          catalogs.requireOwnSchema(handle, name.parent());
          external.ifPresent(location -> managed.requireOutside(handle, location));
          if (store.find(handle, name).isPresent()) {
            throw TarnException.alreadyExists("Volume", name.fullName());
          }
          tables
              .overlapping(handle, volume.storageLocation())
              .ifPresent(
                  other -> {
                    throw TarnException.invalid(
                        "Location '"
                            + volume.storageLocation()
                            + "' overlaps with that of '"
                            + other
                            + "'. Choose another location.");
                  });
          store.insert(handle, volume);
          grants.forget(handle, Securable.volume(name));
          return volume;
        });
  }

  /** No check: for the store, which checks itself. */
  public Optional<VolumeInfo> find(EntityName name) {
    return jdbi.withHandle(handle -> store.find(handle, name));
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may see it; VOLUME_DOES_NOT_EXIST
   */
  public VolumeInfo get(Principal principal, EntityName name) {
    Securable securable = Securable.volume(name);
    if (grants.sees(principal, securable)) {
      return existing(name);
    }
    grants.requireUse(principal, securable);
    existing(name);
    throw TarnException.permissionDenied(
        principal.name(), Privilege.READ_VOLUME.sql(), securable.toString());
  }

  private VolumeInfo existing(EntityName name) {
    return find(name)
        .orElseThrow(
            () ->
                TarnException.notFound(ErrorCode.VOLUME_DOES_NOT_EXIST, "Volume", name.fullName()));
  }

  /**
   * The volumes of a schema that the principal may see, by name.
   *
   * @throws TarnException PERMISSION_DENIED unless the principal may see the schema
   */
  public List<VolumeInfo> list(Principal principal, SchemaName schema) {
    return page(principal, schema, "", Integer.MAX_VALUE - 1, volume -> true).entries();
  }

  /**
   * Some of what {@link #list} answers.
   *
   * @param after the name that the page before ended with; empty for the first
   * @param size at most
   * @param shown asked of those that the principal may see
   */
  public Page<VolumeInfo> page(
      Principal principal, SchemaName schema, String after, int size, Predicate<VolumeInfo> shown) {
    Tables.requireVisible(grants, principal, schema);
    boolean all = grants.seesAll(principal, Securable.schema(schema), SecurableType.VOLUME);
    return jdbi.withHandle(
        handle -> {
          catalogs.requireSchema(handle, schema);
          return Page.read(
              after,
              size,
              (from, most) -> store.list(handle, schema, from, most),
              volume -> volume.name().name(),
              volume ->
                  (all || grants.sees(principal, Securable.volume(volume.name())))
                      && shown.test(volume));
        });
  }

  /** Changes comment or owner; needs ownership or {@code MANAGE}. */
  public VolumeInfo update(
      Principal principal, EntityName name, Optional<String> comment, Optional<String> owner) {
    VolumeInfo old = get(principal, name);
    grants.requireVolume(principal, Privilege.MANAGE, name);
    Optional<String> newOwner = owner.map(grants::requirePrincipal);
    grants.changing(
        Securable.volume(name),
        handle -> {
          store.update(
              handle,
              name,
              comment.orElse(old.comment()),
              newOwner.orElse(old.owner()),
              System.currentTimeMillis());
          return null;
        });
    return existing(name);
  }

  /**
   * Renames within the schema; grants go along. Needs ownership or {@code MANAGE}.
   *
   * @throws TarnException RESOURCE_ALREADY_EXISTS if the new name is taken
   */
  public VolumeInfo rename(Principal principal, EntityName name, String newName) {
    get(principal, name);
    grants.requireVolume(principal, Privilege.MANAGE, name);
    EntityName to = name.parent().child(newName);
    if (!to.equals(name)) {
      grants.changing(
          handle -> {
            if (store.find(handle, to).isPresent()) {
              throw TarnException.alreadyExists("Volume", to.fullName());
            }
            store.rename(handle, name, to, System.currentTimeMillis());
            grants.moved(handle, Securable.volume(name), Securable.volume(to));
            return null;
          });
    }
    return existing(to);
  }

  /**
   * Removes a volume and its grants; needs ownership or {@code MANAGE}. Files of a managed one stay
   * for a while, those of an external one for good.
   */
  public void delete(Principal principal, EntityName name) {
    VolumeInfo volume = get(principal, name);
    grants.requireVolume(principal, Privilege.MANAGE, name);
    grants.changing(
        Securable.volume(name),
        handle -> {
          dropped.discard(handle, volume);
          store.delete(handle, name);
          grants.forget(handle, Securable.volume(name));
          return null;
        });
  }
}
