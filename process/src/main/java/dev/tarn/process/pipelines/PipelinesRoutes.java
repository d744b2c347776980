package dev.tarn.process.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Pipelines API.
 *
 * @see <a href="https://docs.databricks.com/api/azure/workspace/pipelines">Pipelines API</a>
 */
public final class PipelinesRoutes implements Capability {
  private static final int DEFAULT_EVENTS = 25;
  private static final int MOST_EVENTS = 250;
  private static final int LATEST_UPDATES = 5;

  private final Pipelines pipelines;

  public PipelinesRoutes(Pipelines pipelines) {
    this.pipelines = pipelines;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.0/pipelines", Access.AUTHENTICATED, this::create),
        Route.get("/api/2.0/pipelines", Access.AUTHENTICATED, this::list),
        Route.get("/api/2.0/pipelines/{id}", Access.AUTHENTICATED, this::get),
        Route.put("/api/2.0/pipelines/{id}", Access.AUTHENTICATED, this::edit),
        Route.delete("/api/2.0/pipelines/{id}", Access.AUTHENTICATED, this::delete),
        Route.post("/api/2.0/pipelines/{id}/stop", Access.AUTHENTICATED, this::stop),
        Route.post("/api/2.0/pipelines/{id}/updates", Access.AUTHENTICATED, this::start),
        Route.get("/api/2.0/pipelines/{id}/updates", Access.AUTHENTICATED, this::updates),
        Route.get("/api/2.0/pipelines/{id}/updates/{update}", Access.AUTHENTICATED, this::update),
        Route.get("/api/2.0/pipelines/{id}/events", Access.AUTHENTICATED, this::events));
  }

  private Response create(Request request) {
    String id = pipelines.create(request.principal(), request.json(PipelineSpec.class));
    return Response.json(Map.of("pipeline_id", id));
  }

  private Response edit(Request request) {
    pipelines.edit(request.principal(), request.path("id"), request.json(PipelineSpec.class));
    return Response.json(Map.of());
  }

  private Response delete(Request request) {
    pipelines.delete(request.principal(), request.path("id"));
    return Response.json(Map.of());
  }

  private Response list(Request request) {
    List<Map<String, Object>> statuses =
        pipelines
            .list(request.principal(), request.query("filter").map(f -> quoted(f, "name")))
            .stream()
            .map(p -> status(request, p))
            .toList();
    return Response.json(Map.of("statuses", statuses));
  }

  private Map<String, Object> status(Request request, Pipeline pipeline) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("pipeline_id", pipeline.id());
    status.put("name", pipeline.spec().name());
    status.put("state", pipelines.isRunning(pipeline.id()) ? "RUNNING" : "IDLE");
    status.put("creator_user_name", pipeline.creator());
    status.put("run_as_user_name", pipeline.creator());
    status.put(
        "latest_updates",
        pipelines.updates(request.principal(), pipeline.id(), LATEST_UPDATES).stream()
            .map(
                u ->
                    Map.of(
                        "update_id", u.updateId(),
                        "state", u.state(),
                        "creation_time", u.creationTime()))
            .toList());
    return status;
  }

  private Response get(Request request) {
    Pipeline pipeline = pipelines.get(request.principal(), request.path("id"));
    Map<String, Object> answer = status(request, pipeline);
    answer.put("spec", pipeline.spec());
    return Response.json(answer);
  }

  record StartUpdate(Boolean fullRefresh, Boolean validateOnly) {}

  private Response start(Request request) {
    StartUpdate start = request.json(StartUpdate.class);
    String updateId =
        pipelines.start(
            request.principal(),
            request.path("id"),
            Boolean.TRUE.equals(start.fullRefresh()),
            Boolean.TRUE.equals(start.validateOnly()));
    return Response.json(Map.of("update_id", updateId));
  }

  private Response stop(Request request) {
    pipelines.stop(request.principal(), request.path("id"));
    return Response.json(Map.of());
  }

  private Response update(Request request) {
    UpdateInfo update =
        pipelines.update(request.principal(), request.path("id"), request.path("update"));
    return Response.json(Map.of("update", update));
  }

  private Response updates(Request request) {
    int limit = number(request, "max_results", DEFAULT_EVENTS, MOST_EVENTS);
    return Response.json(
        Map.of("updates", pipelines.updates(request.principal(), request.path("id"), limit)));
  }

  /** Latest first unless {@code order_by=timestamp asc}; a token names the last event seen. */
  private Response events(Request request) {
    boolean ascending =
        request.query("order_by").map(o -> o.strip().endsWith(" asc")).orElse(false);
    int limit = number(request, "max_results", DEFAULT_EVENTS, MOST_EVENTS);
    long after =
        request
            .query("page_token")
            .filter(t -> !t.isEmpty())
            .map(PipelinesRoutes::place)
            .orElse(ascending ? 0L : Long.MAX_VALUE);
    Optional<String> filter = request.query("filter");
    List<PipelinesStore.Logged> logged =
        pipelines.events(
            request.principal(),
            request.path("id"),
            filter.filter(f -> f.contains("update_id")).map(f -> quoted(f, "update_id")),
            filter.filter(f -> f.contains("level")).map(f -> quoted(f, "level")),
            ascending,
            after,
            limit);
    List<JsonNode> events = new ArrayList<>();
    for (PipelinesStore.Logged entry : logged) {
      ObjectNode event = (ObjectNode) entry.event();
      event
          .putObject("sequence")
          .putObject("control_plane_seq_no")
          .put("value", Long.toString(entry.sequence()));
      events.add(event);
    }
    ObjectNode answer = Json.mapper().createObjectNode();
    answer.putArray("events").addAll(events);
    if (logged.size() == limit || (ascending && !logged.isEmpty())) {
      answer.put("next_page_token", Long.toString(logged.get(logged.size() - 1).sequence()));
    }
    return Response.json(answer);
  }

  private static long place(String token) {
    try {
      return Long.parseLong(token);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("The page_token is not one that this API has given.");
    }
  }

  private static int number(Request request, String name, int otherwise, int most) {
    try {
      int number = request.query(name).map(Integer::parseInt).orElse(otherwise);
      return number <= 0 ? otherwise : Math.min(number, most);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("'" + name + "' must be a whole number.");
    }
  }

  /** The value in {@code name LIKE 'value'} or {@code name = 'value'}. */
  private static String quoted(String filter, String name) {
    int at = filter.indexOf(name);
    int open = filter.indexOf('\'', at);
    int close = filter.indexOf('\'', open + 1);
    if (at < 0 || open < 0 || close < 0) {
      throw TarnException.invalid(
          "The filter '" + filter + "' is not understood. Write " + name + " = '…'.");
    }
    return filter.substring(open + 1, close);
  }
}
