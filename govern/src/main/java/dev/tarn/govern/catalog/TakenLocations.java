package dev.tarn.govern.catalog;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Where tables and volumes have their files, and catalogs and schemas those of theirs. */
public final class TakenLocations {
  private final TablesStore tables = new TablesStore();
  private final ManagedStorageStore managed = new ManagedStorageStore();

  /**
   * A table or volume whose files lie in a location, or that it lies in; else the catalog or schema
   * whose managed storage does.
   *
   * @param location normalized
   */
  public Optional<String> overlapping(Handle handle, String location) {
    return tables.overlapping(handle, location).or(() -> managed(handle, location));
  }

  /** The catalog or schema whose managed storage lies in a location, or that it lies in. */
  public Optional<String> managed(Handle handle, String location) {
    return managed.overlapping(handle, location);
  }
}
