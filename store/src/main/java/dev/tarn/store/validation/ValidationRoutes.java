package dev.tarn.store.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.credentials.CredentialContent;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trying credentials over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/storagecredentials/validate">Databricks
 *     REST: validate a storage credential</a>
 */
public final class ValidationRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final StorageValidation validation;

  public ValidationRoutes(StorageValidation validation) {
    this.validation = validation;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post(
            BASE + "/validate-storage-credentials",
            Access.AUTHENTICATED,
            r -> validate(r, "storage_credential_name")),
        Route.post(
            BASE + "/validate-credentials",
            Access.AUTHENTICATED,
            r -> validate(r, "credential_name")));
  }

  private Response validate(Request request, String nameField) {
    JsonNode body = request.json(JsonNode.class);
    if (body.path("purpose").asText("STORAGE").equals("SERVICE")) {
      return Response.json(
          Map.of(
              "results",
              List.of(
                  Map.of(
                      "result",
                      "SKIP",
                      "message",
                      "What a service credential opens is not known here."))));
    }
    StorageValidation.Report report =
        validation.run(
            request.principal(),
            new StorageValidation.Trial(
                text(body, nameField),
                CredentialContent.read(body),
                text(body, "external_location_name"),
                text(body, "url"),
                body.path("read_only").asBoolean(false)));
    return Response.json(
        Map.of(
            "isDir",
            report.directory(),
            "results",
            report.findings().stream()
                .map(
                    finding ->
                        Map.of(
                            "operation",
                            finding.operation().name(),
                            "result",
                            finding.verdict().name(),
                            "message",
                            finding.message()))
                .toList()));
  }

  private static Optional<String> text(JsonNode body, String field) {
    return Optional.ofNullable(body.path(field).asText(null)).filter(text -> !text.isBlank());
  }
}
