package dev.tarn.govern;

import dev.tarn.govern.abac.AccessPolicies;
import dev.tarn.govern.abac.PoliciesRoutes;
import dev.tarn.govern.abac.PoliciesStore;
import dev.tarn.govern.catalog.CatalogOwners;
import dev.tarn.govern.catalog.CatalogRoutes;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.Functions;
import dev.tarn.govern.catalog.FunctionsRoutes;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.ServerCatalogs;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.catalog.TablesRoutes;
import dev.tarn.govern.catalog.TakenLocations;
import dev.tarn.govern.catalog.Visibility;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.catalog.VolumesRoutes;
import dev.tarn.govern.constraints.Constraints;
import dev.tarn.govern.constraints.ConstraintsRoutes;
import dev.tarn.govern.constraints.ConstraintsStore;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.GrantsRoutes;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.locations.ExternalLocations;
import dev.tarn.govern.locations.ExternalLocationsRoutes;
import dev.tarn.govern.metastore.Metastore;
import dev.tarn.govern.metastore.MetastoreRoutes;
import dev.tarn.govern.tags.TagPolicies;
import dev.tarn.govern.tags.Tags;
import dev.tarn.govern.tags.TagsRoutes;
import dev.tarn.govern.tags.TagsStore;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Wires the room: Unity Catalog. */
public final class Govern {
  /** Class-path folders of this room's migrations. */
  public static final List<String> MIGRATIONS =
      List.of(
          "dev/tarn/govern/grants",
          "dev/tarn/govern/catalog",
          "dev/tarn/govern/locations",
          "dev/tarn/govern/metastore",
          "dev/tarn/govern/tags",
          "dev/tarn/govern/constraints",
          "dev/tarn/govern/abac");

  private final Grants grants;
  private final ManagedLocations locations;
  private final ExternalLocations externalLocations;
  private final Catalogs catalogs;
  private final ServerCatalogs serverCatalogs;
  private final Schemas schemas;
  private final Tables tables;
  private final Volumes volumes;
  private final Functions functions;
  private final TagPolicies tagPolicies;
  private final Tags tags;
  private final Constraints constraints;
  private final AccessPolicies policies;
  private final Metastore metastore;
  private final Deployment deployment;

  /**
   * What the room is told of where it runs.
   *
   * @param workspaceId the number of the one workspace
   */
  public record Deployment(LongSupplier workspaceId) {
    /** Of a room without a server around it. */
    public static Deployment alone() {
      return new Deployment(() -> 1);
    }
  }

  /** A room without a server around it. */
  public Govern(MetadataDatabase database, Predicate<String> knownPrincipal, String storageRoot) {
    this(database, knownPrincipal, storageRoot, Deployment.alone());
  }

  /**
   * @param knownPrincipal whether a user or group of this name exists
   * @param storageRoot where managed tables and volumes lie: a URI or an absolute path
   */
  public Govern(
      MetadataDatabase database,
      Predicate<String> knownPrincipal,
      String storageRoot,
      Deployment deployment) {
    this.deployment = deployment;
    this.metastore = new Metastore(database);
    this.locations = new ManagedLocations(storageRoot);
    TagsStore tagsStore = new TagsStore();
    ConstraintsStore constraintsStore = new ConstraintsStore();
    PoliciesStore policiesStore = new PoliciesStore();
    this.grants =
        new Grants(
            database,
            new CatalogOwners(),
            knownPrincipal,
            List.of(tagsStore, constraintsStore, policiesStore));
    this.externalLocations =
        new ExternalLocations(database, grants, locations, new TakenLocations());
    this.catalogs = new Catalogs(database, grants);
    this.serverCatalogs = new ServerCatalogs(database, grants);
    this.schemas = new Schemas(database, grants);
    this.functions = new Functions(database, grants);
    this.tables = new Tables(database, grants, locations, externalLocations, functions);
    this.volumes = new Volumes(database, grants, locations, externalLocations);
    this.tagPolicies = new TagPolicies(database, grants, policiesStore::goesBy);
    this.tags = new Tags(database, grants, tables, tagPolicies, tagsStore);
    this.constraints = new Constraints(database, grants, tables, constraintsStore);
    this.policies =
        new AccessPolicies(database, grants, functions, tags, tagPolicies, policiesStore);
  }

  /**
   * Enters catalog {@code system}, and makes catalog {@code main} with schema {@code default}
   * unless users have a catalog already.
   */
  public void bootstrap(Principal administrator) {
    serverCatalogs.enter(
        new ServerCatalogs.Contents(
            Grants.SYSTEM_CATALOG,
            "System catalog (auto-created)",
            Map.of(),
            List.of(),
            Set.of(Privilege.USE_CATALOG)));
    boolean none =
        catalogs.list(administrator).stream()
            .allMatch(catalog -> catalog.owner().equals(Grants.SYSTEM_USER));
    if (none) {
      catalogs.create(administrator, "main", "The first catalog");
    }
  }

  public List<Capability> capabilities() {
    Visibility visibility = new Visibility(grants, metastore::id);
    ConstraintsRoutes constraintsRoutes = new ConstraintsRoutes(constraints);
    return List.of(
        new GrantsRoutes(grants),
        new MetastoreRoutes(metastore, deployment.workspaceId()),
        new CatalogRoutes(catalogs, schemas, visibility),
        new TablesRoutes(schemas, tables, visibility, constraintsRoutes::shown),
        new VolumesRoutes(volumes, visibility),
        new FunctionsRoutes(functions, visibility),
        new ExternalLocationsRoutes(externalLocations),
        constraintsRoutes,
        new PoliciesRoutes(policies),
        new TagsRoutes(tags, tagPolicies));
  }

  public Metastore metastore() {
    return metastore;
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

  public ServerCatalogs serverCatalogs() {
    return serverCatalogs;
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

  public Tags tags() {
    return tags;
  }

  public Constraints constraints() {
    return constraints;
  }

  public AccessPolicies policies() {
    return policies;
  }

  public TagPolicies tagPolicies() {
    return tagPolicies;
  }

  public Volumes volumes() {
    return volumes;
  }
}
