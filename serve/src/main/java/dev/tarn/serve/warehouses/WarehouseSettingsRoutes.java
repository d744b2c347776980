package dev.tarn.serve.warehouses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;

/** The workspace's warehouse configuration, and users' choices of a default warehouse. */
public final class WarehouseSettingsRoutes implements Capability {
  private static final String CONFIG = "/api/2.0/sql/config/warehouses";
  private static final String OVERRIDES = "/api/warehouses/v1/default-warehouse-overrides";

  private final WarehouseSettings settings;

  public WarehouseSettingsRoutes(WarehouseSettings settings) {
    this.settings = settings;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(CONFIG, Access.AUTHENTICATED, request -> Response.json(settings.workspace())),
        Route.put(CONFIG, Access.ADMINISTRATOR, this::configure),
        Route.get(OVERRIDES, Access.AUTHENTICATED, this::list),
        Route.post(OVERRIDES, Access.AUTHENTICATED, this::create),
        Route.get(OVERRIDES + "/{id}", Access.AUTHENTICATED, this::get),
        Route.patch(OVERRIDES + "/{id}", Access.AUTHENTICATED, this::update),
        Route.delete(OVERRIDES + "/{id}", Access.AUTHENTICATED, this::delete));
  }

  private Response configure(Request request) {
    settings.change(request.principal(), request.json(JsonNode.class));
    return Response.json(Map.of());
  }

  private Response list(Request request) {
    return Response.json(
        Map.of("default_warehouse_overrides", settings.overrides(request.principal())));
  }

  private Response create(Request request) {
    WarehouseOverride given = request.json(WarehouseOverride.class);
    String id =
        request.query("default_warehouse_override_id").orElse(given.defaultWarehouseOverrideId());
    return Response.json(settings.override(request.principal(), id, given, false, true));
  }

  private Response get(Request request) {
    return Response.json(settings.override(request.principal(), request.path("id")));
  }

  private Response update(Request request) {
    boolean mayLack = request.query("allow_missing").map(Boolean::parseBoolean).orElse(false);
    return Response.json(
        settings.override(
            request.principal(),
            request.path("id"),
            request.json(WarehouseOverride.class),
            true,
            mayLack));
  }

  private Response delete(Request request) {
    settings.removeOverride(request.principal(), request.path("id"));
    return Response.json(Map.of());
  }
}
