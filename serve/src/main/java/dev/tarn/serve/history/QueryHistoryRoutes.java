package dev.tarn.serve.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.sql.Profile;
import dev.tarn.engine.sql.Progress;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The Query History API. The filter comes as query parameters, as the SDKs send it, or as a JSON
 * body.
 */
public final class QueryHistoryRoutes implements Capability {
  private static final String FILTER = "filter_by.";

  private final QueryHistory history;
  private final Function<String, Optional<Progress>> progress;
  private final ToLongFunction<String> userId;
  private final Function<Long, Optional<String>> userName;

  /**
   * @param progress of a query that runs on this server
   * @param userId the number of a user, 0 if there is none
   * @param userName the user of a number
   */
  public QueryHistoryRoutes(
      QueryHistory history,
      Function<String, Optional<Progress>> progress,
      ToLongFunction<String> userId,
      Function<Long, Optional<String>> userName) {
    this.history = history;
    this.progress = progress;
    this.userId = userId;
    this.userName = userName;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.get("/api/2.0/sql/history/queries", Access.AUTHENTICATED, this::list));
  }

  private Response list(Request request) {
    QueryFilter filter =
        new QueryFilter(
            number(request, FILTER + "query_start_time_range.start_time_ms"),
            number(request, FILTER + "query_start_time_range.end_time_ms"),
            request.queries(FILTER + "statement_ids"),
            request.queries(FILTER + "statuses").stream().map(QueryHistoryRoutes::status).toList(),
            request.queries(FILTER + "user_ids").stream().map(this::name).toList(),
            request.queries(FILTER + "warehouse_ids"));
    boolean metrics = request.query("include_metrics").map(Boolean::parseBoolean).orElse(false);
    QueryHistory.Page page =
        history.list(
            request.principal(),
            filter,
            number(request, "max_results").map(n -> (int) Math.min(n, 100_000)).orElse(0),
            request.query("page_token").filter(token -> !token.isEmpty()));
    ObjectNode body = Json.mapper().createObjectNode();
    ArrayNode res = body.putArray("res");
    page.queries().forEach(query -> res.add(wire(query, metrics)));
    body.put("has_next_page", page.nextPageToken().isPresent());
    page.nextPageToken().ifPresent(token -> body.put("next_page_token", token));
    return Response.json((JsonNode) body);
  }

  private static Optional<Long> number(Request request, String name) {
    return request
        .query(name)
        .filter(text -> !text.isBlank())
        .map(
            text -> {
              try {
                return Long.parseLong(text);
              } catch (NumberFormatException e) {
                throw TarnException.invalid(name + " must be a number.");
              }
            });
  }

  private static QueryStatus status(String text) {
    try {
      return QueryStatus.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw TarnException.invalid(
          "filter_by.statuses must be QUEUED, RUNNING, FINISHED, FAILED or CANCELED.");
    }
  }

  private String name(String id) {
    try {
      // A number that nobody has matches nothing.
      return userName.apply(Long.parseLong(id)).orElse("");
    } catch (NumberFormatException e) {
      throw TarnException.invalid("filter_by.user_ids must be numbers.");
    }
  }

  private ObjectNode wire(Query query, boolean metrics) {
    ObjectNode out = Json.mapper().createObjectNode();
    long user = userId.applyAsLong(query.userName());
    out.put("query_id", query.id());
    out.put("lookup_key", query.id());
    out.put("status", query.status().name());
    out.put("query_text", query.text());
    out.put("query_start_time_ms", query.startedAt());
    out.put("user_id", user);
    out.put("user_name", query.userName());
    out.put("executed_as_user_id", user);
    out.put("executed_as_user_name", query.userName());
    out.put("warehouse_id", query.warehouseId());
    out.put("endpoint_id", query.warehouseId());
    out.put("statement_type", StatementType.of(query.text()));
    out.put("client_application", query.client().application());
    out.put("is_final", query.status().ended());
    out.put("plans_state", "IGNORED_SMALL_DURATION");
    out.put("executor", query.executor());
    if (query.sessionId() != null) {
      out.put("session_id", query.sessionId());
    }
    if (query.endedAt() != null) {
      out.put("query_end_time_ms", query.endedAt());
      out.put("execution_end_time_ms", query.endedAt());
      out.put("duration", query.endedAt() - query.startedAt());
      out.put("rows_produced", query.rows());
    }
    if (!query.tags().isEmpty()) {
      ArrayNode tags = out.putArray("query_tags");
      query.tags().forEach(tag -> tags.addObject().put("key", tag.key()).put("value", tag.value()));
    }
    if (query.error() != null) {
      out.put("error_message", query.error());
    }
    if (metrics) {
      measures(query, out.putObject("metrics"));
      ObjectNode profile = out.putObject("profile");
      profile(query, profile);
      if (!query.status().ended()) {
        progress.apply(query.id()).ifPresent(each -> profile.set("progress", wire(each)));
      }
    }
    return out;
  }

  private static ObjectNode wire(Progress progress) {
    return Json.mapper()
        .createObjectNode()
        .put("unit", progress.unit())
        .put("done", progress.done())
        .put("total", progress.total())
        .put("fraction", progress.fraction());
  }

  private static void measures(Query query, ObjectNode m) {
    m.put("total_time_ms", query.endedAt() == null ? 0 : query.endedAt() - query.startedAt());
    m.put("compilation_time_ms", query.planMillis());
    m.put("execution_time_ms", query.runMillis());
    m.put("result_fetch_time_ms", query.fetchMillis());
    m.put("rows_produced_count", query.rows());
    m.put("network_sent_bytes", query.bytes());
    m.put("overloading_queue_start_timestamp", query.startedAt());
    m.put("query_compilation_start_timestamp", query.startedAt() + query.queuedMillis());
    Profile profile = query.profile();
    m.put("result_from_cache", profile.fromCache());
    if (profile.files() != null) {
      m.put("read_files_count", profile.files().read());
      m.put("read_bytes", profile.files().bytes());
      m.put("pruned_files_count", profile.files().pruned());
      m.put("pruned_bytes", profile.files().prunedBytes());
    }
    if (!profile.operators().isEmpty()) {
      m.put("rows_read_count", profile.rowsRead());
      m.put("spill_to_disk_bytes", profile.spilledBytes());
      m.put("task_total_time_ms", profile.taskMillis());
    }
  }

  /** What Databricks' history has no names for. */
  private static void profile(Query query, ObjectNode out) {
    out.put("executor", query.executor());
    if (!query.profile().refusal().isEmpty()) {
      out.put("not_native_because", query.profile().refusal());
    }
    ArrayNode operators = out.putArray("operators");
    for (Profile.Operator each : query.profile().operators()) {
      operators
          .addObject()
          .put("name", each.name())
          .put("depth", each.depth())
          .put("rows", each.rows())
          .put("time_us", each.micros());
    }
  }
}
