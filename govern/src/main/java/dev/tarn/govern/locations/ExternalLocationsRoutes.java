package dev.tarn.govern.locations;

import dev.tarn.govern.bindings.Bindings;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * External locations over HTTP. One without a credential of its own is reached with the server's
 * own settings, which are shown as credential {@code server}.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/externallocations">Databricks REST:
 *     external locations</a>
 */
public final class ExternalLocationsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/external-locations";

  private final ExternalLocations locations;
  private final Bindings bindings;
  private final Supplier<String> metastoreId;

  public ExternalLocationsRoutes(
      ExternalLocations locations, Bindings bindings, Supplier<String> metastoreId) {
    this.bindings = bindings;
    this.locations = locations;
    this.metastoreId = metastoreId;
  }

  record NewLocation(
      String name, String url, String credentialName, String comment, Boolean readOnly) {}

  record Update(
      String newName,
      String url,
      String credentialName,
      String comment,
      String owner,
      Boolean readOnly,
      String isolationMode,
      Boolean force) {}

  record Wire(
      String name,
      String id,
      String url,
      String credentialName,
      String credentialId,
      String owner,
      String comment,
      boolean readOnly,
      String isolationMode,
      String metastoreId,
      String createdBy,
      long createdAt,
      String updatedBy,
      long updatedAt) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE, Access.AUTHENTICATED, this::list),
        Route.post(BASE, Access.AUTHENTICATED, this::create),
        Route.get(BASE + "/{name}", Access.AUTHENTICATED, this::get),
        Route.patch(BASE + "/{name}", Access.AUTHENTICATED, this::update),
        Route.delete(BASE + "/{name}", Access.AUTHENTICATED, this::delete));
  }

  private Wire wire(ExternalLocation location) {
    return new Wire(
        location.name(),
        location.locationId(),
        location.url(),
        locations.credentialName(location),
        location.credentialId(),
        location.owner(),
        location.comment(),
        location.readOnly(),
        Bindings.mode(location.isolated()),
        metastoreId.get(),
        location.createdBy(),
        location.createdAt(),
        location.updatedBy(),
        location.updatedAt());
  }

  private Response list(Request request) {
    boolean unbound = Listing.flag(request, "include_unbound");
    return Listing.page(
        request,
        "external_locations",
        locations.list(
            request.principal(),
            each ->
                unbound
                    && bindings.unbound(
                        request.principal(), Securable.externalLocation(each.name()))),
        ExternalLocation::name,
        this::wire);
  }

  private Response create(Request request) {
    NewLocation body = request.json(NewLocation.class);
    return Response.json(
        wire(
            locations.create(
                request.principal(),
                body.name(),
                body.url(),
                body.credentialName(),
                body.comment(),
                Boolean.TRUE.equals(body.readOnly()))));
  }

  private Response get(Request request) {
    return Response.json(wire(locations.get(request.principal(), request.path("name"))));
  }

  private Response update(Request request) {
    Update body = request.json(Update.class);
    return Response.json(
        wire(
            locations.update(
                request.principal(),
                request.path("name"),
                new LocationChange(
                    Optional.ofNullable(body.newName()),
                    Optional.ofNullable(body.url()),
                    Optional.ofNullable(body.comment()),
                    Optional.ofNullable(body.owner()),
                    Optional.ofNullable(body.readOnly()),
                    Optional.ofNullable(body.credentialName()),
                    Optional.ofNullable(body.isolationMode()).map(Bindings::isolated),
                    Boolean.TRUE.equals(body.force())))));
  }

  private Response delete(Request request) {
    locations.delete(
        request.principal(),
        request.path("name"),
        request.query("force").map(Boolean::parseBoolean).orElse(false));
    return Response.json(Map.of());
  }
}
