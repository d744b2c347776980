package dev.tarn.server.health;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;

/** {@code GET /health}: 200 once statements can run, until then 503 and what it waits for. */
public final class HealthRoutes implements Capability {

  record Health(String status, String waitingFor, String errorCode, String message) {}

  private final Readiness readiness;

  public HealthRoutes(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.get("/health", Access.PUBLIC, request -> health()));
  }

  private Response health() {
    return readiness
        .waiting()
        .map(HealthRoutes::notReady)
        .orElseGet(() -> Response.json(Map.of("status", "ready")));
  }

  private static Response notReady(Readiness.Waiting waiting) {
    Health health =
        waiting.failed()
            ? new Health(
                "failed",
                waiting.reason(),
                ErrorCode.INTERNAL_ERROR.name(),
                "Tarn cannot run statements: " + waiting.reason() + ". See the server's log.")
            : new Health(
                "starting",
                waiting.reason(),
                ErrorCode.TEMPORARILY_UNAVAILABLE.name(),
                "Tarn is starting and waits for " + waiting.reason() + ".");
    return Response.json(503, health);
  }
}
