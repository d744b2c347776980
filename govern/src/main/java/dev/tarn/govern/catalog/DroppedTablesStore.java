package dev.tarn.govern.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** Dropped tables as rows, and the files to be removed one day. */
final class DroppedTablesStore {
  /** Keeps the row of a table that goes, with all columns that tables have, whatever they are. */
  void keep(Handle handle, TableInfo table, String by, long at, long goneAt) {
    Map<String, Object> row = new LinkedHashMap<>();
    TablesStore.at(
            handle.createQuery(
                "SELECT * FROM tables WHERE catalog_name = :catalog AND schema_name = :schema"
                    + " AND name = :name"),
            table.name())
        .mapToMap()
        .one()
        .forEach(
            (column, value) -> {
              if (value != null) {
                row.put(column.toLowerCase(Locale.ROOT), value);
              }
            });
    TablesStore.at(
            handle.createUpdate(
                "INSERT INTO dropped_tables (table_id, catalog_name, schema_name, name, table_type,"
                    + " owner, registration, dropped_by, dropped_at, gone_at) VALUES (:id,"
                    + " :catalog, :schema, :name, :type, :owner, :registration, :by, :at, :gone)"),
            table.name())
        .bind("id", table.tableId())
        .bind("type", table.tableType().name())
        .bind("owner", table.owner())
        .bind("registration", Json.string(row))
        .bind("by", by)
        .bind("at", at)
        .bind("gone", goneAt)
        .execute();
  }

  Optional<DroppedTable> find(Handle handle, String tableId) {
    return handle
        .createQuery("SELECT * FROM dropped_tables WHERE table_id = :id")
        .bind("id", tableId)
        .map((rows, context) -> table(rows))
        .findOne();
  }

  /** The last dropped first. */
  List<DroppedTable> list(Handle handle, SchemaName schema) {
    Query query =
        handle
            .createQuery(
                "SELECT * FROM dropped_tables WHERE catalog_name = :catalog"
                    + " AND schema_name = :schema ORDER BY dropped_at DESC, table_id")
            .bind("catalog", schema.catalog())
            .bind("schema", schema.schema());
    return query.map((rows, context) -> table(rows)).list();
  }

  private static DroppedTable table(ResultSet rows) throws SQLException {
    JsonNode row = Json.tree(rows.getString("registration"));
    String owner = rows.getString("owner");
    return new DroppedTable(
        rows.getString("table_id"),
        new EntityName(
            rows.getString("catalog_name"), rows.getString("schema_name"), rows.getString("name")),
        TableType.valueOf(rows.getString("table_type")),
        row.path("storage_location").asText(null),
        owner,
        row.path("comment").asText(null),
        row.path("created_by").asText(owner),
        row.path("created_at").asLong(),
        row.path("updated_at").asLong(),
        rows.getLong("dropped_at"),
        rows.getLong("gone_at"));
  }

  /** Puts the row back, under the name that its schema has now. */
  void restore(Handle handle, DroppedTable table) {
    String registration =
        handle
            .createQuery("SELECT registration FROM dropped_tables WHERE table_id = :id")
            .bind("id", table.tableId())
            .mapTo(String.class)
            .one();
    Map<String, Object> values = new LinkedHashMap<>();
    Json.tree(registration)
        .properties()
        .forEach(
            column ->
                values.put(
                    column.getKey(),
                    column.getValue().isNumber()
                        ? (Object) column.getValue().asLong()
                        : column.getValue().asText()));
    values.put("catalog_name", table.name().catalog());
    values.put("schema_name", table.name().schema());
    values.put("name", table.name().name());
    List<String> columns = new ArrayList<>(values.keySet());
    Update insert =
        handle.createUpdate(
            "INSERT INTO tables ("
                + String.join(", ", columns)
                + ") VALUES ("
                + columns.stream().map(c -> ":" + c).collect(Collectors.joining(", "))
                + ")");
    values.forEach(insert::bind);
    insert.execute();
    delete(handle, table.tableId());
  }

  void delete(Handle handle, String tableId) {
    handle
        .createUpdate("DELETE FROM dropped_tables WHERE table_id = :id")
        .bind("id", tableId)
        .execute();
  }

  void goneAt(Handle handle, String tableId, long at) {
    handle
        .createUpdate("UPDATE dropped_tables SET gone_at = :at WHERE table_id = :id")
        .bind("at", at)
        .bind("id", tableId)
        .execute();
  }

  /** Those that nobody gets back any more. */
  List<String> gone(Handle handle, long now) {
    return handle
        .createQuery("SELECT table_id FROM dropped_tables WHERE gone_at <= :now")
        .bind("now", now)
        .mapTo(String.class)
        .list();
  }

  void discard(Handle handle, String location, long goneAt) {
    handle
        .createUpdate(
            "INSERT INTO discarded_files (storage_location, gone_at) VALUES (:location, :at)"
                + " ON CONFLICT (storage_location) DO UPDATE SET gone_at = :at")
        .bind("location", location)
        .bind("at", goneAt)
        .execute();
  }

  /** Lets files be removed at once, if they are to be removed at all. */
  void hasten(Handle handle, String location) {
    handle
        .createUpdate("UPDATE discarded_files SET gone_at = 0 WHERE storage_location = :location")
        .bind("location", location)
        .execute();
  }

  List<String> discarded(Handle handle, long now) {
    return handle
        .createQuery(
            "SELECT storage_location FROM discarded_files WHERE gone_at <= :now ORDER BY gone_at")
        .bind("now", now)
        .mapTo(String.class)
        .list();
  }

  void forgetFiles(Handle handle, String location) {
    handle
        .createUpdate("DELETE FROM discarded_files WHERE storage_location = :location")
        .bind("location", location)
        .execute();
  }
}
