package dev.tarn.store.delta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A column of a table's schema, or a field of a struct in it.
 *
 * @param physicalName its key in statistics and partition values; the name itself without column
 *     mapping
 * @param type Spark's name of an atomic type ({@code integer}, {@code decimal(10,2)}); {@code
 *     struct}, {@code array} or {@code map} for others
 * @param fields of a struct, by logical name; empty for other types
 * @param exact whether what the log says of values compares as the values do: not if they are
 *     collated or blank-padded
 * @param widened whether files may hold it in a narrower type, in which their statistics are
 *     written
 * @see <a
 *     href="https://github.com/delta-io/delta/blob/master/PROTOCOL.md#schema-serialization-format">Delta
 *     protocol, schema serialization format</a>
 */
record SchemaColumn(
    String name,
    String physicalName,
    String type,
    Map<String, SchemaColumn> fields,
    boolean exact,
    boolean widened) {

  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  /** The columns of a schema by logical name, in order. */
  static Map<String, SchemaColumn> parse(String schemaJson, boolean mapped) {
    return fields(Json.tree(schemaJson), mapped, true);
  }

  /** The column that a path of logical names leads to; names match in any case if only one does. */
  static Optional<SchemaColumn> find(Map<String, SchemaColumn> columns, List<String> path) {
    SchemaColumn found = null;
    Map<String, SchemaColumn> level = columns;
    for (String name : path) {
      found = level.get(name);
      if (found == null) {
        List<SchemaColumn> alike =
            level.values().stream().filter(c -> c.name.equalsIgnoreCase(name)).toList();
        if (alike.size() != 1) {
          return Optional.empty();
        }
        found = alike.get(0);
      }
      level = found.fields;
    }
    return Optional.ofNullable(found);
  }

  private static Map<String, SchemaColumn> fields(JsonNode struct, boolean mapped, boolean exact) {
    Map<String, SchemaColumn> columns = new LinkedHashMap<>();
    for (JsonNode field : struct.path("fields")) {
      SchemaColumn column = column(field, mapped, exact);
      columns.put(column.name, column);
    }
    return columns;
  }

  private static SchemaColumn column(JsonNode field, boolean mapped, boolean exactParent) {
    String name = field.path("name").asText();
    JsonNode metadata = field.path("metadata");
    JsonNode type = field.path("type");
    boolean padded = metadata.path("__CHAR_VARCHAR_TYPE_STRING").asText().startsWith("char");
    boolean exact = exactParent && !padded && !metadata.has("__COLLATIONS");
    boolean struct = type.path("type").asText().equals("struct");
    return new SchemaColumn(
        name,
        mapped && metadata.has(PHYSICAL_NAME) ? metadata.get(PHYSICAL_NAME).asText() : name,
        type.isTextual() ? type.asText() : type.path("type").asText(),
        struct ? fields(type, mapped, exact) : Map.of(),
        exact,
        metadata.has("delta.typeChanges"));
  }
}
