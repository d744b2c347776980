package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Volumes as rows. */
final class VolumesStore {
  private static final String BY_NAME =
      " WHERE catalog_name = :catalog AND schema_name = :schema AND name = :name";

  boolean insert(Handle handle, VolumeInfo volume) {
    return TablesStore.at(
                handle.createUpdate(
                    "INSERT INTO volumes"
                        + " (volume_id, catalog_name, schema_name, name, volume_type,"
                        + " storage_location, storage_key, owner, comment, created_at, updated_at)"
                        + " VALUES (:id, :catalog, :schema, :name, :type, :location, :key, :owner,"
                        + " :comment, :created, :updated)"
                        + " ON CONFLICT (catalog_name, schema_name, name) DO NOTHING"),
                volume.name())
            .bind("id", volume.volumeId())
            .bind("type", volume.volumeType())
            .bind("location", volume.storageLocation())
            .bind("key", LocationKey.of(volume.storageLocation()))
            .bind("owner", volume.owner())
            .bind("comment", volume.comment())
            .bind("created", volume.createdAt())
            .bind("updated", volume.updatedAt())
            .execute()
        == 1;
  }

  Optional<VolumeInfo> find(Handle handle, EntityName name) {
    return TablesStore.at(handle.createQuery("SELECT * FROM volumes" + BY_NAME), name)
        .map((rows, context) -> volume(rows))
        .findOne();
  }

  List<VolumeInfo> list(Handle handle, SchemaName schema) {
    return list(handle, schema, "", Integer.MAX_VALUE);
  }

  /**
   * Those of a schema after a name, by name.
   *
   * @param most that are read
   */
  List<VolumeInfo> list(Handle handle, SchemaName schema, String after, int most) {
    return handle
        .createQuery(
            "SELECT * FROM volumes WHERE catalog_name = :catalog AND schema_name = :schema"
                + " AND name > :after ORDER BY name LIMIT :most")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .bind("after", after)
        .bind("most", most)
        .map((rows, context) -> volume(rows))
        .list();
  }

  void update(Handle handle, EntityName name, String comment, String owner, long at) {
    TablesStore.at(
            handle.createUpdate(
                "UPDATE volumes SET comment = :comment, owner = :owner, updated_at = :at"
                    + BY_NAME),
            name)
        .bind("comment", comment)
        .bind("owner", owner)
        .bind("at", at)
        .execute();
  }

  void rename(Handle handle, EntityName from, EntityName to, long at) {
    TablesStore.at(
            handle.createUpdate("UPDATE volumes SET name = :newName, updated_at = :at" + BY_NAME),
            from)
        .bind("newName", to.name())
        .bind("at", at)
        .execute();
  }

  void delete(Handle handle, EntityName name) {
    TablesStore.at(handle.createUpdate("DELETE FROM volumes" + BY_NAME), name).execute();
  }

  private static VolumeInfo volume(ResultSet rows) throws SQLException {
    return new VolumeInfo(
        rows.getString("volume_id"),
        new EntityName(
            rows.getString("catalog_name"), rows.getString("schema_name"), rows.getString("name")),
        rows.getString("volume_type"),
        rows.getString("storage_location"),
        rows.getString("owner"),
        rows.getString("comment"),
        rows.getLong("created_at"),
        rows.getLong("updated_at"));
  }
}
