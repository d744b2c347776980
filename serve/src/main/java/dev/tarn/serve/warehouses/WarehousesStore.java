package dev.tarn.serve.warehouses;

import dev.tarn.kernel.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Warehouses as rows. */
final class WarehousesStore {
  List<Warehouse> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM warehouses ORDER BY created_at, id")
        .map((rows, context) -> warehouse(rows))
        .list();
  }

  Optional<Warehouse> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT * FROM warehouses WHERE id = :id")
        .bind("id", id)
        .map((rows, context) -> warehouse(rows))
        .findOne();
  }

  Optional<Warehouse> starter(Handle handle) {
    return handle
        .createQuery("SELECT * FROM warehouses WHERE starter = 1")
        .map((rows, context) -> warehouse(rows))
        .findFirst();
  }

  /** Whether the name was still free. */
  boolean insert(Handle handle, Warehouse warehouse) {
    return bind(
                handle.createUpdate(
                    "INSERT INTO warehouses (id, name, cluster_size, min_num_clusters,"
                        + " max_num_clusters, auto_stop_mins, creator_name, stopped, starter,"
                        + " created_at, options) VALUES (:id, :name, :size, :min, :max, :stop,"
                        + " :creator, :stopped, :starter, :created, :options)"
                        + " ON CONFLICT DO NOTHING"),
                warehouse)
            .bind("stopped", warehouse.stopped() ? 1 : 0)
            .bind("creator", warehouse.creatorName())
            .bind("starter", warehouse.starter() ? 1 : 0)
            .bind("created", warehouse.createdAt())
            .execute()
        == 1;
  }

  void update(Handle handle, Warehouse warehouse) {
    bind(
            handle.createUpdate(
                "UPDATE warehouses SET name = :name, cluster_size = :size,"
                    + " min_num_clusters = :min, max_num_clusters = :max, auto_stop_mins = :stop,"
                    + " options = :options WHERE id = :id"),
            warehouse)
        .execute();
  }

  void setStopped(Handle handle, String id, boolean stopped) {
    handle
        .createUpdate("UPDATE warehouses SET stopped = :stopped WHERE id = :id")
        .bind("id", id)
        .bind("stopped", stopped ? 1 : 0)
        .execute();
  }

  void delete(Handle handle, String id) {
    handle.createUpdate("DELETE FROM warehouses WHERE id = :id").bind("id", id).execute();
  }

  private static Update bind(Update update, Warehouse warehouse) {
    return update
        .bind("id", warehouse.id())
        .bind("name", warehouse.name())
        .bind("size", warehouse.clusterSize())
        .bind("min", warehouse.minNumClusters())
        .bind("max", warehouse.maxNumClusters())
        .bind("stop", warehouse.autoStopMins())
        .bind("options", Json.string(warehouse.options()));
  }

  List<AccessControl> permissions(Handle handle, String warehouseId) {
    return handle
        .createQuery(
            "SELECT kind, principal, level FROM warehouse_permissions WHERE warehouse_id = :id"
                + " ORDER BY kind, principal")
        .bind("id", warehouseId)
        .map(
            (rows, context) ->
                AccessControl.of(
                    AccessControl.Kind.valueOf(rows.getString("kind")),
                    rows.getString("principal"),
                    PermissionLevel.valueOf(rows.getString("level"))))
        .list();
  }

  void give(Handle handle, String warehouseId, AccessControl entry) {
    handle
        .createUpdate(
            "INSERT INTO warehouse_permissions (warehouse_id, kind, principal, level)"
                + " VALUES (:id, :kind, :principal, :level)"
                + " ON CONFLICT (warehouse_id, kind, principal) DO UPDATE SET level = :level")
        .bind("id", warehouseId)
        .bind("kind", entry.kind().name())
        .bind("principal", entry.name())
        .bind("level", entry.permissionLevel().name())
        .execute();
  }

  void take(Handle handle, String warehouseId, AccessControl entry) {
    handle
        .createUpdate(
            "DELETE FROM warehouse_permissions WHERE warehouse_id = :id AND kind = :kind"
                + " AND principal = :principal")
        .bind("id", warehouseId)
        .bind("kind", entry.kind().name())
        .bind("principal", entry.name())
        .execute();
  }

  void takeAll(Handle handle, String warehouseId) {
    handle
        .createUpdate("DELETE FROM warehouse_permissions WHERE warehouse_id = :id")
        .bind("id", warehouseId)
        .execute();
  }

  Optional<String> setting(Handle handle, String name) {
    return handle
        .createQuery("SELECT body FROM warehouse_settings WHERE name = :name")
        .bind("name", name)
        .mapTo(String.class)
        .findOne();
  }

  void set(Handle handle, String name, String body) {
    handle
        .createUpdate(
            "INSERT INTO warehouse_settings (name, body) VALUES (:name, :body)"
                + " ON CONFLICT (name) DO UPDATE SET body = :body")
        .bind("name", name)
        .bind("body", body)
        .execute();
  }

  List<WarehouseOverride> overrides(Handle handle) {
    return handle
        .createQuery("SELECT * FROM warehouse_overrides ORDER BY principal")
        .map(
            (rows, context) ->
                WarehouseOverride.of(
                    rows.getString("principal"),
                    rows.getString("type"),
                    rows.getString("warehouse_id")))
        .list();
  }

  void override(Handle handle, WarehouseOverride override) {
    handle
        .createUpdate(
            "INSERT INTO warehouse_overrides (principal, type, warehouse_id)"
                + " VALUES (:principal, :type, :warehouse)"
                + " ON CONFLICT (principal) DO UPDATE SET type = :type, warehouse_id = :warehouse")
        .bind("principal", override.defaultWarehouseOverrideId())
        .bind("type", override.type())
        .bind("warehouse", override.warehouseId())
        .execute();
  }

  boolean removeOverride(Handle handle, String principal) {
    return handle
            .createUpdate("DELETE FROM warehouse_overrides WHERE principal = :principal")
            .bind("principal", principal)
            .execute()
        == 1;
  }

  private static Warehouse warehouse(ResultSet rows) throws SQLException {
    return new Warehouse(
        rows.getString("id"),
        rows.getString("name"),
        rows.getString("cluster_size"),
        rows.getInt("min_num_clusters"),
        rows.getInt("max_num_clusters"),
        rows.getInt("auto_stop_mins"),
        rows.getString("creator_name"),
        rows.getInt("stopped") == 1,
        rows.getInt("starter") == 1,
        rows.getLong("created_at"),
        rows.getString("options") == null
            ? WarehouseOptions.NONE
            : Json.read(rows.getString("options"), WarehouseOptions.class));
  }
}
