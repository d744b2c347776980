package dev.tarn.govern.locations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** External locations as rows. */
final class LocationsStore {
  void insert(Handle handle, ExternalLocation location) {
    bind(
            handle.createUpdate(
                "INSERT INTO external_locations (location_id, name, url, owner, comment, read_only,"
                    + " credential_id, isolated, created_by, created_at, updated_by, updated_at) VALUES (:id, :name, :url,"
                    + " :owner, :comment, :readOnly, :credential, :isolated, :createdBy, :createdAt, :updatedBy,"
                    + " :updatedAt)"),
            location)
        .execute();
  }

  void update(Handle handle, ExternalLocation location) {
    bind(
            handle.createUpdate(
                "UPDATE external_locations SET name = :name, url = :url, owner = :owner, comment ="
                    + " :comment, read_only = :readOnly, credential_id = :credential, isolated = :isolated, updated_by = :updatedBy, updated_at ="
                    + " :updatedAt WHERE location_id = :id"),
            location)
        .execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, ExternalLocation location) {
    return statement
        .bind("id", location.locationId())
        .bind("name", location.name())
        .bind("url", location.url())
        .bind("owner", location.owner())
        .bind("comment", location.comment())
        .bind("readOnly", location.readOnly() ? 1 : 0)
        .bind("credential", location.credentialId())
        .bind("isolated", location.isolated() ? 1 : 0)
        .bind("createdBy", location.createdBy())
        .bind("createdAt", location.createdAt())
        .bind("updatedBy", location.updatedBy())
        .bind("updatedAt", location.updatedAt());
  }

  Optional<ExternalLocation> find(Handle handle, String name) {
    return handle
        .createQuery("SELECT * FROM external_locations WHERE name = :name")
        .bind("name", name)
        .map((rows, context) -> location(rows))
        .findOne();
  }

  List<ExternalLocation> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM external_locations ORDER BY name")
        .map((rows, context) -> location(rows))
        .list();
  }

  void delete(Handle handle, String name) {
    handle
        .createUpdate("DELETE FROM external_locations WHERE name = :name")
        .bind("name", name)
        .execute();
  }

  private static ExternalLocation location(ResultSet rows) throws SQLException {
    return new ExternalLocation(
        rows.getString("location_id"),
        rows.getString("name"),
        rows.getString("url"),
        rows.getString("owner"),
        rows.getString("comment"),
        rows.getInt("read_only") != 0,
        rows.getString("credential_id"),
        rows.getInt("isolated") != 0,
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }
}
