package dev.tarn.govern.bindings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Workspace bindings over HTTP, under the older path for catalogs and the newer for all. */
public final class BindingsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";
  private static final String OLD = BASE + "/workspace-bindings/catalogs/{name}";
  private static final String NEW = BASE + "/bindings/{securable_type}/{name}";

  private final Bindings bindings;

  public BindingsRoutes(Bindings bindings) {
    this.bindings = bindings;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(OLD, Access.AUTHENTICATED, this::workspaces),
        Route.patch(OLD, Access.AUTHENTICATED, this::assign),
        Route.get(NEW, Access.AUTHENTICATED, this::list),
        Route.patch(NEW, Access.AUTHENTICATED, this::update));
  }

  private static Securable catalog(Request request) {
    return Securable.catalog(request.path("name"));
  }

  private static Securable securable(Request request) {
    return new Securable(SecurableType.parse(request.path("securable_type")), request.path("name"));
  }

  private static Response workspaces(List<Binding> bound) {
    return Response.json(Map.of("workspaces", bound.stream().map(Binding::workspaceId).toList()));
  }

  private Response workspaces(Request request) {
    return workspaces(bindings.list(request.principal(), catalog(request)));
  }

  private Response assign(Request request) {
    JsonNode body = request.json(JsonNode.class);
    return workspaces(
        bindings.update(
            request.principal(),
            catalog(request),
            numbers(body.path("assign_workspaces")).stream()
                .map(number -> new Binding(number, false))
                .toList(),
            numbers(body.path("unassign_workspaces"))));
  }

  private static List<Long> numbers(JsonNode array) {
    List<Long> numbers = new ArrayList<>();
    array.forEach(each -> numbers.add(number(each)));
    return numbers;
  }

  private static long number(JsonNode node) {
    if (!node.canConvertToLong() || !node.isIntegralNumber()) {
      throw TarnException.invalid("The number of a workspace is a whole number.");
    }
    return node.longValue();
  }

  private static Map<String, Object> wire(Binding binding) {
    return Map.of(
        "workspace_id",
        binding.workspaceId(),
        "binding_type",
        binding.readOnly() ? "BINDING_TYPE_READ_ONLY" : "BINDING_TYPE_READ_WRITE");
  }

  private Response list(Request request) {
    return Listing.page(
        request,
        "bindings",
        bindings.list(request.principal(), securable(request)),
        binding -> String.format("%019d", binding.workspaceId()),
        BindingsRoutes::wire);
  }

  private Response update(Request request) {
    JsonNode body = request.json(JsonNode.class);
    List<Binding> add = new ArrayList<>();
    body.path("add").forEach(each -> add.add(binding(each)));
    List<Long> remove = new ArrayList<>();
    body.path("remove").forEach(each -> remove.add(number(each.path("workspace_id"))));
    return Response.json(
        Map.of(
            "bindings",
            bindings.update(request.principal(), securable(request), add, remove).stream()
                .map(BindingsRoutes::wire)
                .toList()));
  }

  private static Binding binding(JsonNode node) {
    boolean readOnly =
        switch (node.path("binding_type").asText("BINDING_TYPE_READ_WRITE")) {
          case "BINDING_TYPE_READ_WRITE" -> false;
          case "BINDING_TYPE_READ_ONLY" -> true;
          default ->
              throw TarnException.invalid(
                  "Field 'binding_type' is BINDING_TYPE_READ_WRITE or BINDING_TYPE_READ_ONLY.");
        };
    return new Binding(number(node.path("workspace_id")), readOnly);
  }
}
