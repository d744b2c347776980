package dev.tarn.govern.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.bindings.Bindings;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Credentials over HTTP, under the older path for those of storage and the newer for all.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/credentials">Databricks REST:
 *     credentials</a>
 */
public final class CredentialsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final Credentials credentials;
  private final Bindings bindings;
  private final Supplier<String> metastoreId;

  public CredentialsRoutes(
      Credentials credentials, Bindings bindings, Supplier<String> metastoreId) {
    this.bindings = bindings;
    this.credentials = credentials;
    this.metastoreId = metastoreId;
  }

  @Override
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String path : List.of("/storage-credentials", "/credentials")) {
      boolean storage = path.startsWith("/storage");
      routes.add(Route.get(BASE + path, Access.AUTHENTICATED, r -> list(r, storage)));
      routes.add(Route.post(BASE + path, Access.AUTHENTICATED, r -> create(r, storage)));
      String one = BASE + path + "/{name}";
      routes.add(Route.get(one, Access.AUTHENTICATED, r -> get(r, storage)));
      routes.add(Route.patch(one, Access.AUTHENTICATED, r -> update(r, storage)));
      routes.add(Route.delete(one, Access.AUTHENTICATED, r -> delete(r, storage)));
    }
    routes.add(
        Route.post(BASE + "/temporary-service-credentials", Access.AUTHENTICATED, this::temporary));
    return routes;
  }

  private Map<String, Object> wire(Credential credential) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", credential.credentialId());
    wire.put("name", credential.name());
    wire.put("full_name", credential.name());
    wire.put("purpose", credential.purpose().name());
    wire.put(credential.kind().field(), new TreeMap<>(credential.identity()));
    wire.put("owner", credential.owner());
    if (credential.comment() != null) {
      wire.put("comment", credential.comment());
    }
    wire.put("read_only", credential.readOnly());
    wire.put("used_for_managed_storage", false);
    wire.put("isolation_mode", Bindings.mode(credential.isolated()));
    wire.put("metastore_id", metastoreId.get());
    wire.put("created_by", credential.createdBy());
    wire.put("created_at", credential.createdAt());
    wire.put("updated_by", credential.updatedBy());
    wire.put("updated_at", credential.updatedAt());
    return wire;
  }

  private Response list(Request request, boolean storage) {
    Optional<Purpose> purpose =
        storage
            ? Optional.of(Purpose.STORAGE)
            : request.query("purpose").map(CredentialsRoutes::purpose);
    boolean unbound = Listing.flag(request, "include_unbound");
    return Listing.page(
        request,
        storage ? "storage_credentials" : "credentials",
        credentials
            .list(
                request.principal(),
                each ->
                    unbound
                        && bindings.unbound(
                            request.principal(), Securable.storageCredential(each.name())))
            .stream()
            .filter(each -> purpose.map(each.purpose()::equals).orElse(true))
            .toList(),
        Credential::name,
        this::wire);
  }

  private static Purpose purpose(String text) {
    return switch (text) {
      case "STORAGE" -> Purpose.STORAGE;
      case "SERVICE" -> Purpose.SERVICE;
      default -> throw TarnException.invalid("Field 'purpose' is STORAGE or SERVICE.");
    };
  }

  private Response create(Request request, boolean storage) {
    JsonNode body = request.json(JsonNode.class);
    CredentialContent content =
        CredentialContent.read(body)
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "The request says nothing of what opens the store: give"
                            + " azure_service_principal, azure_managed_identity,"
                            + " azure_storage_key, aws_iam_role or cloudflare_api_token."));
    Purpose purpose = storage ? Purpose.STORAGE : purpose(body.path("purpose").asText("STORAGE"));
    return Response.json(
        wire(
            credentials.create(
                request.principal(),
                body.path("name").asText(null),
                purpose,
                content,
                body.path("comment").asText(null),
                body.path("read_only").asBoolean(false))));
  }

  private Credential existing(Request request, boolean storage) {
    Credential credential = credentials.get(request.principal(), request.path("name"));
    if (storage && credential.purpose() != Purpose.STORAGE) {
      throw TarnException.notFound(
          ErrorCode.RESOURCE_DOES_NOT_EXIST, "Storage credential", credential.name());
    }
    return credential;
  }

  private Response get(Request request, boolean storage) {
    return Response.json(wire(existing(request, storage)));
  }

  private Response update(Request request, boolean storage) {
    Credential old = existing(request, storage);
    JsonNode body = request.json(JsonNode.class);
    return Response.json(
        wire(
            credentials.update(
                request.principal(),
                old.name(),
                new CredentialChange(
                    text(body, "new_name"),
                    CredentialContent.read(body),
                    text(body, "owner"),
                    text(body, "comment"),
                    flag(body, "read_only"),
                    text(body, "isolation_mode").map(Bindings::isolated)))));
  }

  private static Optional<String> text(JsonNode body, String field) {
    return Optional.ofNullable(body.path(field).asText(null));
  }

  private static Optional<Boolean> flag(JsonNode body, String field) {
    return body.path(field).isBoolean()
        ? Optional.of(body.path(field).asBoolean())
        : Optional.empty();
  }

  private Response delete(Request request, boolean storage) {
    Credential credential = existing(request, storage);
    credentials.delete(request.principal(), credential.name(), Listing.flag(request, "force"));
    return Response.json(Map.of());
  }

  private Response temporary(Request request) {
    String name = request.json(JsonNode.class).path("credential_name").asText(null);
    credentials.requireAccess(request.principal(), name);
    throw new TarnException(
        ErrorCode.NOT_IMPLEMENTED,
        "Temporary service credentials are not handed out: credential '"
            + name
            + "' is used by the server only.");
  }
}
