package dev.tarn.govern.catalog;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Where tables and volumes have their files. */
public final class TakenLocations {
  private final TablesStore store = new TablesStore();

  /**
   * A table or volume whose files lie in a location, or that it lies in.
   *
   * @param location normalized
   */
  public Optional<String> overlapping(Handle handle, String location) {
    return store.overlapping(handle, location);
  }
}
