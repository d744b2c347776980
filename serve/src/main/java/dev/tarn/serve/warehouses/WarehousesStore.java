package dev.tarn.serve.warehouses;

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
                        + " created_at) VALUES (:id, :name, :size, :min, :max, :stop, :creator,"
                        + " :stopped, :starter, :created) ON CONFLICT DO NOTHING"),
                warehouse)
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
                    + " stopped = :stopped WHERE id = :id"),
            warehouse)
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
        .bind("stopped", warehouse.stopped() ? 1 : 0);
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
        rows.getLong("created_at"));
  }
}
