package dev.tarn.engine.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.sql.Profile;
import dev.tarn.kernel.json.Json;
import java.util.ArrayList;
import java.util.List;

/** What DuckDB's profiler says of a query. */
final class Measured {
  /** Of a plan's operators, those at the top. */
  private static final int MOST_OPERATORS = 200;

  private static final double MICROS = 1e6;
  private static final double MILLIS = 1e3;

  private Measured() {}

  /**
   * @param json as the profiler writes it
   * @param files as the translation counted them
   */
  static Profile profile(String json, Profile.Files files) {
    JsonNode query = Json.tree(json);
    List<Profile.Operator> operators = new ArrayList<>();
    // The outermost hands the rows over.
    query
        .path("operator")
        .forEach(outer -> outer.path("children").forEach(root -> add(root, 0, operators)));
    return new Profile(
        false,
        "",
        files,
        query.at("/query/total_rows_scanned").asLong(),
        query.at("/system/peak_temp_dir_size").asLong(),
        Math.round(query.at("/query/cpu_time").asDouble() * MILLIS),
        operators);
  }

  private static void add(JsonNode node, int depth, List<Profile.Operator> operators) {
    if (operators.size() == MOST_OPERATORS) {
      return;
    }
    operators.add(
        new Profile.Operator(
            node.path("type").asText(),
            depth,
            node.path("intermediate_rows").asLong(),
            Math.round(node.path("timing").asDouble() * MICROS)));
    node.path("children").forEach(child -> add(child, depth + 1, operators));
  }
}
