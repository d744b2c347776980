package dev.tarn.govern.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Types of columns as Delta's schema JSON writes them.
 *
 * @see <a
 *     href="https://github.com/delta-io/delta/blob/master/PROTOCOL.md#schema-serialization-format">Delta
 *     protocol, schema serialization</a>
 */
public final class DeltaTypes {
  private static final int DEEPEST = 100;

  private DeltaTypes() {}

  /**
   * A column from the JSON of a field: {@code {"name", "type", "nullable", "metadata"}}.
   *
   * @param comment or null for that of its metadata
   * @throws TarnException INVALID_PARAMETER_VALUE if it is no field
   */
  public static ColumnInfo column(JsonNode field, int position, String comment) {
    JsonNode name = field.path("name");
    if (!name.isTextual()) {
      throw TarnException.invalid("A column has no name.");
    }
    String own = field.path("metadata").path("comment").asText(null);
    return new ColumnInfo(
        name.asText(),
        sql(field.path("type")),
        Json.string(field.path("type")),
        position,
        field.path("nullable").asBoolean(true),
        comment == null ? own : comment);
  }

  /**
   * What clients of Unity Catalog send as {@code type_json}: a whole field, or only its type.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if it is not JSON
   */
  public static JsonNode field(String name, String typeJson, Boolean nullable) {
    JsonNode json;
    try {
      json = Json.tree(typeJson);
    } catch (UncheckedIOException e) {
      throw TarnException.invalid("The 'type_json' of column '" + name + "' is not JSON.");
    }
    if (json.isObject() && json.has("name") && json.has("type")) {
      return json;
    }
    ObjectNode field = Json.mapper().createObjectNode().put("name", name);
    field.set("type", json);
    return field.put("nullable", !Boolean.FALSE.equals(nullable));
  }

  /**
   * The type as SQL writes it.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if it is none
   */
  public static String sql(JsonNode type) {
    return sql(type, 0);
  }

  private static String sql(JsonNode type, int depth) {
    if (depth > DEEPEST) {
      throw TarnException.invalid("The type of a column is nested too deep.");
    }
    if (type.isTextual()) {
      return primitive(type.asText());
    }
    return switch (type.path("type").asText()) {
      case "array" -> "array<" + sql(type.path("elementType"), depth + 1) + ">";
      case "map" ->
          "map<"
              + sql(type.path("keyType"), depth + 1)
              + ","
              + sql(type.path("valueType"), depth + 1)
              + ">";
      case "struct" -> {
        List<String> fields = new ArrayList<>();
        for (JsonNode field : type.path("fields")) {
          fields.add(
              quoted(field.path("name").asText()) + ":" + sql(field.path("type"), depth + 1));
        }
        yield "struct<" + String.join(",", fields) + ">";
      }
      default -> throw TarnException.invalid("A column has no type that Delta knows.");
    };
  }

  private static String primitive(String name) {
    return switch (name) {
      case "long" -> "bigint";
      case "integer" -> "int";
      case "short" -> "smallint";
      case "byte" -> "tinyint";
      default -> {
        if (!name.matches("[a-z_]+( [a-z]+)*(\\( *\\d+ *(, *\\d+ *)?\\))?( [a-z ]+)?")) {
          throw TarnException.invalid("'" + name + "' is no type that Delta knows.");
        }
        yield name.replace(" ,", ",").replace(", ", ",");
      }
    };
  }

  private static String quoted(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
  }
}
