package dev.tarn.govern.metastore;

import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.platform.identity.directory.Directory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The metastore over HTTP. There is one, and one workspace, which is assigned to it for good: what
 * would change that is refused.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/metastores">Databricks REST:
 *     metastores</a>
 */
public final class MetastoreRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";
  private static final String DEFAULT_CATALOG = "main";

  private final Metastore metastore;
  private final LongSupplier workspaceId;

  public MetastoreRoutes(Metastore metastore, LongSupplier workspaceId) {
    this.metastore = metastore;
    this.workspaceId = workspaceId;
  }

  record Info(
      String metastoreId,
      String globalMetastoreId,
      String name,
      String owner,
      String privilegeModelVersion,
      boolean externalAccessEnabled,
      String deltaSharingScope,
      long createdAt,
      String updatedBy,
      long updatedAt) {}

  record Assignment(long workspaceId, String metastoreId, String defaultCatalogName) {}

  record NewAssignment(String metastoreId, String defaultCatalogName) {}

  record Update(
      String newName,
      String owner,
      Boolean externalAccessEnabled,
      String deltaSharingScope,
      String privilegeModelVersion,
      String storageRootCredentialId) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE + "/metastore_summary", Access.AUTHENTICATED, r -> Response.json(info())),
        Route.get(BASE + "/current-metastore-assignment", Access.AUTHENTICATED, this::current),
        Route.get(BASE + "/metastores", Access.AUTHENTICATED, this::list),
        Route.post(BASE + "/metastores", Access.ADMINISTRATOR, this::create),
        Route.get(BASE + "/metastores/{id}", Access.AUTHENTICATED, this::get),
        Route.patch(BASE + "/metastores/{id}", Access.AUTHENTICATED, this::update),
        Route.delete(BASE + "/metastores/{id}", Access.ADMINISTRATOR, this::delete),
        Route.put(BASE + "/workspaces/{id}/metastore", Access.ADMINISTRATOR, this::assign),
        Route.patch(BASE + "/workspaces/{id}/metastore", Access.ADMINISTRATOR, this::assign),
        Route.delete(BASE + "/workspaces/{id}/metastore", Access.ADMINISTRATOR, this::unassign));
  }

  private Info info() {
    MetastoreInfo info = metastore.get();
    return new Info(
        info.metastoreId(),
        "tarn:" + info.metastoreId(),
        info.name(),
        Directory.ADMINISTRATORS,
        "1.0",
        info.externalAccess(),
        "INTERNAL",
        info.createdAt(),
        info.updatedBy(),
        info.updatedAt());
  }

  private Response current(Request request) {
    return Response.json(new Assignment(workspaceId.getAsLong(), metastore.id(), DEFAULT_CATALOG));
  }

  private Response list(Request request) {
    return Listing.page(request, "metastores", List.of(info()), Info::name, info -> info);
  }

  private Response get(Request request) {
    metastore.requireId(request.path("id"));
    return Response.json(info());
  }

  private static TarnException fixed(String what) {
    return new TarnException(
        ErrorCode.INVALID_STATE,
        what
            + ": a deployment has one metastore, for all its life. Start another Tarn for another.");
  }

  private Response create(Request request) {
    throw fixed("A metastore cannot be made");
  }

  private Response delete(Request request) {
    metastore.requireId(request.path("id"));
    throw fixed("The metastore cannot be deleted");
  }

  private Response update(Request request) {
    metastore.requireId(request.path("id"));
    Update body = request.json(Update.class);
    if (body.owner() != null && !body.owner().equals(Directory.ADMINISTRATORS)) {
      throw TarnException.invalid(
          "The metastore belongs to group '"
              + Directory.ADMINISTRATORS
              + "'. Add '"
              + body.owner()
              + "' to it instead of giving the metastore away.");
    }
    if (body.storageRootCredentialId() != null
        || (body.deltaSharingScope() != null && !body.deltaSharingScope().equals("INTERNAL"))
        || (body.privilegeModelVersion() != null && !body.privilegeModelVersion().equals("1.0"))) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Only 'new_name' and 'external_access_enabled' of a metastore can be changed.");
    }
    metastore.update(
        request.principal(),
        Optional.ofNullable(body.newName()),
        Optional.ofNullable(body.externalAccessEnabled()));
    return Response.json(info());
  }

  private void requireWorkspace(Request request) {
    if (!request.path("id").equals(Long.toString(workspaceId.getAsLong()))) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "Workspace '"
              + request.path("id")
              + "' does not exist. There is one: "
              + workspaceId.getAsLong()
              + ".");
    }
  }

  /** To what it is assigned to already. */
  private Response assign(Request request) {
    requireWorkspace(request);
    NewAssignment body = request.json(NewAssignment.class);
    if (body.metastoreId() != null) {
      metastore.requireId(body.metastoreId());
    }
    if (body.defaultCatalogName() != null && !body.defaultCatalogName().equals(DEFAULT_CATALOG)) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Sessions begin in catalog '"
              + DEFAULT_CATALOG
              + "'. Say USE CATALOG, or name the catalog when connecting.");
    }
    return Response.json(Map.of());
  }

  private Response unassign(Request request) {
    requireWorkspace(request);
    throw fixed("The workspace cannot be taken from its metastore");
  }
}
