package dev.tarn.serve.warehouses;

import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.serve.address.PublicAddress;
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
        Route.get("/api/2.0/sql/config/warehouses", Access.AUTHENTICATED, this::config));
  }

  private Response list(Request request) {
    return Response.json(
        Map.of(
            "warehouses",
            warehouses.list().stream()
                .map(warehouse -> WarehouseInfo.of(warehouse, address.of(request)))
                .toList()));
  }

  private Response create(Request request) {
    Warehouse made = warehouses.create(request.principal(), request.json(WarehouseChange.class));
    return Response.json(Map.of("id", made.id()));
  }

  private Response get(Request request) {
    return Response.json(WarehouseInfo.of(warehouses.get(request.path("id")), address.of(request)));
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

  private Response config(Request request) {
    return Response.json(
        Map.of(
            "security_policy",
            "DATA_ACCESS_CONTROL",
            "enabled_warehouse_types",
            List.of(Map.of("warehouse_type", "PRO", "enabled", true))));
  }
}
