package dev.tarn.engine.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;

/**
 * Makes functions over HTTP, by the statement that would make them: so a body is checked in the
 * same way.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/functions/create">Databricks REST: create
 *     a function</a>
 */
public final class NewFunctions implements Capability {
  private final SqlEngine engine;
  private final BiFunction<Request, EntityName, Response> shown;

  /**
   * @param shown answers with a function that is there
   */
  public NewFunctions(SqlEngine engine, BiFunction<Request, EntityName, Response> shown) {
    this.engine = engine;
    this.shown = shown;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.1/unity-catalog/functions", Access.AUTHENTICATED, this::create));
  }

  private Response create(Request request) {
    JsonNode body = request.json(JsonNode.class);
    JsonNode function = body.has("function_info") ? body.path("function_info") : body;
    EntityName name =
        new EntityName(
            text(function, "catalog_name"), text(function, "schema_name"), text(function, "name"));
    try (SqlSession session = engine.openSession(request.principal(), SessionDefaults.NONE)) {
      session.execute(UUID.randomUUID().toString(), statement(name, function), List.of()).close();
    }
    return shown.apply(request, name);
  }

  private static String text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    if (text.isBlank()) {
      throw TarnException.invalid("Field '" + field + "' is missing.");
    }
    return text;
  }

  /**
   * @throws TarnException NOT_IMPLEMENTED for a language other than SQL
   */
  static String statement(EntityName name, JsonNode function) {
    String language = function.path("external_language").asText("");
    if (!function.path("routine_body").asText("SQL").equalsIgnoreCase("SQL")
        || !(language.isBlank() || language.equalsIgnoreCase("SQL"))) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Functions are written in SQL here. Set routine_body to SQL and routine_definition to an"
              + " expression or a query.");
    }
    StringBuilder sql = new StringBuilder("CREATE FUNCTION ");
    sql.append(String.join(".", quoted(name))).append('(');
    sql.append(columns(function.path("input_params"), true)).append(") RETURNS ");
    if (function.path("data_type").asText("").equalsIgnoreCase("TABLE_TYPE")) {
      sql.append("TABLE(").append(columns(function.path("return_params"), false)).append(')');
    } else {
      sql.append(
          type(
              text(
                  function,
                  function.hasNonNull("full_data_type") ? "full_data_type" : "data_type")));
    }
    if (function.hasNonNull("comment")) {
      sql.append(" COMMENT ").append(literal(function.path("comment").asText()));
    }
    if (function.path("is_deterministic").isBoolean()
        && !function.path("is_deterministic").asBoolean()) {
      sql.append(" NOT DETERMINISTIC");
    }
    return sql.append(" RETURN ").append(text(function, "routine_definition")).toString();
  }

  private static List<String> quoted(EntityName name) {
    return List.of(
        Names.quoted(name.catalog()), Names.quoted(name.schema()), Names.quoted(name.name()));
  }

  private static String columns(JsonNode parameters, boolean defaults) {
    List<JsonNode> sorted =
        new ArrayList<>(
            StreamSupport.stream(parameters.path("parameters").spliterator(), false).toList());
    sorted.sort((a, b) -> Integer.compare(a.path("position").asInt(), b.path("position").asInt()));
    List<String> columns = new ArrayList<>();
    for (JsonNode parameter : sorted) {
      StringBuilder column =
          new StringBuilder(Names.quoted(text(parameter, "name")))
              .append(' ')
              .append(type(text(parameter, "type_text")));
      String value = parameter.path("parameter_default").asText("");
      if (defaults && !value.isBlank()) {
        column.append(" DEFAULT ").append(value);
      }
      if (parameter.hasNonNull("comment")) {
        column.append(" COMMENT ").append(literal(parameter.path("comment").asText()));
      }
      columns.add(column.toString());
    }
    return String.join(", ", columns);
  }

  /** A type as SQL writes it; clients may give the name of the API. */
  private static String type(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "LONG" -> "BIGINT";
      case "SHORT" -> "SMALLINT";
      case "BYTE" -> "TINYINT";
      default -> text.strip();
    };
  }

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
