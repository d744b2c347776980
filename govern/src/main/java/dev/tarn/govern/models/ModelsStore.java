package dev.tarn.govern.models;

import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Models, their versions and their aliases as rows. */
final class ModelsStore {
  private static final String BY_NAME =
      " WHERE catalog_name = :catalog AND schema_name = :schema AND name = :name";

  private static <S extends SqlStatement<S>> S at(S statement, EntityName name) {
    return statement
        .bind("catalog", name.catalog())
        .bind("schema", name.schema())
        .bind("name", name.name());
  }

  private static <S extends SqlStatement<S>> S bind(S statement, RegisteredModel model) {
    return at(statement, model.name())
        .bind("id", model.modelId())
        .bind("owner", model.owner())
        .bind("comment", model.comment())
        .bind("updatedBy", model.updatedBy())
        .bind("updatedAt", model.updatedAt());
  }

  void insert(Handle handle, RegisteredModel model) {
    bind(
            handle.createUpdate(
                "INSERT INTO registered_models (model_id, catalog_name, schema_name, name, owner,"
                    + " comment, storage_location, next_version, created_by, created_at,"
                    + " updated_by, updated_at) VALUES (:id, :catalog, :schema, :name, :owner,"
                    + " :comment, :location, 1, :createdBy, :createdAt, :updatedBy, :updatedAt)"),
            model)
        .bind("location", model.storageLocation())
        .bind("createdBy", model.createdBy())
        .bind("createdAt", model.createdAt())
        .execute();
  }

  /** Name, owner and comment. */
  void update(Handle handle, RegisteredModel model) {
    bind(
            handle.createUpdate(
                "UPDATE registered_models SET catalog_name = :catalog, schema_name = :schema, name"
                    + " = :name, owner = :owner, comment = :comment, updated_by = :updatedBy,"
                    + " updated_at = :updatedAt WHERE model_id = :id"),
            model)
        .execute();
  }

  Optional<RegisteredModel> find(Handle handle, EntityName name) {
    return at(handle.createQuery("SELECT * FROM registered_models" + BY_NAME), name)
        .map((rows, context) -> model(rows))
        .findOne();
  }

  boolean functionHas(Handle handle, EntityName name) {
    return at(handle.createQuery("SELECT count(*) FROM functions" + BY_NAME), name)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  List<RegisteredModel> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM registered_models ORDER BY catalog_name, schema_name, name")
        .map((rows, context) -> model(rows))
        .list();
  }

  List<RegisteredModel> list(Handle handle, SchemaName schema) {
    return handle
        .createQuery(
            "SELECT * FROM registered_models WHERE catalog_name = :catalog AND schema_name ="
                + " :schema ORDER BY name")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .map((rows, context) -> model(rows))
        .list();
  }

  /** With its versions and aliases. */
  void delete(Handle handle, String id) {
    for (String table : List.of("model_aliases", "model_versions", "registered_models")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE model_id = :id")
          .bind("id", id)
          .execute();
    }
  }

  int nextVersion(Handle handle, String id) {
    handle
        .createUpdate(
            "UPDATE registered_models SET next_version = next_version + 1 WHERE model_id = :id")
        .bind("id", id)
        .execute();
    return handle
            .createQuery("SELECT next_version FROM registered_models WHERE model_id = :id")
            .bind("id", id)
            .mapTo(Integer.class)
            .one()
        - 1;
  }

  void insert(Handle handle, String modelId, ModelVersion version) {
    handle
        .createUpdate(
            "INSERT INTO model_versions (model_id, version, version_id, source, run_id, status,"
                + " comment, created_by, created_at, updated_by, updated_at) VALUES (:model,"
                + " :version, :id, :source, :run, :status, :comment, :createdBy, :createdAt,"
                + " :updatedBy, :updatedAt)")
        .bind("model", modelId)
        .bind("version", version.version())
        .bind("id", version.versionId())
        .bind("source", version.source())
        .bind("run", version.runId())
        .bind("status", version.status().name())
        .bind("comment", version.comment())
        .bind("createdBy", version.createdBy())
        .bind("createdAt", version.createdAt())
        .bind("updatedBy", version.updatedBy())
        .bind("updatedAt", version.updatedAt())
        .execute();
  }

  /** Status and comment. */
  void update(Handle handle, String modelId, ModelVersion version) {
    handle
        .createUpdate(
            "UPDATE model_versions SET status = :status, comment = :comment, updated_by ="
                + " :updatedBy, updated_at = :updatedAt WHERE model_id = :model AND version ="
                + " :version")
        .bind("model", modelId)
        .bind("version", version.version())
        .bind("status", version.status().name())
        .bind("comment", version.comment())
        .bind("updatedBy", version.updatedBy())
        .bind("updatedAt", version.updatedAt())
        .execute();
  }

  /** The newest first. */
  List<ModelVersion> versions(Handle handle, String modelId) {
    return handle
        .createQuery("SELECT * FROM model_versions WHERE model_id = :id ORDER BY version DESC")
        .bind("id", modelId)
        .map((rows, context) -> version(rows))
        .list();
  }

  /** With the aliases that lead to it. */
  void deleteVersion(Handle handle, String modelId, int version) {
    for (String table : List.of("model_aliases", "model_versions")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE model_id = :id AND version = :version")
          .bind("id", modelId)
          .bind("version", version)
          .execute();
    }
  }

  List<ModelAlias> aliases(Handle handle, String modelId) {
    return handle
        .createQuery("SELECT alias, version FROM model_aliases WHERE model_id = :id ORDER BY alias")
        .bind("id", modelId)
        .map((rows, context) -> new ModelAlias(rows.getString("alias"), rows.getInt("version")))
        .list();
  }

  void setAlias(Handle handle, String modelId, ModelAlias alias) {
    deleteAlias(handle, modelId, alias.alias());
    handle
        .createUpdate(
            "INSERT INTO model_aliases (model_id, alias, version) VALUES (:id, :alias, :version)")
        .bind("id", modelId)
        .bind("alias", alias.alias())
        .bind("version", alias.version())
        .execute();
  }

  boolean deleteAlias(Handle handle, String modelId, String alias) {
    return handle
            .createUpdate("DELETE FROM model_aliases WHERE model_id = :id AND alias = :alias")
            .bind("id", modelId)
            .bind("alias", alias)
            .execute()
        > 0;
  }

  private static RegisteredModel model(ResultSet rows) throws SQLException {
    return new RegisteredModel(
        rows.getString("model_id"),
        new EntityName(
            rows.getString("catalog_name"), rows.getString("schema_name"), rows.getString("name")),
        rows.getString("owner"),
        rows.getString("comment"),
        rows.getString("storage_location"),
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }

  private static ModelVersion version(ResultSet rows) throws SQLException {
    return new ModelVersion(
        rows.getString("version_id"),
        rows.getInt("version"),
        rows.getString("source"),
        rows.getString("run_id"),
        ModelVersion.Status.valueOf(rows.getString("status")),
        rows.getString("comment"),
        rows.getString("created_by"),
        rows.getLong("created_at"),
        rows.getString("updated_by"),
        rows.getLong("updated_at"));
  }
}
