package dev.tarn.platform.identity.secrets;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Hashes of secrets as rows. */
final class ServicePrincipalSecretsStore {
  record Row(String id, String hash, String owner, long createdAt, long expiresAt) {}

  private static final RowMapper<Row> ROW =
      (rows, context) ->
          new Row(
              rows.getString("secret_id"),
              rows.getString("secret_hash"),
              rows.getString("user_name"),
              rows.getLong("created_at"),
              rows.getLong("expires_at"));
  private static final String SELECT =
      "SELECT secret_id, secret_hash, user_name, created_at, expires_at"
          + " FROM service_principal_secrets ";

  void add(Handle handle, Row row) {
    handle
        .createUpdate(
            "INSERT INTO service_principal_secrets"
                + " (secret_id, secret_hash, user_name, created_at, expires_at)"
                + " VALUES (:id, :hash, :owner, :created, :expires)")
        .bind("id", row.id())
        .bind("hash", row.hash())
        .bind("owner", row.owner())
        .bind("created", row.createdAt())
        .bind("expires", row.expiresAt())
        .execute();
  }

  List<Row> of(Handle handle, String owner) {
    return handle
        .createQuery(SELECT + "WHERE user_name = :owner ORDER BY created_at, secret_id")
        .bind("owner", owner)
        .map(ROW)
        .list();
  }

  Optional<Row> byHash(Handle handle, String hash) {
    return handle
        .createQuery(SELECT + "WHERE secret_hash = :hash")
        .bind("hash", hash)
        .map(ROW)
        .findOne();
  }

  Optional<Row> byId(Handle handle, String id) {
    return handle.createQuery(SELECT + "WHERE secret_id = :id").bind("id", id).map(ROW).findOne();
  }

  boolean delete(Handle handle, String owner, String id) {
    return handle
            .createUpdate(
                "DELETE FROM service_principal_secrets"
                    + " WHERE secret_id = :id AND user_name = :owner")
            .bind("id", id)
            .bind("owner", owner)
            .execute()
        == 1;
  }
}
