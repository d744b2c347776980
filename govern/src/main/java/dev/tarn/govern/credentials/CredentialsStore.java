package dev.tarn.govern.credentials;

import dev.tarn.kernel.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Credentials as rows. */
final class CredentialsStore {
  void insert(Handle handle, Credential credential, String secret) {
    bind(
            handle.createUpdate(
                "INSERT INTO credentials (credential_id, name, purpose, kind, identity, secret,"
                    + " owner, comment, read_only, isolated, created_by, created_at, updated_by,"
                    + " updated_at) VALUES (:id, :name, :purpose, :kind, :identity, :secret,"
                    + " :owner, :comment, :readOnly, :isolated, :createdBy, :createdAt, :updatedBy,"
                    + " :updatedAt)"),
            credential)
        .bind("secret", secret)
        .execute();
  }

  void update(Handle handle, Credential credential, String secret) {
    bind(
            handle.createUpdate(
                "UPDATE credentials SET name = :name, kind = :kind, identity = :identity, secret ="
                    + " :secret, owner = :owner, comment = :comment, read_only = :readOnly,"
                    + " isolated = :isolated, updated_by = :updatedBy, updated_at = :updatedAt"
                    + " WHERE credential_id = :id"),
            credential)
        .bind("secret", secret)
        .execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Credential credential) {
    return statement
        .bind("id", credential.credentialId())
        .bind("name", credential.name())
        .bind("purpose", credential.purpose().name())
        .bind("kind", credential.kind().name())
        .bind("identity", Json.string(new TreeMap<>(credential.identity())))
        .bind("owner", credential.owner())
        .bind("comment", credential.comment())
        .bind("readOnly", credential.readOnly() ? 1 : 0)
        .bind("isolated", credential.isolated() ? 1 : 0)
        .bind("createdBy", credential.createdBy())
        .bind("createdAt", credential.createdAt())
        .bind("updatedBy", credential.updatedBy())
        .bind("updatedAt", credential.updatedAt());
  }

  Optional<Credential> find(Handle handle, String name) {
    return one(handle, "name", name);
  }

  Optional<Credential> byId(Handle handle, String id) {
    return one(handle, "credential_id", id);
  }

  private static Optional<Credential> one(Handle handle, String column, String value) {
    return handle
        .createQuery("SELECT * FROM credentials WHERE " + column + " = :value")
        .bind("value", value)
        .map((rows, context) -> credential(rows))
        .findOne();
  }

  /** Encrypted. */
  Optional<String> secret(Handle handle, String id) {
    return handle
        .createQuery("SELECT secret FROM credentials WHERE credential_id = :id")
        .bind("id", id)
        .map((rows, context) -> Optional.ofNullable(rows.getString("secret")))
        .findOne()
        .flatMap(secret -> secret);
  }

  /** The name of a location that is reached with it. */
  Optional<String> location(Handle handle, String id) {
    return handle
        .createQuery("SELECT min(name) FROM external_locations WHERE credential_id = :id")
        .bind("id", id)
        .map((rows, context) -> Optional.ofNullable(rows.getString(1)))
        .one();
  }

  List<Credential> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM credentials ORDER BY name")
        .map((rows, context) -> credential(rows))
        .list();
  }

  void delete(Handle handle, String id) {
    handle
        .createUpdate("DELETE FROM credentials WHERE credential_id = :id")
        .bind("id", id)
        .execute();
  }

  private static Credential credential(ResultSet rows) throws SQLException {
    Map<String, String> identity = new TreeMap<>();
    Json.tree(rows.getString("identity"))
        .properties()
        .forEach(field -> identity.put(field.getKey(), field.getValue().asText()));
    return new Credential(
        rows.getString("credential_id"),
        rows.getString("name"),
        Purpose.valueOf(rows.getString("purpose")),
        CredentialKind.valueOf(rows.getString("kind")),
        identity,
        rows.getString("owner"),
        rows.getString("comment"),
        rows.getInt("read_only") != 0,
        rows.getInt("isolated") != 0,
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }
}
