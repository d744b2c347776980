package dev.tarn.govern.catalog;

import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Tables as rows; columns and properties as JSON in them. */
final class TablesStore {
  private static final String BY_NAME =
      " WHERE catalog_name = :catalog AND schema_name = :schema AND name = :name";

  boolean insert(Handle handle, TableInfo table) {
    return at(
                handle.createUpdate(
                    "INSERT INTO tables"
                        + " (table_id, catalog_name, schema_name, name, table_type,"
                        + " data_source_format, storage_location, owner, comment, columns_json,"
                        + " properties, view_definition, view_context, created_by, created_at,"
                        + " updated_at, storage_key)"
                        + " VALUES (:id, :catalog, :schema, :name, :type, :format, :location,"
                        + " :owner, :comment, :columns, :properties, :view, :context, :owner, :created,"
                        + " :updated, :key)"
                        + " ON CONFLICT (catalog_name, schema_name, name) DO NOTHING"),
                table.name())
            .bind("id", table.tableId())
            .bind("type", table.tableType().name())
            .bind("format", table.dataSourceFormat())
            .bind("location", table.storageLocation())
            .bind("key", LocationKey.of(Optional.ofNullable(table.storageLocation()).orElse("")))
            .bind("owner", table.owner())
            .bind("comment", table.comment())
            .bind("columns", Json.string(table.columns()))
            .bind("properties", CatalogStore.json(table.properties()))
            .bind("view", table.viewDefinition())
            .bind("context", context(table))
            .bind("created", table.createdAt())
            .bind("updated", table.updatedAt())
            .execute()
        == 1;
  }

  Optional<TableInfo> find(Handle handle, EntityName name) {
    return at(handle.createQuery("SELECT * FROM tables" + BY_NAME), name)
        .map((rows, context) -> table(rows))
        .findOne();
  }

  List<TableInfo> list(Handle handle, SchemaName schema) {
    return handle
        .createQuery(
            "SELECT * FROM tables WHERE catalog_name = :catalog AND schema_name = :schema"
                + " ORDER BY name")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .map((rows, context) -> table(rows))
        .list();
  }

  /** All of a schema, by name. */
  List<TableSummary> summaries(Handle handle, SchemaName schema) {
    return handle
        .createQuery(
            "SELECT name, table_type, data_source_format, storage_location, owner, comment,"
                + " created_at, updated_at FROM tables WHERE catalog_name = :catalog"
                + " AND schema_name = :schema ORDER BY name")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .map(
            (rows, context) ->
                new TableSummary(
                    schema.child(rows.getString("name")),
                    TableType.valueOf(rows.getString("table_type")),
                    rows.getString("data_source_format"),
                    rows.getString("storage_location"),
                    rows.getString("owner"),
                    rows.getString("comment"),
                    rows.getLong("created_at"),
                    rows.getLong("updated_at")))
        .list();
  }

  /**
   * Tables of a schema with their owners, by name.
   *
   * @param after a name, or empty to begin with the first
   */
  Map<EntityName, String> owners(Handle handle, SchemaName schema, String after, int most) {
    Map<EntityName, String> owners = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT name, owner FROM tables WHERE catalog_name = :catalog"
                + " AND schema_name = :schema AND name > :after ORDER BY name LIMIT :most")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .bind("after", after)
        .bind("most", most)
        .map(
            (rows, context) ->
                Map.entry(schema.child(rows.getString("name")), rows.getString("owner")))
        .forEach(each -> owners.put(each.getKey(), each.getValue()));
    return owners;
  }

  /**
   * Tables of a schema, by name.
   *
   * @param wanted asked before any of it is decoded
   */
  List<TableInfo> among(
      Handle handle, SchemaName schema, String first, String last, Predicate<String> wanted) {
    return handle
        .createQuery(
            "SELECT * FROM tables WHERE catalog_name = :catalog AND schema_name = :schema"
                + " AND name >= :first AND name <= :last ORDER BY name")
        .bind("catalog", schema.catalog())
        .bind("schema", schema.schema())
        .bind("first", first)
        .bind("last", last)
        .map(
            (rows, context) ->
                wanted.test(rows.getString("name"))
                    ? Optional.of(table(rows))
                    : Optional.<TableInfo>empty())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Everything but name, id, location and creation time. */
  void update(Handle handle, TableInfo table) {
    at(
            handle.createUpdate(
                "UPDATE tables SET table_type = :type, owner = :owner, comment = :comment,"
                    + " columns_json = :columns, properties = :properties,"
                    + " view_definition = :view, view_context = :context, updated_at = :updated"
                    + BY_NAME),
            table.name())
        .bind("type", table.tableType().name())
        .bind("owner", table.owner())
        .bind("comment", table.comment())
        .bind("columns", Json.string(table.columns()))
        .bind("properties", CatalogStore.json(table.properties()))
        .bind("view", table.viewDefinition())
        .bind("context", context(table))
        .bind("updated", table.updatedAt())
        .execute();
  }

  void rename(Handle handle, EntityName from, EntityName to, long at) {
    at(
            handle.createUpdate(
                "UPDATE tables SET schema_name = :newSchema, name = :newName, updated_at = :at"
                    + BY_NAME),
            from)
        .bind("newSchema", to.schema())
        .bind("newName", to.name())
        .bind("at", at)
        .execute();
  }

  void delete(Handle handle, EntityName name) {
    at(handle.createUpdate("DELETE FROM tables" + BY_NAME), name).execute();
  }

  /** A table or volume whose files are, hold or lie in this location. */
  Optional<String> overlapping(Handle handle, String location) {
    String name = "SELECT catalog_name || '.' || schema_name || '.' || name FROM ";
    String upwards = " WHERE storage_location IN (<upwards>)";
    String inside = " WHERE storage_key > :before AND storage_key < :after";
    String keyless =
        " WHERE storage_key IS NULL AND substr(storage_location, 1, :length) = :prefix";
    List<String> parts = new ArrayList<>();
    for (String table : List.of("tables", "volumes")) {
      for (String condition : List.of(upwards, inside, keyless)) {
        parts.add(name + table + condition);
      }
    }
    return handle
        .createQuery(String.join(" UNION ALL ", parts) + " LIMIT 1")
        .bindList("upwards", LocationKey.upwards(location))
        .bind("before", LocationKey.before(location))
        .bind("after", LocationKey.after(location))
        .bind("length", location.length() + 1)
        .bind("prefix", location + "/")
        .mapTo(String.class)
        .findFirst();
  }

  static <S extends SqlStatement<S>> S at(S statement, EntityName name) {
    return statement
        .bind("catalog", name.catalog())
        .bind("schema", name.schema())
        .bind("name", name.name());
  }

  private static String context(TableInfo table) {
    return table.viewContext() == null ? null : Json.string(table.viewContext());
  }

  private static ViewContext context(ResultSet rows) throws SQLException {
    String json = rows.getString("view_context");
    return json == null ? null : Json.read(json, ViewContext.class);
  }

  void filter(Handle handle, EntityName name, TableFilters filters, long at) {
    at(
            handle.createUpdate("UPDATE tables SET filters = :filters, updated_at = :at" + BY_NAME),
            name)
        .bind("filters", filters.none() ? null : Json.string(filters))
        .bind("at", at)
        .execute();
  }

  private static TableFilters filters(ResultSet rows) throws SQLException {
    String json = rows.getString("filters");
    return json == null ? TableFilters.NONE : Json.read(json, TableFilters.class);
  }

  private static TableInfo table(ResultSet rows) throws SQLException {
    return new TableInfo(
        rows.getString("table_id"),
        new EntityName(
            rows.getString("catalog_name"), rows.getString("schema_name"), rows.getString("name")),
        TableType.valueOf(rows.getString("table_type")),
        rows.getString("data_source_format"),
        rows.getString("storage_location"),
        rows.getString("owner"),
        rows.getString("comment"),
        List.of(Json.read(rows.getString("columns_json"), ColumnInfo[].class)),
        CatalogStore.properties(rows.getString("properties")),
        rows.getString("view_definition"),
        context(rows),
        rows.getLong("created_at"),
        rows.getLong("updated_at"),
        filters(rows));
  }
}
