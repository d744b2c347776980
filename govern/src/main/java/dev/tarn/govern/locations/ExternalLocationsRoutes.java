package dev.tarn.govern.locations;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * External locations over HTTP. They are reached with the credentials of the server's own settings,
 * whose name as a storage credential is {@value #CREDENTIAL}; there is no other.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/externallocations">Databricks REST:
 *     external locations</a>
 */
public final class ExternalLocationsRoutes implements Capability {
  static final String CREDENTIAL = "server";

  private static final String BASE = "/api/2.1/unity-catalog/external-locations";
  private static final int MOST = 1_000;

  private final ExternalLocations locations;

  public ExternalLocationsRoutes(ExternalLocations locations) {
    this.locations = locations;
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
      Boolean force) {}

  record Wire(
      String name,
      String url,
      String credentialName,
      String owner,
      String comment,
      boolean readOnly,
      String createdBy,
      long createdAt,
      String updatedBy,
      long updatedAt) {}

  record Page(List<Wire> externalLocations, Optional<String> nextPageToken) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE, Access.AUTHENTICATED, this::list),
        Route.post(BASE, Access.AUTHENTICATED, this::create),
        Route.get(BASE + "/{name}", Access.AUTHENTICATED, this::get),
        Route.patch(BASE + "/{name}", Access.AUTHENTICATED, this::update),
        Route.delete(BASE + "/{name}", Access.AUTHENTICATED, this::delete));
  }

  private static Wire wire(ExternalLocation location) {
    return new Wire(
        location.name(),
        location.url(),
        CREDENTIAL,
        location.owner(),
        location.comment(),
        location.readOnly(),
        location.createdBy(),
        location.createdAt(),
        location.updatedBy(),
        location.updatedAt());
  }

  private Response list(Request request) {
    List<ExternalLocation> all = locations.list(request.principal());
    String after = request.query("page_token").orElse("");
    List<ExternalLocation> rest =
        all.stream().filter(each -> each.name().compareTo(after) > 0).toList();
    int asked = number(request);
    int size = asked <= 0 ? MOST : Math.min(asked, MOST);
    boolean more = rest.size() > size;
    List<ExternalLocation> page = more ? rest.subList(0, size) : rest;
    return Response.json(
        new Page(
            page.stream().map(ExternalLocationsRoutes::wire).toList(),
            more ? Optional.of(page.get(size - 1).name()) : Optional.empty()));
  }

  private static int number(Request request) {
    String text = request.query("max_results").orElse("0");
    if (!text.matches("\\d{1,6}")) {
      throw TarnException.invalid("Query parameter 'max_results' must be a whole number.");
    }
    return Integer.parseInt(text);
  }

  private Response create(Request request) {
    NewLocation body = request.json(NewLocation.class);
    requireOurs(body.credentialName());
    return Response.json(
        wire(
            locations.create(
                request.principal(),
                body.name(),
                body.url(),
                body.comment(),
                Boolean.TRUE.equals(body.readOnly()))));
  }

  private static void requireOurs(String credential) {
    if (credential != null && !credential.equals(CREDENTIAL)) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "There is no storage credential '"
              + credential
              + "'. Locations are reached with the server's own settings (storage.options): name"
              + " none, or '"
              + CREDENTIAL
              + "'.");
    }
  }

  private Response get(Request request) {
    return Response.json(wire(locations.get(request.principal(), request.path("name"))));
  }

  private Response update(Request request) {
    Update body = request.json(Update.class);
    requireOurs(body.credentialName());
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
