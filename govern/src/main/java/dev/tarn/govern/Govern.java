package dev.tarn.govern;

import dev.tarn.govern.catalog.CatalogOwners;
import dev.tarn.govern.catalog.CatalogRoutes;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.Functions;
import dev.tarn.govern.catalog.FunctionsRoutes;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.catalog.TakenLocations;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.GrantsRoutes;
import dev.tarn.govern.locations.ExternalLocations;
import dev.tarn.govern.locations.ExternalLocationsRoutes;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.function.Predicate;

/** Wires the room: Unity Catalog. */
public final class Govern {
  /** Class-path folders of this room's migrations. */
  public static final List<String> MIGRATIONS =
      List.of("dev/tarn/govern/grants", "dev/tarn/govern/catalog", "dev/tarn/govern/locations");

  private final Grants grants;
  private final ManagedLocations locations;
  private final ExternalLocations externalLocations;
  private final Catalogs catalogs;
  private final Schemas schemas;
  private final Tables tables;
  private final Volumes volumes;
  private final Functions functions;

  /**
   * @param knownPrincipal whether a user or group of this name exists
   * @param storageRoot where managed tables and volumes lie: a URI or an absolute path
   */
  public Govern(MetadataDatabase database, Predicate<String> knownPrincipal, String storageRoot) {
    this.locations = new ManagedLocations(storageRoot);
    this.grants = new Grants(database, new CatalogOwners(), knownPrincipal);
    this.externalLocations =
        new ExternalLocations(database, grants, locations, new TakenLocations());
    this.catalogs = new Catalogs(database, grants);
    this.schemas = new Schemas(database, grants);
    this.tables = new Tables(database, grants, locations, externalLocations);
    this.volumes = new Volumes(database, grants, locations, externalLocations);
    this.functions = new Functions(database, grants);
  }

  /** Makes catalog {@code main} with schema {@code default} unless there is a catalog already. */
  public void bootstrap(Principal administrator) {
    if (catalogs.list(administrator).isEmpty()) {
      catalogs.create(administrator, "main", "The first catalog");
    }
  }

  public List<Capability> capabilities() {
    return List.of(
        new GrantsRoutes(grants),
        new CatalogRoutes(catalogs, schemas, tables, volumes),
        new FunctionsRoutes(functions),
        new ExternalLocationsRoutes(externalLocations));
  }

  public Grants grants() {
    return grants;
  }

  public ManagedLocations locations() {
    return locations;
  }

  public ExternalLocations externalLocations() {
    return externalLocations;
  }

  public Catalogs catalogs() {
    return catalogs;
  }

  public Schemas schemas() {
    return schemas;
  }

  public Tables tables() {
    return tables;
  }

  public Functions functions() {
    return functions;
  }

  public Volumes volumes() {
    return volumes;
  }
}
