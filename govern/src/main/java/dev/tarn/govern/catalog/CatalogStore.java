package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Catalogs and schemas as rows. */
final class CatalogStore {
  boolean insert(Handle handle, CatalogInfo catalog) {
    return handle
            .createUpdate(
                "INSERT INTO catalogs (name, owner, comment, properties, created_at, updated_at)"
                    + " VALUES (:name, :owner, :comment, :properties, :created, :updated)"
                    + " ON CONFLICT DO NOTHING")
            .bind("name", catalog.name())
            .bind("owner", catalog.owner())
            .bind("comment", catalog.comment())
            .bind("properties", json(catalog.properties()))
            .bind("created", catalog.createdAt())
            .bind("updated", catalog.updatedAt())
            .execute()
        == 1;
  }

  Optional<CatalogInfo> catalog(Handle handle, String name) {
    return handle
        .createQuery("SELECT * FROM catalogs WHERE name = :name")
        .bind("name", name)
        .map((rows, context) -> catalog(rows))
        .findOne();
  }

  List<CatalogInfo> catalogs(Handle handle) {
    return handle
        .createQuery("SELECT * FROM catalogs ORDER BY name")
        .map((rows, context) -> catalog(rows))
        .list();
  }

  void updateCatalog(Handle handle, String name, String comment, String owner, long at) {
    handle
        .createUpdate(
            "UPDATE catalogs SET comment = :comment, owner = :owner, updated_at = :at"
                + " WHERE name = :name")
        .bind("comment", comment)
        .bind("owner", owner)
        .bind("at", at)
        .bind("name", name)
        .execute();
  }

  void deleteCatalog(Handle handle, String name) {
    for (String table : List.of("tables", "volumes", "functions", "schemas")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE catalog_name = :name")
          .bind("name", name)
          .execute();
    }
    handle.createUpdate("DELETE FROM catalogs WHERE name = :name").bind("name", name).execute();
  }

  boolean insert(Handle handle, SchemaInfo schema) {
    return handle
            .createUpdate(
                "INSERT INTO schemas"
                    + " (catalog_name, name, owner, comment, properties, created_at, updated_at)"
                    + " VALUES (:catalog, :name, :owner, :comment, :properties, :created, :updated)"
                    + " ON CONFLICT DO NOTHING")
            .bind("catalog", schema.name().catalog())
            .bind("name", schema.name().schema())
            .bind("owner", schema.owner())
            .bind("comment", schema.comment())
            .bind("properties", json(schema.properties()))
            .bind("created", schema.createdAt())
            .bind("updated", schema.updatedAt())
            .execute()
        == 1;
  }

  Optional<SchemaInfo> schema(Handle handle, SchemaName name) {
    return handle
        .createQuery("SELECT * FROM schemas WHERE catalog_name = :catalog AND name = :name")
        .bind("catalog", name.catalog())
        .bind("name", name.schema())
        .map((rows, context) -> schema(rows))
        .findOne();
  }

  List<SchemaInfo> schemas(Handle handle, String catalog) {
    return handle
        .createQuery("SELECT * FROM schemas WHERE catalog_name = :catalog ORDER BY name")
        .bind("catalog", catalog)
        .map((rows, context) -> schema(rows))
        .list();
  }

  void updateSchema(Handle handle, SchemaName name, String comment, String owner, long at) {
    handle
        .createUpdate(
            "UPDATE schemas SET comment = :comment, owner = :owner, updated_at = :at"
                + " WHERE catalog_name = :catalog AND name = :name")
        .bind("comment", comment)
        .bind("owner", owner)
        .bind("at", at)
        .bind("catalog", name.catalog())
        .bind("name", name.schema())
        .execute();
  }

  boolean isEmpty(Handle handle, SchemaName name) {
    for (String table : List.of("tables", "volumes", "functions")) {
      int count =
          handle
              .createQuery(
                  "SELECT count(*) FROM "
                      + table
                      + " WHERE catalog_name = :catalog AND schema_name = :name")
              .bind("catalog", name.catalog())
              .bind("name", name.schema())
              .mapTo(Integer.class)
              .one();
      if (count > 0) {
        return false;
      }
    }
    return true;
  }

  void deleteSchema(Handle handle, SchemaName name) {
    for (String table : List.of("tables", "volumes", "functions")) {
      handle
          .createUpdate(
              "DELETE FROM " + table + " WHERE catalog_name = :catalog AND schema_name = :name")
          .bind("catalog", name.catalog())
          .bind("name", name.schema())
          .execute();
    }
    handle
        .createUpdate("DELETE FROM schemas WHERE catalog_name = :catalog AND name = :name")
        .bind("catalog", name.catalog())
        .bind("name", name.schema())
        .execute();
  }

  static String json(Map<String, String> properties) {
    return Json.string(new TreeMap<>(properties));
  }

  static Map<String, String> properties(String json) {
    Map<String, String> properties = new TreeMap<>();
    Json.tree(json).properties().forEach(e -> properties.put(e.getKey(), e.getValue().asText()));
    return properties;
  }

  private static CatalogInfo catalog(ResultSet rows) throws SQLException {
    return new CatalogInfo(
        rows.getString("name"),
        rows.getString("owner"),
        rows.getString("comment"),
        properties(rows.getString("properties")),
        rows.getLong("created_at"),
        rows.getLong("updated_at"));
  }

  private static SchemaInfo schema(ResultSet rows) throws SQLException {
    return new SchemaInfo(
        new SchemaName(rows.getString("catalog_name"), rows.getString("name")),
        rows.getString("owner"),
        rows.getString("comment"),
        properties(rows.getString("properties")),
        rows.getLong("created_at"),
        rows.getLong("updated_at"));
  }

  /**
   * @throws TarnException CATALOG_DOES_NOT_EXIST, SCHEMA_DOES_NOT_EXIST
   */
  void requireSchema(Handle handle, SchemaName name) {
    if (catalog(handle, name.catalog()).isEmpty()) {
      throw Catalogs.missing(name.catalog());
    }
    if (schema(handle, name).isEmpty()) {
      throw Schemas.missing(name);
    }
  }
}
