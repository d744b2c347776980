package dev.tarn.engine.session;

import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.system.SystemTable;
import dev.tarn.govern.Facades;
import dev.tarn.govern.abac.AccessPolicies;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.Functions;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.constraints.Constraints;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.govern.tags.Tags;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.store.samples.Samples;
import dev.tarn.store.volumes.VolumePaths;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What code inside Spark needs to know of the session that it runs in.
 *
 * @param holders whose rights the name of an owner stands for; empty if it is nobody's any more
 * @param schemaFolder where inferred schemas of files are kept between updates; for pipelines
 * @param systemTables what the platform itself writes
 * @param lineage takes note of what statements read and write
 */
public record SessionContext(
    Principal principal,
    Catalogs catalogs,
    Schemas schemas,
    Tables tables,
    Volumes volumes,
    Functions functions,
    Tags tags,
    Constraints constraints,
    AccessPolicies policies,
    Grants grants,
    ManagedLocations locations,
    VolumePaths volumePaths,
    Samples samples,
    SnapshotTables snapshots,
    Facades facades,
    Function<String, Optional<Principal>> holders,
    Optional<String> schemaFolder,
    List<SystemTable> systemTables,
    LineageLog lineage) {

  /**
   * A table or view with the row filter and the column masks that hold for the session's principal:
   * its own, and those of policies. They hold also within a view.
   *
   * @param read the columns of the version of it that is read; none for it as it stands
   * @throws TarnException PERMISSION_DENIED if policies contradict each other
   */
  public Optional<TableInfo> seen(EntityName name, List<String> read) {
    return tables.find(name).map(table -> policies.seenBy(principal, table, read));
  }

  /** As {@link #seen}, with what hides columns of any of its versions too. */
  public Optional<TableInfo> seenInAnyVersion(EntityName name) {
    return tables.find(name).map(table -> policies.seenInAnyVersion(principal, table));
  }

  /** Whether the session's principal may do away with whatever hides something of the table. */
  public boolean managesPolicies(EntityName name) {
    return tables
        .find(name)
        .filter(table -> policies.reach().manages(principal, table))
        .isPresent();
  }

  /** Whose rights decide what may be read now: the owner's within a view, else the session's. */
  public Principal reader() {
    return Definer.current().orElse(principal);
  }

  /**
   * The owner of a view, as it stands now.
   *
   * @throws TarnException PERMISSION_DENIED if there is no such principal any more
   */
  public Principal holder(EntityName view, String owner) {
    return holders
        .apply(owner)
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.PERMISSION_DENIED,
                    "42501",
                    "PERMISSION_DENIED: '"
                        + view
                        + "' reads with the rights of its owner '"
                        + owner
                        + "', who does not exist or is not active. Give it another owner: ALTER VIEW"
                        + " … OWNER TO …",
                    null));
  }

  /**
   * The function, for whoever may call it now; empty if there is none that the caller could know
   * of.
   *
   * @throws TarnException PERMISSION_DENIED without {@code EXECUTE}
   */
  public Optional<FunctionInfo> callable(EntityName name) {
    Optional<FunctionInfo> function = functions.find(name);
    Securable schema = Securable.schema(name.parent());
    if (function.isEmpty()
        || !grants.allows(reader(), Privilege.USE_CATALOG, Securable.catalog(name.catalog()))
        || !grants.allows(reader(), Privilege.USE_SCHEMA, schema)) {
      return Optional.empty();
    }
    grants.requireExecute(reader(), name);
    return function;
  }

  /** Whether this session is an update of a pipeline. */
  public boolean pipeline() {
    return schemaFolder.isPresent();
  }
}
