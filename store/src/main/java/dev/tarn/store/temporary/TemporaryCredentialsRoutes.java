package dev.tarn.store.temporary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Handler;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Temporary credentials over HTTP, under the path of Databricks' SDK and that of the open Unity
 * Catalog.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/temporarytablecredentials">Databricks
 *     REST: temporary table credentials</a>
 */
public final class TemporaryCredentialsRoutes implements Capability {
  private final TemporaryCredentials credentials;

  public TemporaryCredentialsRoutes(TemporaryCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String version : List.of("2.0", "2.1")) {
      String base = "/api/" + version + "/unity-catalog/temporary-";
      add(routes, base + "table-credentials", this::table);
      add(routes, base + "volume-credentials", this::volume);
      add(routes, base + "path-credentials", this::path);
      add(routes, base + "model-version-credentials", this::modelVersion);
    }
    return routes;
  }

  private static void add(List<Route> routes, String path, Handler handler) {
    routes.add(Route.post(path, Access.AUTHENTICATED, handler));
  }

  private Response table(Request request) {
    JsonNode body = request.json(JsonNode.class);
    boolean write =
        switch (text(body, "operation")) {
          case "READ" -> false;
          case "READ_WRITE" -> true;
          default -> throw TarnException.invalid("Field 'operation' is READ or READ_WRITE.");
        };
    return answer(credentials.ofTable(request.principal(), text(body, "table_id"), write));
  }

  private Response volume(Request request) {
    JsonNode body = request.json(JsonNode.class);
    boolean write =
        switch (text(body, "operation")) {
          case "READ_VOLUME" -> false;
          case "WRITE_VOLUME" -> true;
          default ->
              throw TarnException.invalid("Field 'operation' is READ_VOLUME or WRITE_VOLUME.");
        };
    return answer(credentials.ofVolume(request.principal(), text(body, "volume_id"), write));
  }

  private Response modelVersion(Request request) {
    JsonNode body = request.json(JsonNode.class);
    boolean write =
        switch (text(body, "operation")) {
          case "READ_MODEL_VERSION" -> false;
          case "READ_WRITE_MODEL_VERSION" -> true;
          default ->
              throw TarnException.invalid(
                  "Field 'operation' is READ_MODEL_VERSION or READ_WRITE_MODEL_VERSION.");
        };
    EntityName model =
        new EntityName(
            text(body, "catalog_name"), text(body, "schema_name"), text(body, "model_name"));
    return answer(
        credentials.ofModelVersion(
            request.principal(), model, body.path("version").asInt(0), write));
  }

  private Response path(Request request) {
    JsonNode body = request.json(JsonNode.class);
    String url = text(body, "url");
    List<Privilege> privileges =
        switch (text(body, "operation")) {
          case "PATH_READ" -> List.of(Privilege.READ_FILES);
          case "PATH_READ_WRITE" -> List.of(Privilege.READ_FILES, Privilege.WRITE_FILES);
          case "PATH_CREATE_TABLE" -> List.of(Privilege.CREATE_EXTERNAL_TABLE);
          default ->
              throw TarnException.invalid(
                  "Field 'operation' is PATH_READ, PATH_READ_WRITE or PATH_CREATE_TABLE.");
        };
    boolean write = !privileges.equals(List.of(Privilege.READ_FILES));
    TemporaryCredential made = credentials.ofPath(request.principal(), url, privileges, write);
    return body.path("dry_run").asBoolean(false) ? Response.json(Map.of()) : answer(made);
  }

  private static String text(JsonNode body, String field) {
    String text = body.path(field).asText("");
    if (text.isBlank()) {
      throw TarnException.invalid("Field '" + field + "' is missing.");
    }
    return text;
  }

  private static Response answer(TemporaryCredential credential) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("url", credential.url());
    answer.put("expiration_time", credential.until().toEpochMilli());
    credential
        .sas()
        .ifPresent(sas -> answer.put("azure_user_delegation_sas", Map.of("sas_token", sas)));
    return Response.json(answer);
  }
}
