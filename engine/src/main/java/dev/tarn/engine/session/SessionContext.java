package dev.tarn.engine.session;

import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.store.volumes.VolumePaths;
import java.util.Optional;

/**
 * What code inside Spark needs to know of the session that it runs in.
 *
 * @param schemaFolder where inferred schemas of files are kept between updates; for pipelines
 */
public record SessionContext(
    Principal principal,
    Catalogs catalogs,
    Schemas schemas,
    Tables tables,
    Volumes volumes,
    Grants grants,
    ManagedLocations locations,
    VolumePaths volumePaths,
    SnapshotTables snapshots,
    Optional<String> schemaFolder) {

  /** Whether this session is an update of a pipeline. */
  public boolean pipeline() {
    return schemaFolder.isPresent();
  }
}
