package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** The managed storage of catalogs and schemas, as columns of their rows. */
final class ManagedStorageStore {
  private static final String CONDITION =
      " WHERE storage_key IN (<upwards>) OR (storage_key > :before AND storage_key < :after)";

  private static final String OVERLAPPING =
      "SELECT 'catalog ' || name FROM catalogs"
          + CONDITION
          + " UNION ALL SELECT 'schema ' || catalog_name || '.' || name FROM schemas"
          + CONDITION
          + " UNION ALL SELECT 'what was dropped and may come back' FROM retired_storage"
          + CONDITION
          + " LIMIT 1";

  static <S extends SqlStatement<S>> S bind(S statement, Optional<StorageRoot> storage) {
    return statement
        .bind("root", storage.map(StorageRoot::url).orElse(null))
        .bind("location", storage.map(StorageRoot::location).orElse(null))
        .bind("key", storage.map(StorageRoot::location).map(LocationKey::of).orElse(null));
  }

  static Optional<StorageRoot> root(ResultSet rows) throws SQLException {
    String url = rows.getString("storage_root");
    return url == null
        ? Optional.empty()
        : Optional.of(new StorageRoot(url, rows.getString("storage_location")));
  }

  /** The folder of a schema, or else of its catalog. */
  Optional<String> location(Handle handle, SchemaName schema) {
    return handle
        .createQuery(
            "SELECT coalesce(schemas.storage_location, catalogs.storage_location) FROM catalogs"
                + " LEFT JOIN schemas ON schemas.catalog_name = catalogs.name"
                + " AND schemas.name = :schema WHERE catalogs.name = :catalog")
        .bind("schema", schema.schema())
        .bind("catalog", schema.catalog())
        .mapTo(String.class)
        .findOne();
  }

  /** Whose folder is, holds or lies in a location, in words. */
  Optional<String> overlapping(Handle handle, String location) {
    return handle
        .createQuery(OVERLAPPING)
        .bindList("upwards", keys(location))
        .bind("before", LocationKey.before(location))
        .bind("after", LocationKey.after(location))
        .mapTo(String.class)
        .findFirst();
  }

  /** Whether a location lies in such a folder, of whomever it is or was. */
  boolean holds(Handle handle, String location) {
    String within = " WHERE storage_key IN (<upwards>)";
    return handle
        .createQuery(
            "SELECT 1 FROM catalogs"
                + within
                + " UNION ALL SELECT 1 FROM schemas"
                + within
                + " UNION ALL SELECT 1 FROM retired_storage"
                + within
                + " LIMIT 1")
        .bindList("upwards", keys(location))
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  private static List<String> keys(String location) {
    return LocationKey.upwards(location).stream().map(LocationKey::of).toList();
  }

  void retire(Handle handle, StorageRoot storage, long goneAt) {
    handle
        .createUpdate(
            "INSERT INTO retired_storage (storage_location, storage_key, gone_at)"
                + " VALUES (:location, :key, :at) ON CONFLICT DO NOTHING")
        .bind("location", storage.location())
        .bind("key", LocationKey.of(storage.location()))
        .bind("at", goneAt)
        .execute();
  }

  /** Retired folders that nothing is left in, after their time. */
  List<String> empty(Handle handle, long now) {
    StringBuilder sql =
        new StringBuilder("SELECT storage_location FROM retired_storage WHERE gone_at <= :now");
    for (String table : List.of("tables", "volumes")) {
      sql.append(" AND NOT EXISTS (SELECT 1 FROM " + table + " WHERE ")
          .append(table + ".storage_key > retired_storage.storage_key || '2f' AND ")
          .append(table + ".storage_key < retired_storage.storage_key || '30')");
    }
    for (String column :
        List.of(
            "registered_models.storage_location",
            "staging_tables.staging_location",
            "discarded_files.storage_location")) {
      sql.append(" AND NOT EXISTS (SELECT 1 FROM " + column.substring(0, column.indexOf('.')))
          .append(" WHERE substr(" + column + ", 1, length(retired_storage.storage_location) + 1)")
          .append(" = retired_storage.storage_location || '/')");
    }
    return handle.createQuery(sql.toString()).bind("now", now).mapTo(String.class).list();
  }

  void forget(Handle handle, String location) {
    handle
        .createUpdate("DELETE FROM retired_storage WHERE storage_location = :location")
        .bind("location", location)
        .execute();
  }
}
