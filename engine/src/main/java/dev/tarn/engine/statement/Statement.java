package dev.tarn.engine.statement;

import dev.tarn.engine.constraint.TableKeys;
import dev.tarn.engine.copy.CopyInto;
import dev.tarn.engine.copy.Load;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.abac.PolicyDefinition;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** A statement of Databricks SQL on the governed namespace, parsed and its names resolved. */
sealed interface Statement {
  record DropCatalog(String name, boolean ifExists, boolean cascade) implements Statement {}

  record ShowCatalogs(Optional<String> pattern) implements Statement {}

  record CreateVolume(
      EntityName name, boolean ifNotExists, Optional<String> location, String comment)
      implements Statement {}

  record DropVolume(EntityName name, boolean ifExists) implements Statement {}

  record ShowVolumes(SchemaName schema, Optional<String> pattern) implements Statement {}

  record Grant(Set<Privilege> privileges, Securable securable, String principal)
      implements Statement {}

  record Revoke(Set<Privilege> privileges, Securable securable, String principal)
      implements Statement {}

  record ShowGrants(Optional<String> principal, Securable securable) implements Statement {}

  record UseCatalog(String name) implements Statement {}

  record DescribeCatalog(String name, boolean extended) implements Statement {}

  record DescribeVolume(EntityName name) implements Statement {}

  record DescribeAsJson(EntityName table) implements Statement {}

  /**
   * @param parameters text between the parentheses of the parameters
   * @param returns a type, columns of a table, or empty where the body says it
   * @param expression the body, if it is no query
   * @param query the body, if it is one
   */
  record CreateFunction(
      EntityName name,
      Optional<String> parameters,
      String returns,
      Optional<String> expression,
      Optional<String> query,
      Optional<String> comment,
      Optional<Boolean> deterministic,
      Optional<Boolean> containsSql,
      boolean table,
      boolean ifNotExists,
      boolean replace)
      implements Statement {}

  record DropFunction(EntityName name, boolean ifExists) implements Statement {}

  record DescribeFunction(EntityName name, boolean extended) implements Statement {}

  record ShowCreateTable(EntityName table) implements Statement {}

  record ShowViews(SchemaName schema, Optional<String> pattern) implements Statement {}

  /**
   * @param comment empty to remove it
   */
  record CommentOn(Securable securable, Optional<String> comment) implements Statement {}

  record CommentOnColumn(EntityName table, String column, Optional<String> comment)
      implements Statement {}

  /**
   * @param source a name, or one at a version or a time
   * @param creates whether the target may be new
   * @param replaces whether there may be a target already
   */
  record CloneTable(
      LogicalPlan source,
      EntityName target,
      boolean creates,
      boolean ifNotExists,
      boolean replaces,
      Map<String, String> properties,
      Optional<String> location)
      implements Statement {}

  /**
   * @param arguments as they are written
   */
  record SetRowFilter(EntityName table, EntityName function, List<String> arguments)
      implements Statement {}

  record DropRowFilter(EntityName table) implements Statement {}

  /**
   * @param using as it is written
   */
  record SetMask(EntityName table, String column, EntityName function, List<String> using)
      implements Statement {}

  record DropMask(EntityName table, String column) implements Statement {}

  /**
   * One that carries itself out.
   *
   * @param columns names of its result's, which are strings
   */
  record Call(List<String> columns, Function<SessionContext, List<Row>> action)
      implements Statement {
    /** Without a result. */
    static Call of(Consumer<SessionContext> action) {
      return new Call(
          List.of(),
          context -> {
            action.accept(context);
            return List.of();
          });
    }
  }

  /** As it is written. */
  record CopyFiles(CopyInto copy) implements Statement {}

  /** With what it loads from. */
  record LoadFiles(Load load) implements Statement {}

  record SetOwner(Securable securable, String owner) implements Statement {}

  /**
   * @param tags values by key, empty for none
   */
  record SetTags(TaggedEntity entity, Map<String, String> tags) implements Statement {}

  record UnsetTags(TaggedEntity entity, Set<String> keys) implements Statement {}

  /** Of a tag that is not there yet. */
  record SetTag(TaggedEntity entity, String key, String value) implements Statement {}

  /** Of a tag that is there. */
  record UnsetTag(TaggedEntity entity, String key) implements Statement {}

  record ChangeKey(TableKeys.Change change) implements Statement {}

  record DropPrimaryKey(EntityName table, boolean ifExists, boolean cascade) implements Statement {}

  record DropForeignKey(EntityName table, boolean ifExists, List<String> columns)
      implements Statement {}

  record CreatePolicy(Securable on, String name, PolicyDefinition definition, boolean replace)
      implements Statement {}

  record DropPolicy(Securable on, String name, boolean ifExists) implements Statement {}

  /**
   * @param effective those of what it lies in too
   */
  record ShowPolicies(Securable on, boolean effective) implements Statement {}

  record DescribePolicy(Securable on, String name) implements Statement {}
}
