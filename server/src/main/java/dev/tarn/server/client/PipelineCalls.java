package dev.tarn.server.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pipelines over the REST API.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/pipelines">Pipelines API</a>
 */
public final class PipelineCalls {
  private static final String PIPELINES = "/api/2.0/pipelines";

  /**
   * What happened in an update, in order.
   *
   * @param flow name of the flow, or empty
   * @param type {@code flow_progress}, {@code update_progress} …
   * @param status of the flow or the update, such as {@code RUNNING}; or empty
   * @param outputRows rows written so far by the flow, if it says
   * @param droppedRows rows dropped by expectations, if it says
   * @param errors messages of the exceptions, outermost first
   */
  public record Event(
      String id,
      String timestamp,
      String level,
      String type,
      String flow,
      String status,
      String message,
      Optional<Long> outputRows,
      Optional<Long> droppedRows,
      List<Expectation> expectations,
      List<String> errors) {}

  /** How many rows met an expectation and how many did not. */
  public record Expectation(String name, String dataset, long passed, long failed) {}

  private final Http http;

  PipelineCalls(Http http) {
    this.http = http;
  }

  /**
   * Makes the pipeline, or edits the one that has this name.
   *
   * @param folder workspace folder of its {@code .sql} files
   * @return its id
   */
  public String createOrEdit(
      String name,
      String catalog,
      String schema,
      String folder,
      Map<String, String> configuration) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("catalog", catalog);
    body.put("schema", schema);
    body.put("libraries", List.of(Map.of("glob", Map.of("include", folder + "/**"))));
    body.put("configuration", configuration);
    body.put("development", true);
    Optional<String> existing = find(name);
    if (existing.isPresent()) {
      body.put("id", existing.get());
      http.put(PIPELINES + "/" + existing.get(), body);
      return existing.get();
    }
    return http.post(PIPELINES, body).path("pipeline_id").asText();
  }

  private Optional<String> find(String name) {
    String filter = Http.segment("name LIKE '" + name.replace("'", "''") + "'");
    for (JsonNode pipeline : http.get(PIPELINES + "?filter=" + filter).path("statuses")) {
      if (pipeline.path("name").asText().equals(name)) {
        return Optional.of(pipeline.path("pipeline_id").asText());
      }
    }
    return Optional.empty();
  }

  /** Starts an update and returns its id. */
  public String start(String pipeline, boolean fullRefresh, boolean validateOnly) {
    return http.post(
            PIPELINES + "/" + pipeline + "/updates",
            Map.of("full_refresh", fullRefresh, "validate_only", validateOnly))
        .path("update_id")
        .asText();
  }

  /**
   * {@code QUEUED} … {@code RUNNING}, then {@code COMPLETED}, {@code FAILED} or {@code CANCELED}.
   */
  public String state(String pipeline, String update) {
    return http.get(PIPELINES + "/" + pipeline + "/updates/" + update)
        .path("update")
        .path("state")
        .asText();
  }

  /** All events of an update so far, oldest first. */
  public List<Event> events(String pipeline, String update) {
    String query =
        "?max_results=250&order_by="
            + Http.segment("timestamp asc")
            + "&filter="
            + Http.segment("update_id = '" + update + "'");
    List<Event> events = new ArrayList<>();
    String page = "";
    do {
      JsonNode answer =
          http.get(
              PIPELINES
                  + "/"
                  + pipeline
                  + "/events"
                  + query
                  + (page.isEmpty() ? "" : "&page_token=" + Http.segment(page)));
      answer.path("events").forEach(event -> events.add(event(event)));
      page = answer.path("next_page_token").asText("");
    } while (!page.isEmpty());
    return events;
  }

  private static Event event(JsonNode event) {
    JsonNode flow = event.path("details").path("flow_progress");
    JsonNode quality = flow.path("data_quality");
    List<Expectation> expectations = new ArrayList<>();
    for (JsonNode e : quality.path("expectations")) {
      expectations.add(
          new Expectation(
              e.path("name").asText(),
              e.path("dataset").asText(),
              e.path("passed_records").asLong(),
              e.path("failed_records").asLong()));
    }
    List<String> errors = new ArrayList<>();
    for (JsonNode e : event.path("error").path("exceptions")) {
      errors.add(e.path("message").asText());
    }
    return new Event(
        event.path("id").asText(),
        event.path("timestamp").asText(),
        event.path("level").asText("INFO"),
        event.path("event_type").asText(),
        event.path("origin").path("flow_name").asText(""),
        flow.isMissingNode()
            ? event.path("details").path("update_progress").path("state").asText("")
            : flow.path("status").asText(""),
        event.path("message").asText(""),
        number(flow.path("metrics").path("num_output_rows")),
        number(quality.path("dropped_records")),
        expectations,
        errors);
  }

  private static Optional<Long> number(JsonNode node) {
    return node.isIntegralNumber() ? Optional.of(node.asLong()) : Optional.empty();
  }
}
