package dev.tarn.govern.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Models over HTTP, as Databricks' SDK and the open Unity Catalog know them.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/modelversions">Databricks REST: model
 *     versions</a>
 */
public final class ModelsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/models";
  private static final String ONE = BASE + "/{full_name}";
  private static final String VERSION = ONE + "/versions/{version}";
  private static final String ALIAS = ONE + "/aliases/{alias}";
  private static final int DIGITS = 9;

  private final Models models;
  private final Grants grants;
  private final Supplier<String> metastoreId;

  public ModelsRoutes(Models models, Grants grants, Supplier<String> metastoreId) {
    this.models = models;
    this.grants = grants;
    this.metastoreId = metastoreId;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE, Access.AUTHENTICATED, this::list),
        Route.post(BASE, Access.AUTHENTICATED, this::create),
        Route.get(ONE, Access.AUTHENTICATED, this::get),
        Route.patch(ONE, Access.AUTHENTICATED, this::update),
        Route.delete(ONE, Access.AUTHENTICATED, this::delete),
        Route.post(BASE + "/versions", Access.AUTHENTICATED, this::createVersion),
        Route.get(ONE + "/versions", Access.AUTHENTICATED, this::versions),
        Route.get(VERSION, Access.AUTHENTICATED, this::version),
        Route.patch(VERSION, Access.AUTHENTICATED, r -> updateVersion(r, false)),
        Route.patch(VERSION + "/finalize", Access.AUTHENTICATED, r -> updateVersion(r, true)),
        Route.delete(VERSION, Access.AUTHENTICATED, this::deleteVersion),
        Route.get(ALIAS, Access.AUTHENTICATED, this::versionOfAlias),
        Route.put(ALIAS, Access.AUTHENTICATED, this::setAlias),
        Route.delete(ALIAS, Access.AUTHENTICATED, this::deleteAlias));
  }

  private Map<String, Object> wire(Principal principal, RegisteredModel model) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", model.modelId());
    wire.put("name", model.name().name());
    wire.put("catalog_name", model.name().catalog());
    wire.put("schema_name", model.name().schema());
    wire.put("full_name", model.name().fullName());
    wire.put("owner", model.owner());
    if (model.comment() != null) {
      wire.put("comment", model.comment());
    }
    if (grants.browsesOnly(principal, Securable.function(model.name()))) {
      wire.put("browse_only", true);
    } else {
      wire.put("storage_location", model.storageLocation());
    }
    wire.put("metastore_id", metastoreId.get());
    wire.put("created_by", model.createdBy());
    wire.put("created_at", model.createdAt());
    wire.put("updated_by", model.updatedBy());
    wire.put("updated_at", model.updatedAt());
    return wire;
  }

  private static Map<String, Object> wire(EntityName model, ModelAlias alias) {
    return Map.of(
        "alias_name",
        alias.alias(),
        "version_num",
        alias.version(),
        "catalog_name",
        model.catalog(),
        "schema_name",
        model.schema(),
        "model_name",
        model.name());
  }

  private Map<String, Object> wire(RegisteredModel model, ModelVersion version) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", version.versionId());
    wire.put("model_name", model.name().name());
    wire.put("catalog_name", model.name().catalog());
    wire.put("schema_name", model.name().schema());
    wire.put("version", version.version());
    wire.put("status", version.status().name());
    put(wire, "source", version.source());
    put(wire, "run_id", version.runId());
    put(wire, "comment", version.comment());
    wire.put("storage_location", Models.location(model, version));
    wire.put("metastore_id", metastoreId.get());
    wire.put("created_by", version.createdBy());
    wire.put("created_at", version.createdAt());
    wire.put("updated_by", version.updatedBy());
    wire.put("updated_at", version.updatedAt());
    return wire;
  }

  private static void put(Map<String, Object> wire, String name, String value) {
    if (value != null) {
      wire.put(name, value);
    }
  }

  private static EntityName name(Request request) {
    return EntityName.parse(request.path("full_name"));
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > DIGITS || !text.chars().allMatch(Character::isDigit)) {
      throw TarnException.invalid("'" + text + "' is not the number of a version.");
    }
    return Integer.parseInt(text);
  }

  private Response list(Request request) {
    Optional<String> catalog = request.query("catalog_name").filter(text -> !text.isEmpty());
    Optional<String> schema = request.query("schema_name").filter(text -> !text.isEmpty());
    if (catalog.isPresent() != schema.isPresent()) {
      throw TarnException.invalid("Give catalog_name and schema_name, or neither.");
    }
    Principal principal = request.principal();
    boolean browse = Listing.flag(request, "include_browse");
    List<RegisteredModel> all =
        models.list(principal, catalog.map(name -> new SchemaName(name, schema.orElseThrow())));
    return Listing.page(
        request,
        "registered_models",
        all.stream()
            .filter(
                each -> browse || !grants.browsesOnly(principal, Securable.function(each.name())))
            .toList(),
        model -> model.name().fullName(),
        model -> wire(principal, model));
  }

  private static String text(JsonNode body, String field) {
    String text = body.path(field).asText("");
    if (text.isBlank()) {
      throw TarnException.invalid("Field '" + field + "' is missing.");
    }
    return text;
  }

  private static EntityName name(JsonNode body, String field) {
    return new EntityName(text(body, "catalog_name"), text(body, "schema_name"), text(body, field));
  }

  private static Optional<String> optional(JsonNode body, String field) {
    return Optional.ofNullable(body.path(field).asText(null));
  }

  private Response create(Request request) {
    JsonNode body = request.json(JsonNode.class);
    if (optional(body, "storage_location").filter(text -> !text.isBlank()).isPresent()) {
      throw TarnException.invalid(
          "Models lie in the managed storage: leave 'storage_location' out.");
    }
    RegisteredModel made =
        models.create(
            request.principal(), name(body, "name"), optional(body, "comment").orElse(null));
    return Response.json(wire(request.principal(), made));
  }

  private Response get(Request request) {
    RegisteredModel model = models.get(request.principal(), name(request));
    Map<String, Object> wire = wire(request.principal(), model);
    if (Listing.flag(request, "include_aliases")) {
      wire.put(
          "aliases",
          models.aliases(request.principal(), model.name()).stream()
              .map(alias -> wire(model.name(), alias))
              .toList());
    }
    return Response.json(wire);
  }

  private Response update(Request request) {
    JsonNode body = request.json(JsonNode.class);
    RegisteredModel changed =
        models.update(
            request.principal(),
            name(request),
            optional(body, "new_name"),
            optional(body, "comment"),
            optional(body, "owner"));
    return Response.json(wire(request.principal(), changed));
  }

  private Response delete(Request request) {
    models.delete(request.principal(), name(request));
    return Response.json(Map.of());
  }

  private Response createVersion(Request request) {
    JsonNode body = request.json(JsonNode.class);
    EntityName name = name(body, "model_name");
    ModelVersion version =
        models.createVersion(
            request.principal(),
            name,
            optional(body, "source").orElse(null),
            optional(body, "run_id").orElse(null),
            optional(body, "comment").orElse(null));
    return Response.json(wire(models.get(request.principal(), name), version));
  }

  private Response versions(Request request) {
    RegisteredModel model = models.get(request.principal(), name(request));
    return Listing.page(
        request,
        "model_versions",
        models.versions(request.principal(), model.name()),
        ModelsRoutes::newestFirst,
        version -> wire(model, version));
  }

  private static String newestFirst(ModelVersion version) {
    return String.format("%010d", Integer.MAX_VALUE - version.version());
  }

  private Response answer(Request request, ModelVersion version) {
    RegisteredModel model = models.get(request.principal(), name(request));
    Map<String, Object> wire = wire(model, version);
    if (Listing.flag(request, "include_aliases")) {
      wire.put(
          "aliases",
          models.aliases(request.principal(), model.name()).stream()
              .filter(alias -> alias.version() == version.version())
              .map(alias -> wire(model.name(), alias))
              .toList());
    }
    return Response.json(wire);
  }

  private Response version(Request request) {
    return answer(
        request,
        models.version(request.principal(), name(request), number(request.path("version"))));
  }

  private Response updateVersion(Request request, boolean ready) {
    return answer(
        request,
        models.updateVersion(
            request.principal(),
            name(request),
            number(request.path("version")),
            ready ? Optional.empty() : optional(request.json(JsonNode.class), "comment"),
            ready));
  }

  private Response deleteVersion(Request request) {
    models.deleteVersion(request.principal(), name(request), number(request.path("version")));
    return Response.json(Map.of());
  }

  private Response versionOfAlias(Request request) {
    return answer(
        request, models.version(request.principal(), name(request), request.path("alias")));
  }

  private Response setAlias(Request request) {
    JsonNode body = request.json(JsonNode.class);
    ModelAlias alias =
        models.setAlias(
            request.principal(),
            name(request),
            request.path("alias"),
            number(body.path("version_num").asText("")));
    return Response.json(wire(name(request), alias));
  }

  private Response deleteAlias(Request request) {
    models.deleteAlias(request.principal(), name(request), request.path("alias"));
    return Response.json(Map.of());
  }
}
