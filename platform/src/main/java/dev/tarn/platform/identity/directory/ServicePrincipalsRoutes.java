package dev.tarn.platform.identity.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;

/**
 * Service principals over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/serviceprincipals">Databricks REST:
 *     service principals</a>
 */
public final class ServicePrincipalsRoutes implements Capability {
  private static final String ROOT = Scim.ROOT + "ServicePrincipals";
  private static final PrincipalType TYPE = PrincipalType.SERVICE_PRINCIPAL;

  private final Directory directory;

  public ServicePrincipalsRoutes(Directory directory) {
    this.directory = directory;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(ROOT, Access.ADMINISTRATOR, this::list),
        Route.post(ROOT, Access.ADMINISTRATOR, this::create),
        Route.get(ROOT + "/{id}", Access.ADMINISTRATOR, this::get),
        Route.put(ROOT + "/{id}", Access.ADMINISTRATOR, this::update),
        Route.patch(ROOT + "/{id}", Access.ADMINISTRATOR, this::patch),
        Route.delete(ROOT + "/{id}", Access.ADMINISTRATOR, this::delete));
  }

  private Response list(Request request) {
    return Scim.list(
        request, directory.list(request.principal(), TYPE).stream().map(Scim::body).toList());
  }

  private Response create(Request request) {
    JsonNode body = request.json(JsonNode.class);
    PrincipalInfo made =
        directory.createServicePrincipal(
            request.principal(),
            Scim.text(body, "applicationId"),
            Scim.change(body),
            Scim.groups(body));
    return Response.json(201, Scim.body(made));
  }

  private Response get(Request request) {
    return Response.json(Scim.body(directory.get(request.principal(), TYPE, Scim.id(request))));
  }

  private Response update(Request request) {
    JsonNode body = request.json(JsonNode.class);
    PrincipalInfo before = directory.get(request.principal(), TYPE, Scim.id(request));
    if (Scim.text(body, "applicationId")
        .filter(id -> !id.equalsIgnoreCase(before.name()))
        .isPresent()) {
      throw TarnException.invalid(
          "An applicationId cannot be changed, since grants are made to it. Create another service"
              + " principal.");
    }
    return change(request, Scim.change(body));
  }

  private Response patch(Request request) {
    return change(request, Scim.change(Scim.operations(request.json(JsonNode.class))));
  }

  private Response change(Request request, PrincipalChange change) {
    return Response.json(
        Scim.body(directory.change(request.principal(), TYPE, Scim.id(request), change)));
  }

  private Response delete(Request request) {
    directory.delete(request.principal(), TYPE, Scim.id(request));
    return Response.noContent();
  }
}
