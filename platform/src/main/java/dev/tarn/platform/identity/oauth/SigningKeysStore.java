package dev.tarn.platform.identity.oauth;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Public keys as rows. */
final class SigningKeysStore {
  record Row(String kid, String publicJwk, long signsUntil, long publishedUntil) {}

  private static final RowMapper<Row> ROW =
      (rows, context) ->
          new Row(
              rows.getString("kid"),
              rows.getString("public_jwk"),
              rows.getLong("signs_until"),
              rows.getLong("published_until"));
  private static final String SELECT =
      "SELECT kid, public_jwk, signs_until, published_until FROM oauth_keys ";

  void add(Handle handle, Row row, long at) {
    handle
        .createUpdate(
            "INSERT INTO oauth_keys (kid, public_jwk, created_at, signs_until, published_until)"
                + " VALUES (:kid, :jwk, :at, :signs, :published)")
        .bind("kid", row.kid())
        .bind("jwk", row.publicJwk())
        .bind("at", at)
        .bind("signs", row.signsUntil())
        .bind("published", row.publishedUntil())
        .execute();
  }

  Optional<Row> get(Handle handle, String kid) {
    return handle.createQuery(SELECT + "WHERE kid = :kid").bind("kid", kid).map(ROW).findOne();
  }

  List<Row> published(Handle handle, long now) {
    return handle
        .createQuery(SELECT + "WHERE published_until > :now ORDER BY created_at, kid")
        .bind("now", now)
        .map(ROW)
        .list();
  }

  /** Ends signing now; the key stays published as long as given, or shorter. */
  void retire(Handle handle, String kid, long now, long publishedUntil) {
    handle
        .createUpdate(
            "UPDATE oauth_keys SET signs_until = :now, published_until = :published"
                + " WHERE kid = :kid AND published_until > :published")
        .bind("kid", kid)
        .bind("now", now)
        .bind("published", publishedUntil)
        .execute();
  }

  void deleteAll(Handle handle) {
    handle.createUpdate("DELETE FROM oauth_keys").execute();
  }

  void deleteEnded(Handle handle, long now) {
    handle
        .createUpdate("DELETE FROM oauth_keys WHERE published_until <= :now")
        .bind("now", now)
        .execute();
  }
}
