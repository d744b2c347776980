package dev.tarn.server.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Statements over the Statement Execution API: submit, poll, then read chunk by chunk, so that a
 * result of any size passes through little memory.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/statementexecution">Statement Execution
 *     API</a>
 */
final class StatementCalls {
  private static final String STATEMENTS = "/api/2.0/sql/statements";
  private static final Set<String> WAITING = Set.of("PENDING", "RUNNING");
  private static final long MAX_PAUSE_MS = 1_000;

  private final Http http;
  private final String warehouse;

  StatementCalls(Http http, String warehouse) {
    this.http = http;
    this.warehouse = warehouse;
  }

  String openSession(String catalog, String schema) {
    Map<String, Object> body = new LinkedHashMap<>();
    putUnlessNull(body, "catalog", catalog);
    putUnlessNull(body, "schema", schema);
    return http.post("/api/2.0/sql/warehouses/" + warehouse + "/sessions", body)
        .path("session_id")
        .asText();
  }

  void closeSession(String session) {
    http.delete("/api/2.0/sql/warehouses/" + warehouse + "/sessions/" + Http.segment(session));
  }

  /**
   * @param session from {@link #openSession}, or null
   * @return the rows delivered
   */
  long run(String statement, String session, String catalog, String schema, Rows rows) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("statement", statement);
    body.put("warehouse_id", warehouse);
    body.put("disposition", "EXTERNAL_LINKS");
    body.put("format", "JSON_ARRAY");
    body.put("wait_timeout", "10s");
    body.put("on_wait_timeout", "CONTINUE");
    putUnlessNull(body, "session_id", session);
    if (session == null) {
      putUnlessNull(body, "catalog", catalog);
      putUnlessNull(body, "schema", schema);
    }
    JsonNode answer = finished(http.post(STATEMENTS + "/", body));
    JsonNode manifest = answer.path("manifest");
    List<Rows.Column> columns = columns(manifest);
    if (columns.isEmpty()) {
      return 0;
    }
    rows.columns(columns);
    return chunks(answer, manifest, rows);
  }

  private JsonNode finished(JsonNode answer) {
    String id = answer.path("statement_id").asText();
    long pause = 20;
    try {
      while (WAITING.contains(answer.path("status").path("state").asText())) {
        Thread.sleep(pause);
        pause = Math.min(MAX_PAUSE_MS, pause * 2);
        answer = http.get(STATEMENTS + "/" + Http.segment(id));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      http.post(STATEMENTS + "/" + Http.segment(id) + "/cancel", Map.of());
      throw new ClientException(0, "INTERRUPTED", "Interrupted; the statement was cancelled.", e);
    }
    JsonNode status = answer.path("status");
    String state = status.path("state").asText();
    if (state.equals("SUCCEEDED")) {
      return answer;
    }
    JsonNode error = status.path("error");
    String sqlState = status.path("sql_state").asText("");
    throw new ClientException(
        200,
        error.path("error_code").asText(state),
        error.path("message").asText("The statement ended as " + state + ".")
            + (sqlState.isEmpty() ? "" : " (SQLSTATE " + sqlState + ")"),
        null);
  }

  private static List<Rows.Column> columns(JsonNode manifest) {
    List<Rows.Column> columns = new ArrayList<>();
    for (JsonNode column : manifest.path("schema").path("columns")) {
      columns.add(
          new Rows.Column(
              column.path("name").asText(),
              column.path("type_name").asText(),
              column.path("type_text").asText()));
    }
    return columns;
  }

  private long chunks(JsonNode answer, JsonNode manifest, Rows rows) {
    String id = answer.path("statement_id").asText();
    int total = Math.max(1, manifest.path("total_chunk_count").asInt(1));
    JsonNode chunk = answer.path("result");
    long count = 0;
    int done = 0;
    while (true) {
      int next = -1;
      if (chunk.has("data_array")) {
        for (JsonNode row : chunk.path("data_array")) {
          List<String> values = new ArrayList<>(row.size());
          row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
          rows.row(values);
          count++;
        }
        done++;
        next = chunk.path("next_chunk_index").asInt(-1);
      }
      for (JsonNode link : chunk.path("external_links")) {
        count += link(link.path("external_link").asText(), rows);
        done++;
        next = link.path("next_chunk_index").asInt(-1);
      }
      if (next < 0) {
        break;
      }
      chunk = http.get(STATEMENTS + "/" + Http.segment(id) + "/result/chunks/" + next);
    }
    long promised = manifest.path("total_row_count").asLong(count);
    if (count != promised) {
      throw new ClientException(
          200,
          "INCOMPLETE_RESULT",
          "The server promised "
              + promised
              + " rows in "
              + total
              + " chunks and delivered "
              + count
              + " in "
              + done
              + ". Run the statement again.",
          null);
    }
    return count;
  }

  private long link(String link, Rows rows) {
    long count = 0;
    try (InputStream in = http.open(link);
        JsonParser parser = Json.mapper().createParser(in)) {
      expect(parser.nextToken() == JsonToken.START_ARRAY);
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText());
        }
        rows.row(values);
        count++;
      }
      expect(parser.currentToken() == JsonToken.END_ARRAY);
    } catch (IOException e) {
      throw new ClientException(
          0, "UNREACHABLE", "The result broke off after " + count + " rows of a chunk.", e);
    }
    return count;
  }

  private static void expect(boolean rightToken) {
    if (!rightToken) {
      throw new ClientException(
          502, "BAD_ANSWER", "A chunk of the result is not a JSON array of arrays.", null);
    }
  }

  private static void putUnlessNull(Map<String, Object> body, String name, String value) {
    if (value != null) {
      body.put(name, value);
    }
  }
}
