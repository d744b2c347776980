package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Functions over HTTP, but for making them: only the engine can check a body.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/functions">Databricks REST: functions</a>
 */
public final class FunctionsRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog/functions";

  private final Functions functions;
  private final Visibility visibility;

  public FunctionsRoutes(Functions functions, Visibility visibility) {
    this.functions = functions;
    this.visibility = visibility;
  }

  record Parameter(
      String name,
      String typeText,
      String typeJson,
      String typeName,
      int position,
      String parameterMode,
      String parameterType,
      String parameterDefault,
      String comment) {}

  record Parameters(List<Parameter> parameters) {}

  record Function(
      String functionId,
      String name,
      String catalogName,
      String schemaName,
      String fullName,
      String specificName,
      Parameters inputParams,
      String dataType,
      String fullDataType,
      Parameters returnParams,
      String routineBody,
      String routineDefinition,
      String parameterStyle,
      boolean isDeterministic,
      String sqlDataAccess,
      boolean isNullCall,
      String securityType,
      String owner,
      String comment,
      String metastoreId,
      Boolean browseOnly,
      long createdAt,
      long updatedAt) {}

  record Update(String owner, String comment) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE, Access.AUTHENTICATED, this::list),
        Route.get(BASE + "/{full_name}", Access.AUTHENTICATED, this::get),
        Route.patch(BASE + "/{full_name}", Access.AUTHENTICATED, this::update),
        Route.delete(BASE + "/{full_name}", Access.AUTHENTICATED, this::delete));
  }

  private static Securable securable(FunctionInfo function) {
    return Securable.function(function.name());
  }

  private Response list(Request request) {
    SchemaName schema =
        new SchemaName(
            Listing.required(request, "catalog_name"), Listing.required(request, "schema_name"));
    Visibility.Inside inside =
        visibility.inside(request, Securable.schema(schema), SecurableType.FUNCTION);
    return Listing.page(
        "functions",
        functions.page(
            request.principal(),
            schema,
            Listing.after(request),
            Listing.size(request, "max_results"),
            each -> inside.lists(each.name(), Securable::function)),
        f -> wire(f, inside.of(f.name(), Securable::function)));
  }

  private Response get(Request request) {
    return shown(request, name(request));
  }

  /** Answers with a function. */
  public Response shown(Request request, EntityName name) {
    FunctionInfo function = functions.get(request.principal(), name);
    return Response.json(wire(function, visibility.of(request, securable(function))));
  }

  private Response update(Request request) {
    Update body = request.json(Update.class);
    return Response.json(
        wire(
            functions.update(
                request.principal(),
                name(request),
                Optional.ofNullable(body.comment()),
                Optional.ofNullable(body.owner())),
            visibility.own()));
  }

  private Response delete(Request request) {
    functions.delete(request.principal(), name(request));
    return Response.json(Map.of());
  }

  private static EntityName name(Request request) {
    return EntityName.parse(request.path("full_name"));
  }

  static Function wire(FunctionInfo function, CatalogWire.Aspect aspect) {
    FunctionDefinition definition = function.definition();
    String type = definition.table() ? "TABLE_TYPE" : CatalogWire.typeName(definition.returnType());
    return new Function(
        function.functionId(),
        function.name().name(),
        function.name().catalog(),
        function.name().schema(),
        function.name().fullName(),
        function.name().name(),
        parameters(definition.parameters(), "PARAM"),
        type,
        definition.table() ? columns(definition) : definition.returnType(),
        parameters(definition.returnColumns(), "COLUMN"),
        "SQL",
        aspect.unlessBrowsing(definition.body()),
        "S",
        definition.deterministic(),
        definition.readsData() ? "READS_SQL_DATA" : "CONTAINS_SQL",
        false,
        "DEFINER",
        function.owner(),
        function.comment(),
        aspect.metastoreId(),
        aspect.flag(),
        function.createdAt(),
        function.updatedAt());
  }

  private static String columns(FunctionDefinition definition) {
    return String.join(
        ", ", definition.returnColumns().stream().map(c -> c.name() + " " + c.typeText()).toList());
  }

  private static Parameters parameters(List<FunctionParameter> parameters, String type) {
    return new Parameters(
        parameters.stream()
            .map(
                p ->
                    new Parameter(
                        p.name(),
                        p.typeText(),
                        p.typeJson(),
                        CatalogWire.typeName(p.typeText()),
                        p.position(),
                        "IN",
                        type,
                        p.defaultText(),
                        p.comment()))
            .toList());
  }
}
