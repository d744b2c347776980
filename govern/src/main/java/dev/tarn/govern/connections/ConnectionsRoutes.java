package dev.tarn.govern.connections;

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
 * Connections over HTTP. Secrets go in and never out.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/connections">Databricks REST:
 *     connections</a>
 */
public final class ConnectionsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/connections";

  private final Connections connections;
  private final Supplier<String> metastoreId;

  public ConnectionsRoutes(Connections connections, Supplier<String> metastoreId) {
    this.connections = connections;
    this.metastoreId = metastoreId;
  }

  record Body(
      String name,
      String connectionType,
      Map<String, String> options,
      Map<String, String> properties,
      String comment,
      Boolean readOnly) {}

  record Update(String newName, Map<String, String> options, String owner) {}

  record Wire(
      String name,
      String fullName,
      String connectionId,
      String connectionType,
      String credentialType,
      Map<String, String> options,
      Map<String, String> properties,
      String url,
      String owner,
      String comment,
      boolean readOnly,
      String securableType,
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

  private Wire wire(Connection connection) {
    Map<String, String> options = connection.options();
    String host = options.get("host");
    return new Wire(
        connection.name(),
        connection.name(),
        connection.connectionId(),
        connection.connectionType(),
        options.containsKey("user") ? "USERNAME_PASSWORD" : null,
        options,
        connection.properties(),
        host == null
            ? null
            : "jdbc://"
                + host
                + (options.containsKey("port") ? ":" + options.get("port") : "")
                + "/",
        connection.owner(),
        connection.comment(),
        connection.readOnly(),
        "CONNECTION",
        metastoreId.get(),
        connection.createdBy(),
        connection.createdAt(),
        connection.updatedBy(),
        connection.updatedAt());
  }

  private Response list(Request request) {
    return Listing.page(
        request,
        "connections",
        connections.list(request.principal()),
        Connection::name,
        this::wire);
  }

  private Response create(Request request) {
    Body body = request.json(Body.class);
    return Response.json(
        wire(
            connections.create(
                request.principal(),
                new Connections.NewConnection(
                    body.name(),
                    body.connectionType(),
                    body.options(),
                    body.properties(),
                    body.comment(),
                    Boolean.TRUE.equals(body.readOnly())))));
  }

  private Response get(Request request) {
    return Response.json(wire(connections.get(request.principal(), request.path("name"))));
  }

  private Response update(Request request) {
    Update body = request.json(Update.class);
    return Response.json(
        wire(
            connections.update(
                request.principal(),
                request.path("name"),
                new ConnectionChange(
                    Optional.ofNullable(body.newName()),
                    Optional.ofNullable(body.options()),
                    Optional.ofNullable(body.owner()),
                    Optional.empty()))));
  }

  private Response delete(Request request) {
    connections.delete(request.principal(), request.path("name"));
    return Response.json(Map.of());
  }
}
