package dev.tarn.serve.history;

import dev.tarn.kernel.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Queries as rows. */
final class QueryHistoryStore {
  private static final int FETCHED = 50;

  void save(Handle handle, String server, Collection<Query> queries) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO query_history (id, server, user_name, warehouse_id, status, started_at,"
                + " body) VALUES (:id, :server, :user, :warehouse, :status, :started, :body)"
                + " ON CONFLICT (id) DO UPDATE SET status = :status, body = :body");
    for (Query query : queries) {
      batch
          .bind("id", query.id())
          .bind("server", server)
          .bind("user", query.userName())
          .bind("warehouse", query.warehouseId())
          .bind("status", query.status().name())
          .bind("started", query.startedAt())
          .bind("body", Json.string(query))
          .add();
    }
    batch.execute();
  }

  /** Those of a server that had not ended. */
  List<Query> open(Handle handle, String server) {
    return handle
        .createQuery(
            "SELECT body FROM query_history WHERE server = :server"
                + " AND status IN ('QUEUED', 'RUNNING')")
        .bind("server", server)
        .map((rows, context) -> Json.read(rows.getString("body"), Query.class))
        .list();
  }

  /**
   * The newest first.
   *
   * @param viewer whose own queries are listed, and those of {@code monitored} warehouses; null for
   *     everybody's
   * @param after list what comes after this one; null to begin
   * @param bytes of which the last one listed may be the first beyond
   */
  List<Query> list(
      Handle handle,
      QueryFilter filter,
      String viewer,
      Set<String> monitored,
      QueryHistory.Position after,
      int limit,
      long bytes) {
    StringBuilder sql = new StringBuilder("SELECT body FROM query_history WHERE 1 = 1");
    Map<String, Collection<?>> lists = new HashMap<>();
    Map<String, Object> values = new HashMap<>();
    if (viewer != null) {
      values.put("viewer", viewer);
      sql.append(" AND (user_name = :viewer");
      if (!monitored.isEmpty()) {
        lists.put("monitored", monitored);
        sql.append(" OR warehouse_id IN (<monitored>)");
      }
      sql.append(')');
    }
    in(sql, lists, "id", filter.statementIds());
    in(sql, lists, "status", filter.statuses().stream().map(QueryStatus::name).toList());
    in(sql, lists, "user_name", filter.userNames());
    in(sql, lists, "warehouse_id", filter.warehouseIds());
    filter
        .startedFrom()
        .ifPresent(
            from -> {
              values.put("from", from);
              sql.append(" AND started_at >= :from");
            });
    filter
        .startedTo()
        .ifPresent(
            to -> {
              values.put("to", to);
              sql.append(" AND started_at <= :to");
            });
    if (after != null) {
      values.put("at", after.startedAt());
      values.put("afterId", after.id());
      sql.append(" AND (started_at < :at OR (started_at = :at AND id < :afterId))");
    }
    sql.append(" ORDER BY started_at DESC, id DESC LIMIT :limit");
    var query = handle.createQuery(sql.toString()).bind("limit", limit).bindMap(values);
    lists.forEach((name, list) -> query.bindList(name, new ArrayList<>(list)));
    List<Query> found = new ArrayList<>();
    try (ResultIterator<Query> all =
        query
            .setFetchSize(FETCHED)
            .map((rows, context) -> Json.read(rows.getString("body"), Query.class))
            .iterator()) {
      for (long sum = 0; all.hasNext() && sum <= bytes; ) {
        Query next = all.next();
        sum += next.weight();
        found.add(next);
      }
    }
    return found;
  }

  boolean full(List<Query> queries, long bytes) {
    return queries.stream().mapToLong(Query::weight).sum() > bytes;
  }

  private static void in(
      StringBuilder sql, Map<String, Collection<?>> lists, String column, List<String> values) {
    if (!values.isEmpty()) {
      lists.put(column, values);
      sql.append(" AND ").append(column).append(" IN (<").append(column).append(">)");
    }
  }

  void deleteBefore(Handle handle, long startedAt) {
    handle
        .createUpdate("DELETE FROM query_history WHERE started_at < :at")
        .bind("at", startedAt)
        .execute();
  }

  /** Deletes all but so many of the newest. */
  void deleteBeyond(Handle handle, int count) {
    handle
        .createQuery(
            "SELECT started_at FROM query_history ORDER BY started_at DESC, id DESC"
                + " LIMIT 1 OFFSET :count")
        .bind("count", count)
        .mapTo(Long.class)
        .findOne()
        .ifPresent(oldest -> deleteBefore(handle, oldest + 1));
  }
}
