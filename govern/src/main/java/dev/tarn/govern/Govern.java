package dev.tarn.govern;

import dev.tarn.govern.abac.AccessPolicies;
import dev.tarn.govern.abac.PoliciesRoutes;
import dev.tarn.govern.abac.PoliciesStore;
import dev.tarn.govern.absent.AbsentServices;
import dev.tarn.govern.allowlists.AllowlistsRoutes;
import dev.tarn.govern.allowlists.ArtifactAllowlists;
import dev.tarn.govern.bindings.Bindings;
import dev.tarn.govern.bindings.BindingsRoutes;
import dev.tarn.govern.bindings.BindingsStore;
import dev.tarn.govern.catalog.CatalogConfig;
import dev.tarn.govern.catalog.CatalogIds;
import dev.tarn.govern.catalog.CatalogOwners;
import dev.tarn.govern.catalog.CatalogRoutes;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.DroppedTables;
import dev.tarn.govern.catalog.ForeignCatalogs;
import dev.tarn.govern.catalog.ForeignMetadata;
import dev.tarn.govern.catalog.ForeignMirror;
import dev.tarn.govern.catalog.Functions;
import dev.tarn.govern.catalog.FunctionsRoutes;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.ManagedStorage;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.ServerCatalogs;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.catalog.TablesRoutes;
import dev.tarn.govern.catalog.TakenLocations;
import dev.tarn.govern.catalog.Visibility;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.catalog.VolumesRoutes;
import dev.tarn.govern.clones.Clones;
import dev.tarn.govern.commits.CommitFile;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.CommitsRoutes;
import dev.tarn.govern.commits.DeltaTablesRoutes;
import dev.tarn.govern.commits.StagedLog;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.connections.ConnectionsRoutes;
import dev.tarn.govern.constraints.Constraints;
import dev.tarn.govern.constraints.ConstraintsRoutes;
import dev.tarn.govern.constraints.ConstraintsStore;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.govern.credentials.CredentialsRoutes;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.GrantsRoutes;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.lineage.Lineage;
import dev.tarn.govern.lineage.LineageRoutes;
import dev.tarn.govern.lineage.LineageStore;
import dev.tarn.govern.locations.ExternalLocations;
import dev.tarn.govern.locations.ExternalLocationsRoutes;
import dev.tarn.govern.locations.StorageSettings;
import dev.tarn.govern.metastore.Metastore;
import dev.tarn.govern.metastore.MetastoreRoutes;
import dev.tarn.govern.metastore.SystemSchemasRoutes;
import dev.tarn.govern.models.Models;
import dev.tarn.govern.models.ModelsRoutes;
import dev.tarn.govern.quotas.Quotas;
import dev.tarn.govern.quotas.QuotasRoutes;
import dev.tarn.govern.search.Search;
import dev.tarn.govern.search.SearchRoutes;
import dev.tarn.govern.tags.TagPolicies;
import dev.tarn.govern.tags.Tags;
import dev.tarn.govern.tags.TagsRoutes;
import dev.tarn.govern.tags.TagsStore;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.encryption.EncryptionKey;
import java.time.Clock;
import java.time.Duration;
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
          "dev/tarn/govern/credentials",
          "dev/tarn/govern/connections",
          "dev/tarn/govern/models",
          "dev/tarn/govern/bindings",
          "dev/tarn/govern/metastore",
          "dev/tarn/govern/tags",
          "dev/tarn/govern/constraints",
          "dev/tarn/govern/abac",
          "dev/tarn/govern/commits",
          "dev/tarn/govern/allowlists",
          "dev/tarn/govern/clones",
          "dev/tarn/govern/lineage");

  private final Grants grants;
  private final ManagedLocations locations;
  private final ManagedStorage storage;
  private final Credentials credentials;
  private final ExternalLocations externalLocations;
  private final StorageSettings storageSettings;
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
  private final DroppedTables dropped;
  private final Connections connections;
  private final Models models;
  private final Bindings bindings;
  private final Quotas quotas;
  private final CatalogIds ids;
  private final Lineage lineage;
  private final Metastore metastore;
  private final Commits commits;
  private final Clones clones;
  private final Search search;
  private final ArtifactAllowlists allowlists;
  private final ForeignCatalogs foreignCatalogs;
  private final ForeignMirror foreignMirror;
  private final Deployment deployment;

  /**
   * What the room is told of where it runs.
   *
   * @param workspaceId the number of the one workspace
   * @param keepDropped how long dropped tables can come back
   * @param key that secrets are encrypted with
   * @param foreign asks other systems what tables they have
   */
  public record Deployment(
      LongSupplier workspaceId, Duration keepDropped, EncryptionKey key, ForeignMetadata foreign) {
    /** Of a room that reads no other systems. */
    public Deployment(LongSupplier workspaceId, Duration keepDropped, EncryptionKey key) {
      this(workspaceId, keepDropped, key, ForeignMetadata.NONE);
    }

    /** The same, with other systems. */
    public Deployment with(ForeignMetadata other) {
      return new Deployment(workspaceId, keepDropped, key, other);
    }

    /** Of a room without a server around it. */
    public static Deployment alone() {
      return new Deployment(
          () -> 1, CatalogConfig.defaults().keepDropped(), EncryptionKey.ephemeral());
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
    this.ids = new CatalogIds(database);
    this.locations = new ManagedLocations(storageRoot);
    TagsStore tagsStore = new TagsStore();
    ConstraintsStore constraintsStore = new ConstraintsStore();
    PoliciesStore policiesStore = new PoliciesStore();
    LineageStore lineageStore = new LineageStore();
    BindingsStore bindingsStore = new BindingsStore(deployment.workspaceId());
    this.grants =
        new Grants(
            database,
            new CatalogOwners(bindingsStore::reach, this::foreignMirror),
            knownPrincipal,
            List.of(tagsStore, constraintsStore, policiesStore, lineageStore, bindingsStore));
    this.credentials = new Credentials(database, grants, deployment.key());
    this.externalLocations =
        new ExternalLocations(database, grants, locations, new TakenLocations(), credentials);
    this.storageSettings = new StorageSettings(database, grants, credentials);
    this.dropped = new DroppedTables(database, grants, deployment.keepDropped(), Clock.systemUTC());
    this.storage = new ManagedStorage(database, locations, externalLocations);
    this.catalogs = new Catalogs(database, grants, dropped, storage);
    this.serverCatalogs = new ServerCatalogs(database, grants);
    this.connections = new Connections(database, grants, deployment.key());
    this.foreignMirror = new ForeignMirror(database, grants, connections, deployment.foreign());
    this.schemas = new Schemas(database, grants, dropped, foreignMirror, storage);
    this.functions = new Functions(database, grants);
    this.foreignCatalogs = new ForeignCatalogs(grants, catalogs, connections);
    this.models = new Models(database, grants, schemas, storage, dropped);
    this.bindings = new Bindings(database, grants, bindingsStore);
    this.quotas = new Quotas(database, grants, catalogs, schemas);
    this.tables =
        new Tables(database, grants, storage, externalLocations, functions, dropped, foreignMirror);
    this.volumes = new Volumes(database, grants, storage, externalLocations, dropped);
    this.lineage = new Lineage(database, tables, grants, lineageStore);
    this.tagPolicies = new TagPolicies(database, grants, policiesStore::goesBy);
    this.tags = new Tags(database, grants, tables, tagPolicies, tagsStore);
    this.search = new Search(database, grants);
    this.constraints = new Constraints(database, grants, tables, constraintsStore);
    this.policies =
        new AccessPolicies(database, grants, functions, tags, tagPolicies, policiesStore);
    this.allowlists = new ArtifactAllowlists(database, grants);
    this.commits =
        new Commits(
            database, grants, metastore, tables, storage, policies, dropped, Clock.systemUTC());
    this.clones = new Clones(database, grants);
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

  /**
   * @param log reads what writers outside have staged
   * @param file reads a commit that they have staged
   */
  public List<Capability> capabilities(StagedLog log, CommitFile file) {
    Visibility visibility = new Visibility(grants, metastore::id);
    ConstraintsRoutes constraintsRoutes = new ConstraintsRoutes(constraints);
    return List.of(
        new GrantsRoutes(grants),
        new MetastoreRoutes(metastore, deployment.workspaceId()),
        new CatalogRoutes(catalogs, foreignCatalogs, schemas, visibility, bindings),
        new TablesRoutes(
            schemas,
            tables,
            visibility,
            constraintsRoutes::shown,
            (principal, table) -> commits.create(principal, table, log)),
        new VolumesRoutes(volumes, visibility),
        new FunctionsRoutes(functions, visibility),
        new ModelsRoutes(models, grants, metastore::id),
        new ConnectionsRoutes(connections, metastore::id),
        new BindingsRoutes(bindings),
        new SystemSchemasRoutes(metastore, schemas),
        new QuotasRoutes(quotas, metastore::id),
        new CredentialsRoutes(credentials, bindings, metastore::id),
        new ExternalLocationsRoutes(externalLocations, bindings, metastore::id),
        constraintsRoutes,
        new PoliciesRoutes(policies),
        new LineageRoutes(lineage, deployment.workspaceId()),
        new TagsRoutes(tags, tagPolicies),
        new CommitsRoutes(commits, file),
        new DeltaTablesRoutes(commits, tables, log, file),
        new SearchRoutes(search),
        new AllowlistsRoutes(allowlists, metastore::id),
        new AbsentServices());
  }

  /** What statements reach beside the namespace. */
  public Facades facades() {
    return new Facades(
        dropped,
        externalLocations,
        credentials,
        connections,
        foreignCatalogs,
        metastore,
        commits,
        clones,
        storage);
  }

  public Credentials credentials() {
    return credentials;
  }

  /** How the external locations are reached that have a credential. */
  public StorageSettings storageSettings() {
    return storageSettings;
  }

  public CatalogIds ids() {
    return ids;
  }

  /** Answers with a function that is there. */
  public Response function(Request request, EntityName name) {
    return new FunctionsRoutes(functions, new Visibility(grants, metastore::id))
        .shown(request, name);
  }

  public Connections connections() {
    return connections;
  }

  private ForeignMirror foreignMirror() {
    return foreignMirror;
  }

  public ForeignCatalogs foreignCatalogs() {
    return foreignCatalogs;
  }

  public ArtifactAllowlists allowlists() {
    return allowlists;
  }

  public Models models() {
    return models;
  }

  public Bindings bindings() {
    return bindings;
  }

  public Quotas quotas() {
    return quotas;
  }

  public DroppedTables droppedTables() {
    return dropped;
  }

  public Search search() {
    return search;
  }

  public Lineage lineage() {
    return lineage;
  }

  public Metastore metastore() {
    return metastore;
  }

  public Grants grants() {
    return grants;
  }

  /** Where managed tables lie unless their schema or catalog has a place of its own. */
  public ManagedLocations locations() {
    return locations;
  }

  public ManagedStorage storage() {
    return storage;
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

  public Commits commits() {
    return commits;
  }

  public TagPolicies tagPolicies() {
    return tagPolicies;
  }

  public Volumes volumes() {
    return volumes;
  }
}
