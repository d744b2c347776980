package dev.tarn.server.health;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;

/** {@code GET /health}: 200 once statements can run, until then 503 and what it waits for. */
public final class HealthRoutes implements Capability {

  record Health(String status) {}

  record Waiting(String status, String waitingFor, String errorCode, String message) {}

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
        .waitingFor()
        .map(
            reason ->
                Response.json(
                    503,
                    new Waiting(
                        "starting",
                        reason,
                        ErrorCode.TEMPORARILY_UNAVAILABLE.name(),
                        "Tarn is starting and waits for " + reason + ".")))
        .orElseGet(() -> Response.json(new Health("ready")));
  }
}
