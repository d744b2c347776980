package dev.tarn.store.delta;

import dev.tarn.govern.clones.ClonedFiles;
import dev.tarn.govern.commits.ManagedLog;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the catalog knows of the table at a location, which its log may not say of itself.
 *
 * @param managed its log, if the catalog manages it
 * @param cloned the files of others that it may name
 * @param storage the storage that it was made in: below that, no symbolic link is followed
 */
public record TablePlaces(
    Function<String, Optional<ManagedLog>> managed,
    Function<String, ClonedFiles> cloned,
    Function<String, Optional<String>> storage) {
  /** Of tables that no catalog knows: they manage themselves, and name files of their own. */
  public static TablePlaces unknown() {
    return of(location -> Optional.empty());
  }

  static TablePlaces of(Function<String, Optional<ManagedLog>> managed) {
    return new TablePlaces(managed, location -> ClonedFiles.NONE, location -> Optional.empty());
  }
}
