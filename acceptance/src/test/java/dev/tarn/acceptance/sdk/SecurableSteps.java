package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;
import static dev.tarn.acceptance.sdk.SecurableKind.names;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.service.catalog.ArtifactAllowlistInfo;
import com.databricks.sdk.service.catalog.ArtifactMatcher;
import com.databricks.sdk.service.catalog.ArtifactType;
import com.databricks.sdk.service.catalog.CatalogInfo;
import com.databricks.sdk.service.catalog.CatalogIsolationMode;
import com.databricks.sdk.service.catalog.CreateCatalog;
import com.databricks.sdk.service.catalog.CreateSchema;
import com.databricks.sdk.service.catalog.DeleteCatalogRequest;
import com.databricks.sdk.service.catalog.ListCatalogsRequest;
import com.databricks.sdk.service.catalog.ListQuotasRequest;
import com.databricks.sdk.service.catalog.MatchType;
import com.databricks.sdk.service.catalog.PermissionsChange;
import com.databricks.sdk.service.catalog.Privilege;
import com.databricks.sdk.service.catalog.SetArtifactAllowlist;
import com.databricks.sdk.service.catalog.SystemSchemaInfo;
import com.databricks.sdk.service.catalog.UpdateCatalog;
import com.databricks.sdk.service.catalog.UpdatePermissions;
import com.databricks.sdk.service.catalog.UpdateWorkspaceBindings;
import com.databricks.sdk.service.catalog.UpdateWorkspaceBindingsParameters;
import com.databricks.sdk.service.catalog.ValidateStorageCredential;
import com.databricks.sdk.service.catalog.WorkspaceBinding;
import com.databricks.sdk.service.catalog.WorkspaceBindingBindingType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The life of each kind of securable, through the SDK's services. */
final class SecurableSteps {
  private final WorkspaceClient client;

  SecurableSteps(WorkspaceClient client) {
    this.client = client;
  }

  /** In an order in which they can be made. */
  private List<SecurableKind> kinds() {
    return Stream.concat(
            new StorageKinds(client).kinds().stream(), new NamespaceKinds(client).kinds().stream())
        .toList();
  }

  private void change(SecurableKind kind, String principal, boolean add) {
    PermissionsChange change = new PermissionsChange().setPrincipal(principal);
    List<Privilege> privileges = List.of(kind.privilege());
    client
        .grants()
        .update(
            new UpdatePermissions()
                .setSecurableType(kind.type())
                .setFullName(kind.name())
                .setChanges(
                    List.of(add ? change.setAdd(privileges) : change.setRemove(privileges))));
  }

  /** Each is made, read, listed, changed, granted to a principal and taken back. */
  void life(String principal) {
    for (SecurableKind kind : kinds()) {
      kind.create().run();
      boolean listed = kind.list().get().contains(kind.name());
      kind.update().run();
      change(kind, principal, true);
      change(kind, principal, false);
      print(kind.name(), kind.get().get() + " " + listed + " " + failure(kind.create()));
    }
    print("contents", failure(() -> client.schemas().list("sdk_foreign").iterator().hasNext()));
  }

  /** The SDK's class for what a call fails with. */
  private static String failure(Runnable call) {
    try {
      call.run();
      return "none";
    } catch (DatabricksError e) {
      return e.getClass().getSimpleName() + '/' + e.getErrorCode();
    }
  }

  /** What somebody meets who was granted nothing: prints what was not refused, if anything. */
  void refused() {
    for (SecurableKind kind : kinds()) {
      boolean listed = false;
      try {
        listed = kind.list().get().contains(kind.name());
      } catch (DatabricksError e) {
        listed = false;
      }
      print(
          kind.name(),
          refuses(kind.create())
              + " "
              + refuses(() -> kind.get().get())
              + " "
              + refuses(kind.update())
              + " "
              + refuses(() -> change(kind, "account users", true))
              + " "
              + refuses(kind.delete())
              + " "
              + listed);
    }
  }

  private static boolean refuses(Runnable call) {
    try {
      call.run();
      return false;
    } catch (DatabricksError e) {
      return e instanceof PermissionDenied || e instanceof NotFound;
    }
  }

  /** Each goes, and is gone. */
  void end() {
    List<SecurableKind> kinds = new ArrayList<>(kinds());
    Collections.reverse(kinds);
    for (SecurableKind kind : kinds) {
      kind.delete().run();
      print(
          kind.name(),
          refuses(() -> kind.get().get()) + " " + kind.list().get().contains(kind.name()));
    }
  }

  /** Bindings of an isolated catalog, what the metastore says of itself, and a trial. */
  void others() {
    String name = "sdk_isolated";
    client.catalogs().create(new CreateCatalog().setName(name));
    client
        .catalogs()
        .update(new UpdateCatalog().setName(name).setIsolationMode(CatalogIsolationMode.ISOLATED));
    List<WorkspaceBinding> bound = all(client.workspaceBindings().getBindings("catalog", name));
    long here = bound.get(0).getWorkspaceId();
    print("bound", bound.size() + " " + bound.get(0).getBindingType());
    client
        .workspaceBindings()
        .update(
            new UpdateWorkspaceBindings()
                .setName(name)
                .setAssignWorkspaces(List.of(here + 1))
                .setUnassignWorkspaces(List.of(here)));
    print("unreachable", refuses(() -> client.catalogs().get(name)));
    print(
        "listed",
        names(client.catalogs().list(new ListCatalogsRequest()), CatalogInfo::getName)
                .contains(name)
            + " "
            + names(
                    client.catalogs().list(new ListCatalogsRequest().setIncludeUnbound(true)),
                    CatalogInfo::getName)
                .contains(name));
    print("others", client.workspaceBindings().get(name).getWorkspaces().equals(List.of(here + 1)));
    client
        .workspaceBindings()
        .updateBindings(
            new UpdateWorkspaceBindingsParameters()
                .setSecurableType("catalog")
                .setSecurableName(name)
                .setAdd(
                    List.of(
                        new WorkspaceBinding()
                            .setWorkspaceId(here)
                            .setBindingType(WorkspaceBindingBindingType.BINDING_TYPE_READ_ONLY))));
    print(
        "read-only",
        client.catalogs().get(name).getName()
            + " "
            + refuses(
                () ->
                    client.schemas().create(new CreateSchema().setCatalogName(name).setName("s"))));
    client
        .workspaceBindings()
        .update(new UpdateWorkspaceBindings().setName(name).setAssignWorkspaces(List.of(here)));
    client.catalogs().delete(new DeleteCatalogRequest().setName(name).setForce(true));

    String metastore = client.metastores().summary().getMetastoreId();
    print(
        "system",
        names(client.systemSchemas().list(metastore), SystemSchemaInfo::getSchema)
            .contains("information_schema"));
    print(
        "quota",
        client
                .resourceQuotas()
                .getQuota("metastore", metastore, "catalog-quota")
                .getQuotaInfo()
                .getQuotaCount()
            > 1);
    print(
        "quotas",
        all(client.resourceQuotas().listQuotas(new ListQuotasRequest().setMaxResults(5L))).size()
            > 10);
    client
        .artifactAllowlists()
        .update(
            new SetArtifactAllowlist()
                .setArtifactType(ArtifactType.LIBRARY_JAR)
                .setArtifactMatchers(
                    List.of(
                        new ArtifactMatcher()
                            .setArtifact("/Volumes/main/default/jars/")
                            .setMatchType(MatchType.PREFIX_MATCH))));
    ArtifactAllowlistInfo allowed = client.artifactAllowlists().get(ArtifactType.LIBRARY_JAR);
    print(
        "allowed",
        allowed.getArtifactMatchers().iterator().next().getArtifact()
            + " "
            + allowed.getCreatedBy()
            + " "
            + allowed.getMetastoreId().equals(metastore));
    try {
      client
          .storageCredentials()
          .validate(
              new ValidateStorageCredential()
                  .setStorageCredentialName("sdk_nobody")
                  .setUrl("abfss://sdk@sdklake.dfs.core.windows.net/"));
    } catch (DatabricksError e) {
      print("trial", e.getErrorCode());
    }
  }
}
