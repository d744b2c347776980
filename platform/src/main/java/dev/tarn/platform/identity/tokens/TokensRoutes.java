package dev.tarn.platform.identity.tokens;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Personal access tokens over HTTP: one's own, and everybody's for administrators.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/tokens">Databricks REST: tokens</a>
 * @see <a href="https://docs.databricks.com/api/workspace/tokenmanagement">Databricks REST: token
 *     management</a>
 */
public final class TokensRoutes implements Capability {
  private static final String MANAGED = "/api/2.0/token-management/";

  private final Tokens tokens;

  public TokensRoutes(Tokens tokens) {
    this.tokens = tokens;
  }

  record CreateRequest(String comment, Long lifetimeSeconds) {}

  record CreateForRequest(String applicationId, String comment, Long lifetimeSeconds) {}

  record DeleteRequest(String tokenId) {}

  record Changed(String comment) {}

  record UpdateRequest(Changed token, String updateMask) {}

  record ListResponse(List<TokenInfo> tokenInfos) {}

  record ManagedListResponse(List<ManagedToken> tokenInfos) {}

  record ManagedResponse(ManagedToken tokenInfo) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.0/token/create", Access.AUTHENTICATED, this::create),
        Route.get("/api/2.0/token/list", Access.AUTHENTICATED, this::list),
        Route.post("/api/2.0/token/delete", Access.AUTHENTICATED, this::delete),
        Route.patch("/api/2.0/token/{token_id}", Access.AUTHENTICATED, this::update),
        Route.post(MANAGED + "on-behalf-of/tokens", Access.ADMINISTRATOR, this::createFor),
        Route.get(MANAGED + "tokens", Access.ADMINISTRATOR, this::listAll),
        Route.get(MANAGED + "tokens/{token_id}", Access.ADMINISTRATOR, this::get),
        Route.patch(MANAGED + "tokens/{token_id}", Access.ADMINISTRATOR, this::updateManaged),
        Route.delete(MANAGED + "tokens/{token_id}", Access.ADMINISTRATOR, this::deleteManaged));
  }

  private static Optional<Duration> lifetime(Long seconds) {
    return Optional.ofNullable(seconds).map(Duration::ofSeconds);
  }

  private Response create(Request request) {
    CreateRequest body = request.json(CreateRequest.class);
    return Response.json(
        tokens.create(request.principal(), body.comment(), lifetime(body.lifetimeSeconds())));
  }

  private Response list(Request request) {
    return Response.json(new ListResponse(tokens.list(request.principal())));
  }

  private Response delete(Request request) {
    tokens.revoke(request.principal(), request.json(DeleteRequest.class).tokenId());
    return Response.json(Map.of());
  }

  private Response update(Request request) {
    changeComment(request);
    return Response.json(Map.of());
  }

  private void changeComment(Request request) {
    UpdateRequest body = request.json(UpdateRequest.class);
    if (body.token() == null || !"comment".equals(body.updateMask())) {
      throw TarnException.invalid(
          "Only a token's comment can be changed: send {\"token\": {\"comment\": …},"
              + " \"update_mask\": \"comment\"}.");
    }
    tokens.comment(request.principal(), request.path("token_id"), body.token().comment());
  }

  private Response createFor(Request request) {
    CreateForRequest body = request.json(CreateForRequest.class);
    return Response.json(
        tokens.createFor(
            request.principal(),
            body.applicationId(),
            body.comment(),
            lifetime(body.lifetimeSeconds())));
  }

  private Response listAll(Request request) {
    Optional<Long> createdById;
    try {
      createdById = request.query("created_by_id").filter(id -> !id.isBlank()).map(Long::parseLong);
    } catch (NumberFormatException e) {
      throw TarnException.invalid("Query parameter 'created_by_id' must be a whole number.");
    }
    return Response.json(
        new ManagedListResponse(
            tokens.listAll(
                request.principal(),
                createdById,
                request.query("created_by_username").filter(name -> !name.isBlank()))));
  }

  private Response get(Request request) {
    return Response.json(
        new ManagedResponse(tokens.get(request.principal(), request.path("token_id"))));
  }

  private Response updateManaged(Request request) {
    changeComment(request);
    return Response.json(tokens.get(request.principal(), request.path("token_id")));
  }

  private Response deleteManaged(Request request) {
    tokens.revoke(request.principal(), request.path("token_id"));
    return Response.json(Map.of());
  }
}
