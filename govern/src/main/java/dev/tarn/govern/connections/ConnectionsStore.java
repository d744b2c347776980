package dev.tarn.govern.connections;

import dev.tarn.kernel.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Connections as rows. */
final class ConnectionsStore {
  void insert(Handle handle, Connection connection, String secrets) {
    bind(
            handle.createUpdate(
                "INSERT INTO connections (connection_id, name, connection_type, options, secrets,"
                    + " properties, owner, comment, read_only, created_by, created_at, updated_by,"
                    + " updated_at) VALUES (:id, :name, :type, :options, :secrets, :properties,"
                    + " :owner, :comment, :readOnly, :createdBy, :createdAt, :updatedBy,"
                    + " :updatedAt)"),
            connection)
        .bind("secrets", secrets)
        .execute();
  }

  /** Everything but type and creation. */
  void update(Handle handle, Connection connection, String secrets) {
    bind(
            handle.createUpdate(
                "UPDATE connections SET name = :name, options = :options, secrets = :secrets,"
                    + " owner = :owner, comment = :comment, updated_by = :updatedBy, updated_at ="
                    + " :updatedAt WHERE connection_id = :id"),
            connection)
        .bind("secrets", secrets)
        .execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Connection connection) {
    return statement
        .bind("id", connection.connectionId())
        .bind("name", connection.name())
        .bind("type", connection.connectionType())
        .bind("options", Json.string(new TreeMap<>(connection.options())))
        .bind("properties", Json.string(new TreeMap<>(connection.properties())))
        .bind("owner", connection.owner())
        .bind("comment", connection.comment())
        .bind("readOnly", connection.readOnly() ? 1 : 0)
        .bind("createdBy", connection.createdBy())
        .bind("createdAt", connection.createdAt())
        .bind("updatedBy", connection.updatedBy())
        .bind("updatedAt", connection.updatedAt());
  }

  Optional<Connection> find(Handle handle, String name) {
    return handle
        .createQuery("SELECT * FROM connections WHERE name = :name")
        .bind("name", name)
        .map((rows, context) -> connection(rows))
        .findOne();
  }

  Optional<Connection> byId(Handle handle, String id) {
    return handle
        .createQuery("SELECT * FROM connections WHERE connection_id = :id")
        .bind("id", id)
        .map((rows, context) -> connection(rows))
        .findOne();
  }

  /** Encrypted. */
  Optional<String> secrets(Handle handle, String id) {
    return handle
        .createQuery("SELECT secrets FROM connections WHERE connection_id = :id")
        .bind("id", id)
        .map((rows, context) -> Optional.ofNullable(rows.getString("secrets")))
        .findOne()
        .flatMap(secrets -> secrets);
  }

  List<Connection> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM connections ORDER BY name")
        .map((rows, context) -> connection(rows))
        .list();
  }

  /** The name of a catalog of it. */
  Optional<String> catalog(Handle handle, String id) {
    return handle
        .select("SELECT name FROM catalogs WHERE connection_id = ? ORDER BY name LIMIT 1", id)
        .mapTo(String.class)
        .findOne();
  }

  void delete(Handle handle, String id) {
    handle
        .createUpdate("DELETE FROM connections WHERE connection_id = :id")
        .bind("id", id)
        .execute();
  }

  static Map<String, String> map(String json) {
    Map<String, String> map = new TreeMap<>();
    Json.tree(json).properties().forEach(each -> map.put(each.getKey(), each.getValue().asText()));
    return map;
  }

  private static Connection connection(ResultSet rows) throws SQLException {
    return new Connection(
        rows.getString("connection_id"),
        rows.getString("name"),
        rows.getString("connection_type"),
        map(rows.getString("options")),
        map(rows.getString("properties")),
        rows.getString("owner"),
        rows.getString("comment"),
        rows.getInt("read_only") != 0,
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }
}
