package dev.tarn.govern.tags;

import dev.tarn.kernel.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Tag policies as rows. */
final class TagPoliciesStore {
  void insert(Handle handle, TagPolicy policy) {
    handle
        .createUpdate(
            "INSERT INTO tag_policies (policy_id, tag_key, description, allowed_values, created_at,"
                + " updated_at) VALUES (:id, :key, :description, :values, :created, :updated)")
        .bind("id", policy.policyId())
        .bind("key", policy.tagKey())
        .bind("description", policy.description())
        .bind("values", Json.string(policy.values()))
        .bind("created", policy.createdAt())
        .bind("updated", policy.updatedAt())
        .execute();
  }

  Optional<TagPolicy> find(Handle handle, String key) {
    return handle
        .createQuery("SELECT * FROM tag_policies WHERE tag_key = :key")
        .bind("key", key)
        .map((rows, context) -> policy(rows))
        .findOne();
  }

  List<TagPolicy> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM tag_policies ORDER BY tag_key")
        .map((rows, context) -> policy(rows))
        .list();
  }

  void update(Handle handle, TagPolicy policy) {
    handle
        .createUpdate(
            "UPDATE tag_policies SET description = :description, allowed_values = :values,"
                + " updated_at = :updated WHERE tag_key = :key")
        .bind("key", policy.tagKey())
        .bind("description", policy.description())
        .bind("values", Json.string(policy.values()))
        .bind("updated", policy.updatedAt())
        .execute();
  }

  void delete(Handle handle, String key) {
    handle.createUpdate("DELETE FROM tag_policies WHERE tag_key = :key").bind("key", key).execute();
  }

  private static TagPolicy policy(ResultSet rows) throws SQLException {
    return new TagPolicy(
        rows.getString("policy_id"),
        rows.getString("tag_key"),
        rows.getString("description"),
        List.of(Json.read(rows.getString("allowed_values"), String[].class)),
        rows.getLong("created_at"),
        rows.getLong("updated_at"));
  }
}
