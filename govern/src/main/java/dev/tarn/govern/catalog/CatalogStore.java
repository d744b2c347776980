package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.SchemaName;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Catalogs and schemas as rows. */
final class CatalogStore {
  /** What has a catalog and a schema in its rows, beside the schemas themselves. */
  private static final List<String> CONTENTS =
      List.of("tables", "volumes", "functions", "registered_models");

  /** What goes along when a catalog or schema gets another name. */
  private static final List<String> MOVED =
      Stream.concat(CONTENTS.stream(), Stream.of("dropped_tables")).toList();

  private static final String CATALOGS =
      "SELECT catalogs.*, connections.name AS connection_name FROM catalogs LEFT JOIN connections ON"
          + " connections.connection_id = catalogs.connection_id";

  boolean insert(Handle handle, CatalogInfo catalog) {
    return bind(
                handle.createUpdate(
                    "INSERT INTO catalogs (catalog_id, name, owner, comment, properties, isolated,"
                        + " connection_id, options, storage_root, storage_location, storage_key,"
                        + " created_by, created_at, updated_by, updated_at) VALUES (:id, :name,"
                        + " :owner, :comment, :properties, :isolated, :connectionId, :options,"
                        + " :root, :location, :key, :createdBy, :createdAt, :updatedBy, :updatedAt)"
                        + " ON CONFLICT DO NOTHING"),
                catalog)
            .execute()
        == 1;
  }

  private static <S extends SqlStatement<S>> S bind(S statement, CatalogInfo catalog) {
    return ManagedStorageStore.bind(statement, catalog.storage())
        .bind("id", catalog.catalogId())
        .bind("name", catalog.name())
        .bind("owner", catalog.owner())
        .bind("comment", catalog.comment())
        .bind("properties", json(catalog.properties()))
        .bind("isolated", catalog.isolated() ? 1 : 0)
        .bind("connectionId", catalog.foreign().map(ForeignSource::connectionId).orElse(null))
        .bind("options", catalog.foreign().map(each -> json(each.options())).orElse(null))
        .bind("createdBy", catalog.createdBy())
        .bind("createdAt", catalog.createdAt())
        .bind("updatedBy", catalog.updatedBy())
        .bind("updatedAt", catalog.updatedAt());
  }

  Optional<CatalogInfo> catalog(Handle handle, String name) {
    return handle
        .createQuery(CATALOGS + " WHERE catalogs.name = :name")
        .bind("name", name)
        .map((rows, context) -> catalog(rows))
        .findOne();
  }

  List<CatalogInfo> catalogs(Handle handle) {
    return handle
        .createQuery(CATALOGS + " ORDER BY catalogs.name")
        .map((rows, context) -> catalog(rows))
        .list();
  }

  /** Everything but id and creation; the name only with {@link #renameCatalog}. */
  void update(Handle handle, CatalogInfo catalog) {
    bind(
            handle.createUpdate(
                "UPDATE catalogs SET catalog_id = :id, owner = :owner, comment = :comment,"
                    + " properties = :properties, isolated = :isolated, connection_id ="
                    + " :connectionId, options = :options, storage_root = :root, storage_location"
                    + " = :location, storage_key = :key, updated_by = :updatedBy, updated_at ="
                    + " :updatedAt WHERE name = :name"),
            catalog)
        .execute();
  }

  /** Moves a catalog with all in it; the new name must be free. */
  void renameCatalog(Handle handle, String from, String to) {
    // A copy first, since rows refer to it: neither database would let a name in use change.
    for (String sql :
        List.of(
            "INSERT INTO catalogs (catalog_id, name, owner, comment, properties, isolated,"
                + " connection_id, options, storage_root, storage_location, storage_key, created_by,"
                + " created_at, updated_by, updated_at) SELECT"
                + " catalog_id, :to, owner, comment, properties, isolated, connection_id, options,"
                + " storage_root, storage_location, storage_key, created_by, created_at,"
                + " updated_by, updated_at FROM catalogs WHERE name = :from",
            "INSERT INTO schemas (schema_id, catalog_name, name, owner, comment, properties,"
                + " storage_root, storage_location, storage_key, created_by, created_at,"
                + " updated_by, updated_at) SELECT schema_id, :to, name, owner, comment,"
                + " properties, storage_root, storage_location, storage_key, created_by,"
                + " created_at, updated_by, updated_at FROM schemas WHERE catalog_name = :from")) {
      handle.createUpdate(sql).bind("from", from).bind("to", to).execute();
    }
    for (String table : MOVED) {
      handle
          .createUpdate("UPDATE " + table + " SET catalog_name = :to WHERE catalog_name = :from")
          .bind("from", from)
          .bind("to", to)
          .execute();
    }
    handle.createUpdate("DELETE FROM schemas WHERE catalog_name = :n").bind("n", from).execute();
    handle.createUpdate("DELETE FROM catalogs WHERE name = :n").bind("n", from).execute();
  }

  void deleteCatalog(Handle handle, String name) {
    for (String table : CONTENTS) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE catalog_name = :name")
          .bind("name", name)
          .execute();
    }
    handle
        .createUpdate("DELETE FROM schemas WHERE catalog_name = :name")
        .bind("name", name)
        .execute();
    handle.createUpdate("DELETE FROM catalogs WHERE name = :name").bind("name", name).execute();
  }

  boolean insert(Handle handle, SchemaInfo schema) {
    return bind(
                handle.createUpdate(
                    "INSERT INTO schemas (schema_id, catalog_name, name, owner, comment,"
                        + " properties, storage_root, storage_location, storage_key, created_by,"
                        + " created_at, updated_by, updated_at) VALUES (:id, :catalog, :name,"
                        + " :owner, :comment, :properties, :root, :location, :key, :createdBy,"
                        + " :createdAt, :updatedBy, :updatedAt) ON CONFLICT DO NOTHING"),
                schema)
            .execute()
        == 1;
  }

  private static <S extends SqlStatement<S>> S bind(S statement, SchemaInfo schema) {
    return ManagedStorageStore.bind(statement, schema.storage())
        .bind("id", schema.schemaId())
        .bind("catalog", schema.name().catalog())
        .bind("name", schema.name().schema())
        .bind("owner", schema.owner())
        .bind("comment", schema.comment())
        .bind("properties", json(schema.properties()))
        .bind("createdBy", schema.createdBy())
        .bind("createdAt", schema.createdAt())
        .bind("updatedBy", schema.updatedBy())
        .bind("updatedAt", schema.updatedAt());
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
    return schemas(handle, catalog, "", Integer.MAX_VALUE);
  }

  /**
   * Those after a name, by name.
   *
   * @param most that are read
   */
  List<SchemaInfo> schemas(Handle handle, String catalog, String after, int most) {
    return handle
        .createQuery(
            "SELECT * FROM schemas WHERE catalog_name = :catalog AND name > :after ORDER BY name"
                + " LIMIT :most")
        .bind("catalog", catalog)
        .bind("after", after)
        .bind("most", most)
        .map((rows, context) -> schema(rows))
        .list();
  }

  /** Everything but id and creation; the name only with {@link #renameSchema}. */
  void update(Handle handle, SchemaInfo schema) {
    bind(
            handle.createUpdate(
                "UPDATE schemas SET schema_id = :id, owner = :owner, comment = :comment,"
                    + " properties = :properties, storage_root = :root, storage_location ="
                    + " :location, storage_key = :key, updated_by = :updatedBy, updated_at ="
                    + " :updatedAt WHERE catalog_name = :catalog AND name = :name"),
            schema)
        .execute();
  }

  /** Moves a schema with all in it, within its catalog; the new name must be free. */
  void renameSchema(Handle handle, SchemaInfo schema, SchemaName to) {
    SchemaName from = schema.name();
    insert(
        handle,
        new SchemaInfo(
            schema.schemaId(),
            to,
            schema.owner(),
            schema.comment(),
            schema.properties(),
            schema.storage(),
            schema.createdBy(),
            schema.createdAt(),
            schema.updatedBy(),
            schema.updatedAt()));
    for (String table : MOVED) {
      handle
          .createUpdate(
              "UPDATE "
                  + table
                  + " SET schema_name = :to WHERE catalog_name = :catalog AND schema_name = :from")
          .bind("to", to.schema())
          .bind("catalog", from.catalog())
          .bind("from", from.schema())
          .execute();
    }
    handle
        .createUpdate("DELETE FROM schemas WHERE catalog_name = :catalog AND name = :name")
        .bind("catalog", from.catalog())
        .bind("name", from.schema())
        .execute();
  }

  boolean isEmpty(Handle handle, SchemaName name) {
    for (String table : CONTENTS) {
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
    for (String table : CONTENTS) {
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
    if (json.equals("{}")) {
      return Map.of();
    }
    Map<String, String> properties = new TreeMap<>();
    Json.tree(json).properties().forEach(e -> properties.put(e.getKey(), e.getValue().asText()));
    return properties;
  }

  private static CatalogInfo catalog(ResultSet rows) throws SQLException {
    return new CatalogInfo(
        id(rows, "catalog_id", rows.getString("name")),
        rows.getString("name"),
        rows.getString("owner"),
        rows.getString("comment"),
        properties(rows.getString("properties")),
        rows.getInt("isolated") != 0,
        foreign(rows),
        ManagedStorageStore.root(rows),
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }

  private static Optional<ForeignSource> foreign(ResultSet rows) throws SQLException {
    String connectionId = rows.getString("connection_id");
    return connectionId == null
        ? Optional.empty()
        : Optional.of(
            new ForeignSource(
                connectionId,
                rows.getString("connection_name"),
                properties(rows.getString("options"))));
  }

  private static SchemaInfo schema(ResultSet rows) throws SQLException {
    SchemaName name = new SchemaName(rows.getString("catalog_name"), rows.getString("name"));
    return new SchemaInfo(
        id(rows, "schema_id", name.fullName()),
        name,
        rows.getString("owner"),
        rows.getString("comment"),
        properties(rows.getString("properties")),
        ManagedStorageStore.root(rows),
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }

  /** What was made before ids were kept gets one that any change then keeps. */
  private static String id(ResultSet rows, String column, String name) throws SQLException {
    String id = rows.getString(column);
    return id != null
        ? id
        : UUID.nameUUIDFromBytes(
                (name + rows.getLong("created_at")).getBytes(StandardCharsets.UTF_8))
            .toString();
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST if the connection has gone meanwhile
   */
  void requireConnection(Handle handle, ForeignSource foreign) {
    if (handle
        .select("SELECT 1 FROM connections WHERE connection_id = ?", foreign.connectionId())
        .mapTo(Integer.class)
        .findOne()
        .isEmpty()) {
      throw TarnException.notFound(
          ErrorCode.RESOURCE_DOES_NOT_EXIST, "Connection", foreign.connection());
    }
  }

  /**
   * @throws TarnException CATALOG_DOES_NOT_EXIST
   */
  CatalogInfo requireCatalog(Handle handle, String name) {
    return catalog(handle, name).orElseThrow(() -> Catalogs.missing(name));
  }

  /**
   * @throws TarnException as {@link #requireCatalog}; INVALID_PARAMETER_VALUE for a foreign one, in
   *     which nothing is made or dropped
   */
  void requireOwn(Handle handle, String name) {
    CatalogInfo catalog = requireCatalog(handle, name);
    if (catalog.foreign().isPresent()) {
      throw ForeignCatalogs.readOnly(catalog);
    }
  }

  /**
   * @throws TarnException as {@link #requireOwn}; SCHEMA_DOES_NOT_EXIST
   */
  void requireOwnSchema(Handle handle, SchemaName name) {
    requireOwn(handle, name.catalog());
    requireSchema(handle, name);
  }

  /**
   * @throws TarnException as {@link #requireCatalog}; SCHEMA_DOES_NOT_EXIST
   */
  void requireSchema(Handle handle, SchemaName name) {
    requireCatalog(handle, name.catalog());
    if (schema(handle, name).isEmpty()) {
      throw Schemas.missing(name);
    }
  }
}
