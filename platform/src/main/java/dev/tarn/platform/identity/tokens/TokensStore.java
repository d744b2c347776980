package dev.tarn.platform.identity.tokens;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Hashes of tokens as rows. */
final class TokensStore {
  record StoredToken(String tokenId, String userName, Long expiresAt, Long lastUsedDay) {}

  private static final RowMapper<TokenInfo> INFO =
      (rows, context) ->
          new TokenInfo(
              rows.getString("token_id"),
              rows.getLong("created_at"),
              rows.getLong("expires_at"),
              rows.getString("comment"));
  private static final String MANAGED_COLUMNS =
      "SELECT t.token_id, t.created_at, coalesce(t.expires_at, -1) AS expires_at, t.comment,"
          + " c.user_id AS created_by_id, t.created_by, o.user_id AS owner_id, t.last_used_day"
          + " FROM access_tokens t JOIN users o ON o.user_name = t.user_name"
          + " LEFT JOIN users c ON c.user_name = t.created_by ";
  private static final RowMapper<ManagedToken> MANAGED =
      (rows, context) ->
          new ManagedToken(
              rows.getString("token_id"),
              rows.getLong("created_at"),
              rows.getLong("expires_at"),
              rows.getString("comment"),
              number(rows, "created_by_id"),
              rows.getString("created_by"),
              rows.getLong("owner_id"),
              number(rows, "last_used_day"));

  private static Long number(ResultSet rows, String column) throws SQLException {
    long value = rows.getLong(column);
    return rows.wasNull() ? null : (Long) value;
  }

  void add(Handle handle, String hash, String owner, String createdBy, TokenInfo token) {
    handle
        .createUpdate(
            "INSERT INTO access_tokens (token_id, token_hash, user_name, comment, created_at,"
                + " expires_at, created_by)"
                + " VALUES (:id, :hash, :user, :comment, :created, :expires, :by)")
        .bind("id", token.tokenId())
        .bind("hash", hash)
        .bind("user", owner)
        .bind("comment", token.comment())
        .bind("created", token.creationTime())
        .bind("expires", token.expiryTime() < 0 ? null : (Long) token.expiryTime())
        .bind("by", createdBy)
        .execute();
  }

  Optional<StoredToken> byHash(Handle handle, String hash) {
    return handle
        .createQuery(
            "SELECT token_id, user_name, expires_at, last_used_day FROM access_tokens"
                + " WHERE token_hash = :hash")
        .bind("hash", hash)
        .map(
            (rows, context) ->
                new StoredToken(
                    rows.getString("token_id"),
                    rows.getString("user_name"),
                    number(rows, "expires_at"),
                    number(rows, "last_used_day")))
        .findOne();
  }

  void used(Handle handle, String tokenId, long day) {
    handle
        .createUpdate("UPDATE access_tokens SET last_used_day = :day WHERE token_id = :id")
        .bind("day", day)
        .bind("id", tokenId)
        .execute();
  }

  int count(Handle handle, String owner, long now) {
    return handle
        .createQuery(
            "SELECT count(*) FROM access_tokens WHERE user_name = :user"
                + " AND (expires_at IS NULL OR expires_at > :now)")
        .bind("user", owner)
        .bind("now", now)
        .mapTo(Integer.class)
        .one();
  }

  void deleteExpired(Handle handle, String owner, long before) {
    handle
        .createUpdate("DELETE FROM access_tokens WHERE user_name = :user AND expires_at <= :before")
        .bind("user", owner)
        .bind("before", before)
        .execute();
  }

  List<TokenInfo> of(Handle handle, String owner) {
    return handle
        .createQuery(
            "SELECT token_id, comment, created_at, coalesce(expires_at, -1) AS expires_at"
                + " FROM access_tokens WHERE user_name = :user ORDER BY created_at, token_id")
        .bind("user", owner)
        .map(INFO)
        .list();
  }

  List<ManagedToken> all(Handle handle) {
    return handle
        .createQuery(MANAGED_COLUMNS + "ORDER BY t.created_at, t.token_id")
        .map(MANAGED)
        .list();
  }

  Optional<ManagedToken> managed(Handle handle, String tokenId) {
    return handle
        .createQuery(MANAGED_COLUMNS + "WHERE t.token_id = :id")
        .bind("id", tokenId)
        .map(MANAGED)
        .findOne();
  }

  Optional<String> owner(Handle handle, String tokenId) {
    return handle
        .createQuery("SELECT user_name FROM access_tokens WHERE token_id = :id")
        .bind("id", tokenId)
        .mapTo(String.class)
        .findOne();
  }

  void comment(Handle handle, String tokenId, String comment) {
    handle
        .createUpdate("UPDATE access_tokens SET comment = :comment WHERE token_id = :id")
        .bind("comment", comment)
        .bind("id", tokenId)
        .execute();
  }

  void delete(Handle handle, String tokenId) {
    handle
        .createUpdate("DELETE FROM access_tokens WHERE token_id = :id")
        .bind("id", tokenId)
        .execute();
  }
}
