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
 * Users over HTTP, as SCIM names them: in camelCase, unlike the rest.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/users">Databricks REST: users</a>
 */
public final class UsersRoutes implements Capability {
  private static final String USERS = Scim.ROOT + "Users";

  private final Directory directory;

  public UsersRoutes(Directory directory) {
    this.directory = directory;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(Scim.ROOT + "Me", Access.AUTHENTICATED, this::me),
        Route.get(USERS, Access.ADMINISTRATOR, this::list),
        Route.post(USERS, Access.ADMINISTRATOR, this::create),
        Route.get(USERS + "/{id}", Access.ADMINISTRATOR, this::get),
        Route.put(USERS + "/{id}", Access.ADMINISTRATOR, this::update),
        Route.patch(USERS + "/{id}", Access.ADMINISTRATOR, this::patch),
        Route.delete(USERS + "/{id}", Access.ADMINISTRATOR, this::delete));
  }

  private Response me(Request request) {
    PrincipalInfo me = directory.get(request.principal().name());
    var body = Scim.body(me);
    // Clients know their own name by this field, service principals too.
    body.put("userName", me.name());
    return Response.json(body);
  }

  private Response list(Request request) {
    return Scim.list(
        request,
        directory.list(request.principal(), PrincipalType.USER).stream().map(Scim::body).toList());
  }

  private Response create(Request request) {
    JsonNode body = request.json(JsonNode.class);
    PrincipalInfo made =
        directory.createUser(
            request.principal(),
            Scim.text(body, "userName").orElse(""),
            Scim.change(body),
            Scim.groups(body));
    return Response.json(201, Scim.body(made));
  }

  private Response get(Request request) {
    return Response.json(
        Scim.body(directory.get(request.principal(), PrincipalType.USER, Scim.id(request))));
  }

  private Response update(Request request) {
    JsonNode body = request.json(JsonNode.class);
    PrincipalInfo before = directory.get(request.principal(), PrincipalType.USER, Scim.id(request));
    if (Scim.text(body, "userName").filter(n -> !n.equalsIgnoreCase(before.name())).isPresent()) {
      throw TarnException.invalid(
          "A userName cannot be changed, since grants are made to it. Create another user.");
    }
    return change(request, Scim.change(body));
  }

  private Response patch(Request request) {
    return change(request, Scim.change(Scim.operations(request.json(JsonNode.class))));
  }

  private Response change(Request request, PrincipalChange change) {
    return Response.json(
        Scim.body(
            directory.change(request.principal(), PrincipalType.USER, Scim.id(request), change)));
  }

  private Response delete(Request request) {
    directory.delete(request.principal(), PrincipalType.USER, Scim.id(request));
    return Response.noContent();
  }
}
