package dev.tarn.platform.identity.secrets;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Secrets of service principals over HTTP, under the path that workspaces have and the one that
 * accounts have.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/serviceprincipalsecretsproxy">Databricks
 *     REST: service principal secrets</a>
 */
public final class ServicePrincipalSecretsRoutes implements Capability {
  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,10})s");

  private final ServicePrincipalSecrets secrets;

  public ServicePrincipalSecretsRoutes(ServicePrincipalSecrets secrets) {
    this.secrets = secrets;
  }

  record CreateRequest(String lifetime) {
    Optional<Duration> duration() {
      if (lifetime == null || lifetime.isEmpty()) {
        return Optional.empty();
      }
      Matcher seconds = SECONDS.matcher(lifetime);
      if (!seconds.matches()) {
        throw TarnException.invalid("Field 'lifetime' must be whole seconds, such as \"3600s\".");
      }
      return Optional.of(Duration.ofSeconds(Long.parseLong(seconds.group(1))));
    }
  }

  record CreateResponse(String secret, @JsonUnwrapped SecretInfo info) {}

  record ListResponse(List<SecretInfo> secrets) {}

  @Override
  public List<Route> routes() {
    return Stream.of("/api/2.0/accounts", "/api/2.0/accounts/{account_id}")
        .map(root -> root + "/servicePrincipals/{id}/credentials/secrets")
        .flatMap(
            root ->
                Stream.of(
                    Route.post(root, Access.ADMINISTRATOR, this::create),
                    Route.get(root, Access.ADMINISTRATOR, this::list),
                    Route.delete(root + "/{secret_id}", Access.ADMINISTRATOR, this::delete)))
        .toList();
  }

  private Response create(Request request) {
    CreateRequest body = request.json(CreateRequest.class);
    IssuedSecret issued = secrets.create(request.principal(), id(request), body.duration());
    return Response.json(new CreateResponse(issued.secret(), issued.info()));
  }

  private Response list(Request request) {
    return Response.json(new ListResponse(secrets.list(request.principal(), id(request))));
  }

  private Response delete(Request request) {
    secrets.delete(request.principal(), id(request), request.path("secret_id"));
    return Response.json(Map.of());
  }

  private static long id(Request request) {
    try {
      return Long.parseLong(request.path("id"));
    } catch (NumberFormatException e) {
      throw TarnException.invalid(
          "A service principal is named by its id, a whole number; not by its application id.");
    }
  }
}
