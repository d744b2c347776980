package dev.tarn.platform.identity.oauth;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The token endpoint, and what clients read to find it (RFC 8414).
 *
 * @see <a href="https://docs.databricks.com/dev-tools/auth/oauth-m2m.html">Databricks: OAuth
 *     machine-to-machine</a>
 */
public final class OAuthRoutes implements Capability {
  private static final String ISSUER = OAuth.ISSUER_PATH;
  private static final String ACCOUNT = ISSUER + "/accounts/{account_id}";
  private static final int MAX_FORM_BYTES = 16 << 10;

  private final OAuth oauth;
  private final Function<Request, URI> address;

  /**
   * @param address scheme, host and port that a client reached us under
   */
  public OAuthRoutes(OAuth oauth, Function<Request, URI> address) {
    this.oauth = oauth;
    this.address = address;
  }

  record RotateRequest(boolean revokeIssuedTokens) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/.well-known/databricks-config", Access.PUBLIC, this::host),
        Route.get(
            ISSUER + "/.well-known/oauth-authorization-server", Access.PUBLIC, this::metadata),
        Route.get(ISSUER + "/.well-known/openid-configuration", Access.PUBLIC, this::metadata),
        Route.get(
            ACCOUNT + "/.well-known/oauth-authorization-server", Access.PUBLIC, this::metadata),
        Route.get(ACCOUNT + "/.well-known/openid-configuration", Access.PUBLIC, this::metadata),
        Route.get(ISSUER + "/jwks.json", Access.PUBLIC, this::keys),
        Route.post(ISSUER + "/v1/token", Access.PUBLIC, this::token),
        Route.post(ACCOUNT + "/v1/token", Access.PUBLIC, this::token),
        Route.get(ISSUER + "/v1/authorize", Access.PUBLIC, this::authorize),
        Route.post("/api/2.0/oauth/keys/rotate", Access.ADMINISTRATOR, this::rotate));
  }

  private Response host(Request request) {
    Map<String, Object> host = new LinkedHashMap<>();
    host.put("oidc_endpoint", address.apply(request) + ISSUER);
    host.put("account_id", oauth.accountId());
    host.put("workspace_id", Long.toString(oauth.workspaceId()));
    host.put("cloud", "none");
    return Response.json(host);
  }

  private Response metadata(Request request) {
    String issuer = address.apply(request) + ISSUER;
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("issuer", issuer);
    metadata.put("authorization_endpoint", issuer + "/v1/authorize");
    metadata.put("token_endpoint", issuer + "/v1/token");
    metadata.put("jwks_uri", issuer + "/jwks.json");
    metadata.put("scopes_supported", List.of(OAuth.SCOPE));
    metadata.put("response_types_supported", List.of("code"));
    metadata.put("grant_types_supported", List.of("client_credentials"));
    metadata.put("subject_types_supported", List.of("public"));
    metadata.put("id_token_signing_alg_values_supported", List.of("ES256"));
    metadata.put(
        "token_endpoint_auth_methods_supported",
        List.of("client_secret_basic", "client_secret_post"));
    return Response.json(metadata);
  }

  private Response keys(Request request) {
    return Response.json(oauth.publicKeys());
  }

  private Response authorize(Request request) {
    throw new TarnException(
        ErrorCode.NOT_IMPLEMENTED,
        "Tarn has no login in a browser yet. Use a personal access token, or a service principal's"
            + " id and secret.");
  }

  private Response rotate(Request request) {
    oauth.rotateKeys(request.principal(), request.json(RotateRequest.class).revokeIssuedTokens());
    return Response.json(Map.of());
  }

  private Response token(Request request) throws IOException {
    boolean basic = false;
    try {
      Map<String, String> form = form(request);
      String authorization = request.header("authorization").orElse("");
      basic = authorization.regionMatches(true, 0, "Basic ", 0, 6);
      String[] client =
          basic
              ? basic(authorization.substring(6), form)
              : new String[] {form.get("client_id"), form.get("client_secret")};
      return answer(
          200,
          oauth.issue(
              address.apply(request),
              new TokenRequest(form.get("grant_type"), client[0], client[1], form.get("scope"))),
          Map.of());
    } catch (OAuthException e) {
      boolean client = e.error().equals("invalid_client");
      return answer(
          client ? 401 : 400,
          Map.of("error", e.error(), "error_description", e.getMessage()),
          client && basic ? Map.of("www-authenticate", "Basic realm=\"tarn\"") : Map.of());
    }
  }

  private static Response answer(int status, Object body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("cache-control", "no-store");
    headers.put("pragma", "no-cache");
    byte[] bytes = Json.bytes(body);
    return new Response(status, "application/json", headers, out -> out.write(bytes));
  }

  private static String[] basic(String encoded, Map<String, String> form) {
    if (form.containsKey("client_secret")) {
      throw new OAuthException(
          "invalid_request", "The client authenticates in the header and in the form; use one.");
    }
    String text;
    try {
      text = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return new String[] {"", ""};
    }
    int colon = text.indexOf(':');
    return colon < 0
        ? new String[] {"", ""}
        : new String[] {text.substring(0, colon), text.substring(colon + 1)};
  }

  /** A form of few and short fields, each at most once, as RFC 6749 wants it. */
  private static Map<String, String> form(Request request) throws IOException {
    byte[] bytes = request.body().readNBytes(MAX_FORM_BYTES + 1);
    String type = request.header("content-type").orElse("");
    if (bytes.length > MAX_FORM_BYTES
        || !type.regionMatches(true, 0, "application/x-www-form-urlencoded", 0, 33)) {
      throw new OAuthException(
          "invalid_request",
          "The request must be a form (application/x-www-form-urlencoded) of at most "
              + MAX_FORM_BYTES
              + " bytes.");
    }
    Map<String, String> form = new HashMap<>();
    for (String pair : new String(bytes, StandardCharsets.UTF_8).split("&")) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        continue;
      }
      try {
        String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
        String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
        if (form.put(name, value) != null) {
          throw new OAuthException("invalid_request", "A parameter is given twice.");
        }
      } catch (IllegalArgumentException e) {
        throw new OAuthException("invalid_request", "The form is not encoded properly.");
      }
    }
    return form;
  }
}
