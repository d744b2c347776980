package dev.tarn.serve.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;

/**
 * What drivers ask before and beside their statements: who we are, which of their features to turn
 * on, and where to send telemetry, which is thrown away.
 */
public final class DiscoveryRoutes implements Capability {
  private static final int FLAGS_TTL_SECONDS = 900;

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/.well-known/databricks-config", Access.PUBLIC, this::host),
        Route.get(
            "/api/2.0/connector-service/feature-flags/{client}/{version}",
            Access.AUTHENTICATED,
            this::flags),
        Route.post("/telemetry-ext", Access.AUTHENTICATED, this::telemetry),
        Route.post("/telemetry-unauth", Access.PUBLIC, this::telemetry));
  }

  /** Names no OAuth endpoint: only personal access tokens work so far. */
  private Response host(Request request) {
    return Response.json(Map.of("account_id", "tarn", "workspace_id", "0", "cloud", "none"));
  }

  /** Sends the JDBC driver to the Statement Execution API, the protocol that is served. */
  private Response flags(Request request) {
    return Response.json(
        Map.of(
            "flags",
            List.of(
                Map.of(
                    "name",
                    "databricks.partnerplatform.clientConfigsFeatureFlags.enableSqlExecForJdbc",
                    "value",
                    "true")),
            "ttl_seconds",
            FLAGS_TTL_SECONDS));
  }

  private Response telemetry(Request request) {
    JsonNode body = request.json(JsonNode.class);
    int events = body == null ? 0 : body.path("protoLogs").size();
    return Response.json(Map.of("errors", List.of(), "numProtoSuccess", events));
  }
}
