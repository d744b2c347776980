package dev.tarn.govern.abac;

import dev.tarn.govern.grants.Attached;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Policies as rows. */
public final class PoliciesStore implements Attached {
  void insert(Handle handle, AccessPolicy policy) {
    handle
        .createUpdate(
            "INSERT INTO policies (policy_id, securable_type, full_name, name, definition,"
                + " created_by, created_at, updated_by, updated_at) VALUES (:id, :type, :on, :name,"
                + " :definition, :createdBy, :createdAt, :updatedBy, :updatedAt)")
        .bind("id", policy.policyId())
        .bind("type", policy.on().type().name())
        .bind("on", policy.on().fullName())
        .bind("name", policy.name())
        .bind("definition", Json.string(policy.definition()))
        .bind("createdBy", policy.createdBy())
        .bind("createdAt", policy.createdAt())
        .bind("updatedBy", policy.updatedBy())
        .bind("updatedAt", policy.updatedAt())
        .execute();
  }

  List<AccessPolicy> on(Handle handle, Securable securable) {
    return handle
        .createQuery(
            "SELECT * FROM policies WHERE securable_type = :type AND full_name = :on ORDER BY name")
        .bind("type", securable.type().name())
        .bind("on", securable.fullName())
        .map((rows, context) -> policy(rows))
        .list();
  }

  /** Whether there is a policy anywhere that goes by the tag. */
  public boolean goesBy(Handle handle, String tagKey) {
    return handle
        .createQuery("SELECT * FROM policies")
        .map((rows, context) -> policy(rows).definition())
        .stream()
        .flatMap(
            definition ->
                Stream.concat(
                    Stream.ofNullable(definition.when()),
                    definition.matches().stream().map(PolicyDefinition.MatchedColumn::condition)))
        .anyMatch(condition -> TagCondition.parse(condition).keys().contains(tagKey));
  }

  void delete(Handle handle, AccessPolicy policy) {
    handle
        .createUpdate("DELETE FROM policies WHERE policy_id = :id")
        .bind("id", policy.policyId())
        .execute();
  }

  @Override
  public void forget(Handle handle, Securable securable) {
    handle
        .createUpdate("DELETE FROM policies WHERE securable_type = :type AND full_name = :on")
        .bind("type", securable.type().name())
        .bind("on", securable.fullName())
        .execute();
    if (holds(securable)) {
      handle
          .createUpdate(
              "DELETE FROM policies WHERE securable_type <> 'CATALOG'"
                  + " AND substr(full_name, 1, :length) = :prefix")
          .bind("length", securable.fullName().length() + 1)
          .bind("prefix", securable.fullName() + '.')
          .execute();
    }
  }

  @Override
  public boolean hangsOn(Handle handle, Securable securable) {
    return handle
        .select(
            "SELECT 1 FROM policies WHERE securable_type = ? AND full_name = ? LIMIT 1",
            securable.type().name(),
            securable.fullName())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  @Override
  public void moved(Handle handle, Securable from, Securable to) {
    handle
        .createUpdate(
            "UPDATE policies SET full_name = :to WHERE securable_type = :type AND full_name = :from")
        .bind("type", from.type().name())
        .bind("from", from.fullName())
        .bind("to", to.fullName())
        .execute();
    if (holds(from)) {
      handle
          .createUpdate(
              "UPDATE policies SET full_name = :to || substr(full_name, :length)"
                  + " WHERE securable_type <> 'CATALOG'"
                  + " AND substr(full_name, 1, :length) = :prefix")
          .bind("to", to.fullName())
          .bind("length", from.fullName().length() + 1)
          .bind("prefix", from.fullName() + '.')
          .execute();
    }
  }

  private static boolean holds(Securable securable) {
    return securable.type() == SecurableType.CATALOG || securable.type() == SecurableType.SCHEMA;
  }

  private static AccessPolicy policy(ResultSet rows) throws SQLException {
    return new AccessPolicy(
        rows.getString("policy_id"),
        new Securable(
            SecurableType.valueOf(rows.getString("securable_type")), rows.getString("full_name")),
        rows.getString("name"),
        Json.read(rows.getString("definition"), PolicyDefinition.class),
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }
}
