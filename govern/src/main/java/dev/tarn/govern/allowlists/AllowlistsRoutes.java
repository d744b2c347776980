package dev.tarn.govern.allowlists;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.function.Supplier;

/** Artifact allowlists over HTTP. */
public final class AllowlistsRoutes implements Capability {
  private static final String PATH = "/api/2.1/unity-catalog/artifact-allowlists/{artifact_type}";

  private static final String PREFIX = "PREFIX_MATCH";

  private final ArtifactAllowlists allowlists;
  private final Supplier<String> metastoreId;

  public AllowlistsRoutes(ArtifactAllowlists allowlists, Supplier<String> metastoreId) {
    this.allowlists = allowlists;
    this.metastoreId = metastoreId;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(PATH, Access.AUTHENTICATED, this::get),
        Route.put(PATH, Access.AUTHENTICATED, this::set));
  }

  private Response wire(Allowlist list) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put(
        "artifact_matchers",
        list.prefixes().stream()
            .map(prefix -> Map.of("artifact", prefix, "match_type", PREFIX))
            .toList());
    list.set()
        .ifPresent(
            set -> {
              wire.put("created_by", set.by());
              wire.put("created_at", set.at());
            });
    wire.put("metastore_id", metastoreId.get());
    return Response.json(wire);
  }

  private static ArtifactType type(Request request) {
    return ArtifactType.parse(request.path("artifact_type"));
  }

  private Response get(Request request) {
    return wire(allowlists.get(request.principal(), type(request)));
  }

  private Response set(Request request) {
    List<String> prefixes = new ArrayList<>();
    for (JsonNode matcher : request.json(JsonNode.class).path("artifact_matchers")) {
      if (!matcher.path("match_type").asText(PREFIX).equals(PREFIX)) {
        throw TarnException.invalid("Field 'match_type' is " + PREFIX + ".");
      }
      prefixes.add(matcher.path("artifact").asText(""));
    }
    return wire(allowlists.set(request.principal(), type(request), prefixes));
  }
}
