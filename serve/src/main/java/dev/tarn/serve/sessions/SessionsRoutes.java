package dev.tarn.serve.sessions;

import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;

/** Sessions as the JDBC driver opens and closes them in its Statement Execution mode. */
public final class SessionsRoutes implements Capability {
  private final Sessions sessions;

  public SessionsRoutes(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.0/sql/sessions", Access.AUTHENTICATED, this::open),
        Route.post("/api/2.0/sql/sessions/", Access.AUTHENTICATED, this::open),
        Route.delete("/api/2.0/sql/sessions/{session_id}", Access.AUTHENTICATED, this::close),
        Route.post(
            "/api/2.0/sql/warehouses/{warehouse_id}/sessions",
            Access.AUTHENTICATED,
            this::openOnWarehouse),
        Route.delete(
            "/api/2.0/sql/warehouses/{warehouse_id}/sessions/{session_id}",
            Access.AUTHENTICATED,
            this::close));
  }

  private Response open(Request request) {
    return open(request, request.json(OpenSession.class));
  }

  private Response openOnWarehouse(Request request) {
    OpenSession body = request.json(OpenSession.class);
    return open(
        request,
        new OpenSession(
            request.path("warehouse_id"), body.catalog(), body.schema(), body.sessionConfs()));
  }

  private Response open(Request request, OpenSession body) {
    return Response.json(Map.of("session_id", sessions.open(request.principal(), body).id()));
  }

  private Response close(Request request) {
    sessions.close(request.principal(), request.path("session_id"));
    return Response.json(Map.of());
  }
}
