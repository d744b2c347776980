package dev.tarn.platform.identity;

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
 * Personal access tokens over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/tokens">Databricks REST: tokens</a>
 */
public final class TokenRoutes implements Capability {
  private final Identity identity;

  public TokenRoutes(Identity identity) {
    this.identity = identity;
  }

  record CreateRequest(String comment, Long lifetimeSeconds) {
    Optional<Duration> lifetime() {
      return Optional.ofNullable(lifetimeSeconds).map(Duration::ofSeconds);
    }
  }

  record CreateForRequest(String applicationId, String comment, Long lifetimeSeconds) {}

  record DeleteRequest(String tokenId) {}

  record ListResponse(List<TokenInfo> tokenInfos) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/api/2.0/token/create", Access.AUTHENTICATED, this::create),
        Route.get("/api/2.0/token/list", Access.AUTHENTICATED, this::list),
        Route.post("/api/2.0/token/delete", Access.AUTHENTICATED, this::delete),
        Route.post(
            "/api/2.0/token-management/on-behalf-of/tokens",
            Access.ADMINISTRATOR,
            this::createFor));
  }

  private Response create(Request request) {
    CreateRequest body = request.json(CreateRequest.class);
    return Response.json(
        identity.createToken(request.principal(), body.comment(), body.lifetime()));
  }

  private Response list(Request request) {
    return Response.json(new ListResponse(identity.listTokens(request.principal())));
  }

  private Response delete(Request request) {
    identity.revokeToken(request.principal(), request.json(DeleteRequest.class).tokenId());
    return Response.json(Map.of());
  }

  private Response createFor(Request request) {
    CreateForRequest body = request.json(CreateForRequest.class);
    return Response.json(
        identity.createTokenFor(
            request.principal(),
            body.applicationId(),
            body.comment(),
            Optional.ofNullable(body.lifetimeSeconds()).map(Duration::ofSeconds)));
  }
}
