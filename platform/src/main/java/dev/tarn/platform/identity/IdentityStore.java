package dev.tarn.platform.identity;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Users, groups and hashes of tokens as rows. */
final class IdentityStore {
  record StoredToken(String userName, Long expiresAt) {}

  boolean addUser(Handle handle, String userName, long at) {
    return handle
            .createUpdate(
                "INSERT INTO users (user_name, user_id, created_at)"
                    + " SELECT :name, coalesce(max(user_id), 1000) + 1, :at FROM users"
                    // SQLite reads ON after a SELECT as a join's, unless a WHERE ends it.
                    + " WHERE true ON CONFLICT (user_name) DO NOTHING")
            .bind("name", userName)
            .bind("at", at)
            .execute()
        == 1;
  }

  void addGroup(Handle handle, String group, long at) {
    handle
        .createUpdate(
            "INSERT INTO user_groups (group_name, created_at) VALUES (:name, :at)"
                + " ON CONFLICT DO NOTHING")
        .bind("name", group)
        .bind("at", at)
        .execute();
  }

  void addMember(Handle handle, String group, String userName) {
    handle
        .createUpdate(
            "INSERT INTO group_members (group_name, user_name) VALUES (:group, :user)"
                + " ON CONFLICT DO NOTHING")
        .bind("group", group)
        .bind("user", userName)
        .execute();
  }

  boolean isUser(Handle handle, String name) {
    return handle
        .createQuery("SELECT 1 FROM users WHERE user_name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  boolean isGroup(Handle handle, String name) {
    return handle
        .createQuery("SELECT 1 FROM user_groups WHERE group_name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  List<String> groupsOf(Handle handle, String userName) {
    return handle
        .createQuery(
            "SELECT group_name FROM group_members WHERE user_name = :user ORDER BY group_name")
        .bind("user", userName)
        .mapTo(String.class)
        .list();
  }

  Optional<User> user(Handle handle, String userName) {
    return handle
        .createQuery("SELECT user_id FROM users WHERE user_name = :name")
        .bind("name", userName)
        .mapTo(Long.class)
        .findOne()
        .map(id -> new User(id, userName, groupsOf(handle, userName)));
  }

  List<User> users(Handle handle) {
    return handle
        .createQuery("SELECT user_name FROM users ORDER BY user_id")
        .mapTo(String.class)
        .list()
        .stream()
        .flatMap(name -> user(handle, name).stream())
        .toList();
  }

  void addToken(Handle handle, String hash, String userName, TokenInfo token) {
    handle
        .createUpdate(
            "INSERT INTO tokens"
                + " (token_id, token_hash, user_name, comment, created_at, expires_at)"
                + " VALUES (:id, :hash, :user, :comment, :created, :expires)")
        .bind("id", token.tokenId())
        .bind("hash", hash)
        .bind("user", userName)
        .bind("comment", token.comment())
        .bind("created", token.creationTime())
        .bind("expires", token.expiryTime() < 0 ? null : (Long) token.expiryTime())
        .execute();
  }

  Optional<StoredToken> token(Handle handle, String hash) {
    return handle
        .createQuery("SELECT user_name, expires_at FROM tokens WHERE token_hash = :hash")
        .bind("hash", hash)
        .map(
            (rows, context) -> {
              long expires = rows.getLong("expires_at");
              Long expiresAt = rows.wasNull() ? null : (Long) expires;
              return new StoredToken(rows.getString("user_name"), expiresAt);
            })
        .findOne();
  }

  List<TokenInfo> tokensOf(Handle handle, String userName) {
    return handle
        .createQuery(
            "SELECT token_id, comment, created_at, coalesce(expires_at, -1) AS expires_at"
                + " FROM tokens WHERE user_name = :user ORDER BY created_at, token_id")
        .bind("user", userName)
        .map(
            (rows, context) ->
                new TokenInfo(
                    rows.getString("token_id"),
                    rows.getLong("created_at"),
                    rows.getLong("expires_at"),
                    rows.getString("comment")))
        .list();
  }

  Optional<String> ownerOfToken(Handle handle, String tokenId) {
    return handle
        .createQuery("SELECT user_name FROM tokens WHERE token_id = :id")
        .bind("id", tokenId)
        .mapTo(String.class)
        .findOne();
  }

  void deleteToken(Handle handle, String tokenId) {
    handle.createUpdate("DELETE FROM tokens WHERE token_id = :id").bind("id", tokenId).execute();
  }
}
