package dev.tarn.serve.warehouses;

import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.serve.address.PublicAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The SQL Warehouses API. */
public final class WarehousesRoutes implements Capability {
  private final Warehouses warehouses;
  private final PublicAddress address;

  public WarehousesRoutes(Warehouses warehouses, PublicAddress address) {
    this.warehouses = warehouses;
    this.address = address;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/api/2.0/sql/warehouses", Access.AUTHENTICATED, this::list),
        Route.get("/api/2.0/sql/warehouses/", Access.AUTHENTICATED, this::list),
        Route.post("/api/2.0/sql/warehouses", Access.ADMINISTRATOR, this::create),
        Route.post("/api/2.0/sql/warehouses/", Access.ADMINISTRATOR, this::create),
        Route.get("/api/2.0/sql/warehouses/{id}", Access.AUTHENTICATED, this::get),
        Route.post("/api/2.0/sql/warehouses/{id}/edit", Access.AUTHENTICATED, this::edit),
        Route.post("/api/2.0/sql/warehouses/{id}/start", Access.AUTHENTICATED, this::start),
        Route.post("/api/2.0/sql/warehouses/{id}/stop", Access.AUTHENTICATED, this::stop),
        Route.delete("/api/2.0/sql/warehouses/{id}", Access.AUTHENTICATED, this::delete),
        Route.get("/api/2.0/permissions/warehouses/{id}", Access.AUTHENTICATED, this::permissions),
        Route.put("/api/2.0/permissions/warehouses/{id}", Access.AUTHENTICATED, this::replace),
        Route.patch("/api/2.0/permissions/warehouses/{id}", Access.AUTHENTICATED, this::add),
        Route.get(
            "/api/2.0/permissions/warehouses/{id}/permissionLevels",
            Access.AUTHENTICATED,
            this::levels));
  }

  private Response list(Request request) {
    return Response.json(
        Map.of(
            "warehouses",
            warehouses.list(request.principal()).stream()
                .map(warehouse -> info(warehouse, request))
                .toList()));
  }

  private Response create(Request request) {
    Warehouse made = warehouses.create(request.principal(), request.json(WarehouseChange.class));
    return Response.json(Map.of("id", made.id()));
  }

  private Response get(Request request) {
    return Response.json(info(warehouses.get(request.principal(), request.path("id")), request));
  }

  private WarehouseInfo info(Warehouse warehouse, Request request) {
    return WarehouseInfo.of(warehouse, warehouses.activity(warehouse), address.of(request));
  }

  private Response edit(Request request) {
    warehouses.edit(request.principal(), request.path("id"), request.json(WarehouseChange.class));
    return Response.json(Map.of());
  }

  private Response start(Request request) {
    warehouses.start(request.principal(), request.path("id"));
    return Response.json(Map.of());
  }

  private Response stop(Request request) {
    warehouses.stop(request.principal(), request.path("id"));
    return Response.json(Map.of());
  }

  private Response delete(Request request) {
    warehouses.delete(request.principal(), request.path("id"));
    return Response.json(Map.of());
  }

  private record AccessControlList(List<AccessControl> accessControlList) {}

  private Response replace(Request request) {
    return permit(request, true);
  }

  private Response add(Request request) {
    return permit(request, false);
  }

  private Response permit(Request request, boolean replace) {
    List<AccessControl> given = request.json(AccessControlList.class).accessControlList();
    warehouses.permit(
        request.principal(), request.path("id"), given == null ? List.of() : given, replace);
    return permissions(request);
  }

  private Response permissions(Request request) {
    String id = warehouses.get(request.principal(), request.path("id")).id();
    List<Map<String, Object>> entries = new ArrayList<>();
    for (AccessControl each : warehouses.permissions(request.principal(), id)) {
      String key =
          switch (each.kind()) {
            case USER -> "user_name";
            case GROUP -> "group_name";
            case SERVICE_PRINCIPAL -> "service_principal_name";
          };
      entries.add(
          Map.of(
              key,
              each.name(),
              "display_name",
              each.name(),
              "all_permissions",
              List.of(
                  Map.of("permission_level", each.permissionLevel().name(), "inherited", false))));
    }
    entries.add(
        Map.of(
            "group_name",
            "admins",
            "all_permissions",
            List.of(
                Map.of(
                    "permission_level",
                    PermissionLevel.CAN_MANAGE.name(),
                    "inherited",
                    true,
                    "inherited_from_object",
                    List.of("/sql/warehouses/")))));
    return Response.json(
        Map.of(
            "object_id",
            "/sql/warehouses/" + id,
            "object_type",
            "warehouses",
            "access_control_list",
            entries));
  }

  private Response levels(Request request) {
    warehouses.get(request.principal(), request.path("id"));
    return Response.json(
        Map.of(
            "permission_levels",
            Arrays.stream(PermissionLevel.values())
                .map(
                    level ->
                        Map.of(
                            "permission_level", level.name(), "description", level.description()))
                .toList()));
  }
}
