package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Volumes over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/volumes">Databricks REST: volumes</a>
 */
public final class VolumesRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/volumes";

  private final Volumes volumes;
  private final Visibility visibility;

  public VolumesRoutes(Volumes volumes, Visibility visibility) {
    this.volumes = volumes;
    this.visibility = visibility;
  }

  record NewVolume(
      String name,
      String catalogName,
      String schemaName,
      String volumeType,
      String storageLocation,
      String comment) {}

  record Update(String comment, String owner, String newName) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE, Access.AUTHENTICATED, this::list),
        Route.post(BASE, Access.AUTHENTICATED, this::create),
        Route.get(BASE + "/{full_name}", Access.AUTHENTICATED, this::get),
        Route.patch(BASE + "/{full_name}", Access.AUTHENTICATED, this::update),
        Route.delete(BASE + "/{full_name}", Access.AUTHENTICATED, this::delete));
  }

  private static Securable securable(VolumeInfo volume) {
    return Securable.volume(volume.name());
  }

  private static EntityName name(Request request) {
    return EntityName.parse(request.path("full_name"));
  }

  private Response list(Request request) {
    SchemaName schema =
        new SchemaName(
            Listing.required(request, "catalog_name"), Listing.required(request, "schema_name"));
    Visibility.Inside inside =
        visibility.inside(request, Securable.schema(schema), SecurableType.VOLUME);
    return Listing.page(
        "volumes",
        volumes.page(
            request.principal(),
            schema,
            Listing.after(request),
            Listing.size(request, "max_results"),
            each -> inside.lists(each.name(), Securable::volume)),
        v -> CatalogWire.of(v, inside.of(v.name(), Securable::volume)));
  }

  private Response create(Request request) {
    NewVolume body = request.json(NewVolume.class);
    boolean external = "EXTERNAL".equalsIgnoreCase(body.volumeType());
    if (external != (body.storageLocation() != null)) {
      throw TarnException.invalid(
          "A volume of type EXTERNAL needs 'storage_location', and only that takes one.");
    }
    return Response.json(
        CatalogWire.of(
            volumes.create(
                request.principal(),
                new EntityName(body.catalogName(), body.schemaName(), body.name()),
                Optional.ofNullable(body.storageLocation()),
                body.comment()),
            visibility.own()));
  }

  private Response get(Request request) {
    VolumeInfo volume = volumes.get(request.principal(), name(request));
    return Response.json(CatalogWire.of(volume, visibility.of(request, securable(volume))));
  }

  private Response update(Request request) {
    Update body = request.json(Update.class);
    EntityName name = name(request);
    VolumeInfo volume =
        volumes.update(
            request.principal(),
            name,
            Optional.ofNullable(body.comment()),
            Optional.ofNullable(body.owner()));
    if (body.newName() != null) {
      volume = volumes.rename(request.principal(), name, body.newName());
    }
    return Response.json(CatalogWire.of(volume, visibility.own()));
  }

  private Response delete(Request request) {
    volumes.delete(request.principal(), name(request));
    return Response.json(Map.of());
  }
}
