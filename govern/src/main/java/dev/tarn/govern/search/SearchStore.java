package dev.tarn.govern.search;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads what is searched from the rows of catalogs, their contents, tags and grants. */
final class SearchStore {
  private static final String ENTITIES =
      "SELECT 'TABLE' AS type, catalog_name, schema_name, name, table_type, owner, comment,"
          + " columns_json FROM tables WHERE %1$s"
          + " UNION ALL SELECT 'VOLUME', catalog_name, schema_name, name, NULL, owner, comment, '[]'"
          + " FROM volumes WHERE %1$s"
          + " UNION ALL SELECT 'FUNCTION', catalog_name, schema_name, name, NULL, owner, comment,"
          + " '[]' FROM functions WHERE %1$s";

  private record Tag(Securable securable, List<String> words) {}

  /** How many there are. */
  long tables(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM tables").mapTo(Long.class).one();
  }

  List<SearchEntry> catalogs(Handle handle) {
    return containers(
        handle,
        handle.createQuery("SELECT name, owner, comment FROM catalogs"),
        SecurableType.CATALOG,
        "securable_type = 'CATALOG'");
  }

  List<SearchEntry> schemas(Handle handle) {
    return containers(
        handle,
        handle.createQuery(
            "SELECT catalog_name || '.' || name AS name, owner, comment FROM schemas"),
        SecurableType.SCHEMA,
        "securable_type = 'SCHEMA'");
  }

  List<SchemaName> schemaNames(Handle handle) {
    return handle
        .createQuery("SELECT catalog_name, name FROM schemas")
        .map(
            (rows, context) ->
                new SchemaName(rows.getString("catalog_name"), rows.getString("name")))
        .list();
  }

  private List<SearchEntry> containers(
      Handle handle, Query query, SecurableType type, String ofTags) {
    Map<Securable, List<String>> tags =
        tags(handle.createQuery("SELECT * FROM tag_assignments WHERE " + ofTags));
    return query
        .map(
            (rows, context) -> {
              Securable securable = new Securable(type, rows.getString("name"));
              return new SearchEntry(
                  securable,
                  null,
                  rows.getString("owner"),
                  rows.getString("comment"),
                  List.of(),
                  List.of(),
                  tags.getOrDefault(securable, List.of()));
            })
        .list();
  }

  /** All tables, volumes and functions of a schema. */
  List<SearchEntry> within(Handle handle, SchemaName schema) {
    String prefix = schema.fullName() + '.';
    Map<Securable, List<String>> tags =
        tags(
            handle
                .createQuery(
                    "SELECT * FROM tag_assignments WHERE securable_type IN ('TABLE', 'VOLUME',"
                        + " 'FUNCTION') AND substr(full_name, 1, :length) = :prefix")
                .bind("length", prefix.length())
                .bind("prefix", prefix));
    return entities(
        handle
            .createQuery(
                String.format(ENTITIES, "catalog_name = :catalog AND schema_name = :schema"))
            .bind("catalog", schema.catalog())
            .bind("schema", schema.schema()),
        tags);
  }

  /** The table, volume and function of a name, as far as they exist. */
  List<SearchEntry> named(Handle handle, EntityName name) {
    Map<Securable, List<String>> tags =
        tags(
            handle
                .createQuery(
                    "SELECT * FROM tag_assignments WHERE securable_type IN ('TABLE', 'VOLUME',"
                        + " 'FUNCTION') AND full_name = :name")
                .bind("name", name.fullName()));
    return entities(
        handle
            .createQuery(
                String.format(
                    ENTITIES, "catalog_name = :catalog AND schema_name = :schema AND name = :name"))
            .bind("catalog", name.catalog())
            .bind("schema", name.schema())
            .bind("name", name.name()),
        tags);
  }

  private static List<SearchEntry> entities(Query query, Map<Securable, List<String>> tags) {
    return query.map((rows, context) -> entity(rows, tags)).list();
  }

  private static SearchEntry entity(ResultSet rows, Map<Securable, List<String>> tags)
      throws SQLException {
    Securable securable =
        new Securable(
            SecurableType.valueOf(rows.getString("type")),
            new EntityName(
                    rows.getString("catalog_name"),
                    rows.getString("schema_name"),
                    rows.getString("name"))
                .fullName());
    List<ColumnInfo> columns =
        List.of(Json.read(rows.getString("columns_json"), ColumnInfo[].class));
    return new SearchEntry(
        securable,
        rows.getString("table_type"),
        rows.getString("owner"),
        rows.getString("comment"),
        columns.stream().map(ColumnInfo::name).toList(),
        columns.stream().map(ColumnInfo::comment).filter(Objects::nonNull).toList(),
        tags.getOrDefault(securable, List.of()));
  }

  private static Map<Securable, List<String>> tags(Query query) {
    Map<Securable, List<String>> tags = new HashMap<>();
    query
        .map(
            (rows, context) ->
                new Tag(
                    new Securable(
                        SecurableType.valueOf(rows.getString("securable_type")),
                        rows.getString("full_name")),
                    Stream.of(rows.getString("tag_key"), rows.getString("tag_value")).toList()))
        .forEach(
            tag ->
                tags.computeIfAbsent(tag.securable(), s -> new ArrayList<>()).addAll(tag.words()));
    return tags;
  }

  /** On what anything was granted to one of these. */
  List<Securable> grantedTo(Handle handle, Collection<String> principals) {
    return handle
        .createQuery(
            "SELECT DISTINCT securable_type, full_name FROM grants WHERE principal IN (<names>)"
                + " AND securable_type IN ('TABLE', 'VOLUME', 'FUNCTION')")
        .bindList("names", List.copyOf(principals))
        .map(
            (rows, context) ->
                new Securable(
                    SecurableType.valueOf(rows.getString("securable_type")),
                    rows.getString("full_name")))
        .list();
  }
}
