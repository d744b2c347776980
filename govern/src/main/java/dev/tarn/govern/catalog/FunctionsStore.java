package dev.tarn.govern.catalog;

import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Functions as rows; the definition as JSON in them. */
final class FunctionsStore {
  private static final String BY_NAME =
      " WHERE catalog_name = :catalog AND schema_name = :schema AND name = :name";

  void insert(Handle handle, FunctionInfo function) {
    TablesStore.at(
            handle.createUpdate(
                "INSERT INTO functions"
                    + " (function_id, catalog_name, schema_name, name, owner, comment,"
                    + " definition, created_at, updated_at)"
                    + " VALUES (:id, :catalog, :schema, :name, :owner, :comment, :definition,"
                    + " :created, :updated)"),
            function.name())
        .bind("id", function.functionId())
        .bind("owner", function.owner())
        .bind("comment", function.comment())
        .bind("definition", Json.string(function.definition()))
        .bind("created", function.createdAt())
        .bind("updated", function.updatedAt())
        .execute();
  }

  Optional<FunctionInfo> find(Handle handle, EntityName name) {
    return TablesStore.at(handle.createQuery("SELECT * FROM functions" + BY_NAME), name)
        .map((rows, context) -> function(rows))
        .findOne();
  }

  /** Models share the names of functions. */
  boolean modelHas(Handle handle, EntityName name) {
    return TablesStore.at(
                handle.createQuery("SELECT count(*) FROM registered_models" + BY_NAME), name)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  /**
   * Those of a schema after a name, by name.
   *
   * @param most that are read
   */
  List<FunctionInfo> list(Handle handle, SchemaName schema, String after, int most) {
    return handle
        .createQuery(
            "SELECT * FROM functions WHERE catalog_name = :catalog AND schema_name = :schema"
                + " AND name > :after ORDER BY name LIMIT :most")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .bind("after", after)
        .bind("most", most)
        .map((rows, context) -> function(rows))
        .list();
  }

  /** Everything but name, id and creation time. */
  void update(Handle handle, FunctionInfo function) {
    TablesStore.at(
            handle.createUpdate(
                "UPDATE functions SET owner = :owner, comment = :comment,"
                    + " definition = :definition, updated_at = :updated"
                    + BY_NAME),
            function.name())
        .bind("owner", function.owner())
        .bind("comment", function.comment())
        .bind("definition", Json.string(function.definition()))
        .bind("updated", function.updatedAt())
        .execute();
  }

  void delete(Handle handle, EntityName name) {
    TablesStore.at(handle.createUpdate("DELETE FROM functions" + BY_NAME), name).execute();
  }

  private static FunctionInfo function(ResultSet rows) throws SQLException {
    return new FunctionInfo(
        rows.getString("function_id"),
        new EntityName(
            rows.getString("catalog_name"), rows.getString("schema_name"), rows.getString("name")),
        rows.getString("owner"),
        rows.getString("comment"),
        Json.read(rows.getString("definition"), FunctionDefinition.class),
        rows.getLong("created_at"),
        rows.getLong("updated_at"));
  }
}
