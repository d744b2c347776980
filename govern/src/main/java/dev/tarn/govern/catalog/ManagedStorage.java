package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.MetadataDatabase;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Decides where managed tables, volumes and models lie: in their schema's storage, else in their
 * catalog's, else in the metastore's. What is there already stays where it is.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/connect/unity-catalog/cloud-storage/managed-storage">Managed
 *     storage</a>
 */
public final class ManagedStorage {
  /** Nothing else is put into folders of this name. */
  private static final String FOLDER = "/__unitystorage/";

  private final Jdbi jdbi;
  private final ManagedLocations metastore;
  private final ExternalPaths paths;
  private final TablesStore tables = new TablesStore();
  private final ManagedStorageStore store = new ManagedStorageStore();

  public ManagedStorage(
      MetadataDatabase database, ManagedLocations metastore, ExternalPaths paths) {
    this.jdbi = database.jdbi();
    this.metastore = metastore;
    this.paths = paths;
  }

  /** Where new ones of a schema are put. */
  public ManagedLocations of(SchemaName schema) {
    return jdbi.withHandle(handle -> store.location(handle, schema))
        .map(ManagedLocations::new)
        .orElse(metastore);
  }

  /**
   * Whether a location lies in managed storage.
   *
   * @param location normalized
   */
  boolean holds(String location) {
    return metastore.holds(location) || jdbi.withHandle(handle -> store.holds(handle, location));
  }

  /**
   * @param location normalized, of an external table or volume
   * @throws TarnException INVALID_PARAMETER_VALUE if it overlaps with managed storage
   */
  public void requireOutside(String location) {
    jdbi.useHandle(handle -> requireOutside(handle, location));
  }

  void requireOutside(Handle handle, String location) {
    metastore.requireOutside(location);
    store
        .overlapping(handle, location)
        .ifPresent(
            other -> {
              throw TarnException.invalid(
                  "Location '"
                      + location
                      + "' overlaps with the managed storage of "
                      + other
                      + ". Choose another one.");
            });
  }

  /**
   * A folder for a catalog that asks for it.
   *
   * @param url in an external location
   * @param id of the catalog, or another that no folder has yet
   * @throws TarnException PERMISSION_DENIED without {@code CREATE MANAGED STORAGE} there;
   *     INVALID_PARAMETER_VALUE if there is no external location, or it is read-only
   */
  StorageRoot forCatalog(Principal principal, String url, String id) {
    return root(principal, url, "catalogs/" + id);
  }

  /** As the other, for a schema. */
  StorageRoot forSchema(Principal principal, String url, String id) {
    return root(principal, url, "schemas/" + id);
  }

  private StorageRoot root(Principal principal, String url, String folder) {
    String normalized = ManagedLocations.requireOnePlace(ManagedLocations.normalized(url));
    metastore.requireOutside(normalized);
    paths.requireManaged(principal, Privilege.CREATE_MANAGED_STORAGE, normalized);
    return new StorageRoot(normalized, normalized + FOLDER + folder);
  }

  /**
   * In the transaction that enters it: that its external location is still there, and the folder
   * nobody's.
   */
  void requireFree(Handle handle, StorageRoot storage) {
    paths.requireHeld(handle, storage.url());
    tables
        .overlapping(handle, storage.location())
        .or(() -> store.overlapping(handle, storage.location()))
        .ifPresent(
            other -> {
              throw TarnException.invalid(
                  "Managed storage at '"
                      + storage.url()
                      + "' would overlap with the files of '"
                      + other
                      + "'. Choose another location.");
            });
  }
}
