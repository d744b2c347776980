package dev.tarn.serve.statements;

import dev.tarn.govern.audit.Redaction;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.serve.address.PublicAddress;
import dev.tarn.serve.history.QueryClient;
import java.util.List;
import java.util.Map;

/** The Statement Execution API. Needs no privilege of its own: the SQL does. */
public final class StatementsRoutes implements Capability {
  private static final int BAD_REQUEST = 400;

  private final Statements statements;
  private final PublicAddress address;

  public StatementsRoutes(Statements statements, PublicAddress address) {
    this.statements = statements;
    this.address = address;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.0/sql/statements", Access.AUTHENTICATED, this::execute),
        Route.post("/api/2.0/sql/statements/", Access.AUTHENTICATED, this::execute),
        Route.get("/api/2.0/sql/statements/{statement_id}", Access.AUTHENTICATED, this::get),
        Route.get(
            "/api/2.0/sql/statements/{statement_id}/result/chunks/{chunk_index}",
            Access.AUTHENTICATED,
            this::chunk),
        Route.post(
            "/api/2.0/sql/statements/{statement_id}/cancel", Access.AUTHENTICATED, this::cancel),
        Route.delete("/api/2.0/sql/statements/{statement_id}", Access.AUTHENTICATED, this::close));
  }

  private Response execute(Request request) {
    StatementResponse response =
        statements.execute(
            request.principal(),
            request.json(ExecuteStatement.class),
            new QueryClient(request.header("user-agent").orElse("")),
            address.of(request));
    if (response.status().error() != null) {
      request.notes().failed(BAD_REQUEST, Redaction.failure(response.status().error().message()));
    }
    statements.answering(response.statementId(), request.notes());
    return Response.json(response);
  }

  private Response get(Request request) {
    return Response.json(
        statements.get(request.principal(), request.path("statement_id"), address.of(request)));
  }

  private Response chunk(Request request) {
    String index = request.path("chunk_index");
    try {
      return Response.json(
          statements.chunk(
              request.principal(),
              request.path("statement_id"),
              Integer.parseInt(index),
              address.of(request)));
    } catch (NumberFormatException e) {
      throw TarnException.invalid("'" + index + "' is not the number of a chunk.");
    }
  }

  private Response cancel(Request request) {
    statements.cancel(request.principal(), request.path("statement_id"));
    return Response.json(Map.of());
  }

  private Response close(Request request) {
    statements.close(request.principal(), request.path("statement_id"));
    return Response.json(Map.of());
  }
}
