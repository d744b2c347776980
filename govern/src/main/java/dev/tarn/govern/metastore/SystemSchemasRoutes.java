package dev.tarn.govern.metastore;

import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The schemas of catalog {@code system} over HTTP. All that there are are always on: what is
 * recorded of everybody, nobody can switch off.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/systemschemas">Databricks REST: system
 *     schemas</a>
 */
public final class SystemSchemasRoutes implements Capability {
  private static final String BASE =
      "/api/2.1/unity-catalog/metastores/{metastore_id}/systemschemas";
  private static final String INFORMATION = "information_schema";

  private final Metastore metastore;
  private final Schemas schemas;

  public SystemSchemasRoutes(Metastore metastore, Schemas schemas) {
    this.metastore = metastore;
    this.schemas = schemas;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE, Access.AUTHENTICATED, this::list),
        Route.put(BASE + "/{schema_name}", Access.ADMINISTRATOR, this::enable),
        Route.delete(BASE + "/{schema_name}", Access.ADMINISTRATOR, this::disable));
  }

  private Response list(Request request) {
    metastore.requireId(request.path("metastore_id"));
    return Listing.page(
        request,
        "schemas",
        visible(request.principal()),
        schema -> schema.get("schema"),
        schema -> schema);
  }

  private List<Map<String, String>> visible(Principal principal) {
    List<Map<String, String>> all = new ArrayList<>();
    all.add(Map.of("schema", INFORMATION, "state", "MANAGED"));
    schemas.list(principal, Grants.SYSTEM_CATALOG).stream()
        .map(schema -> schema.name().schema())
        .filter(name -> !name.equals(INFORMATION))
        .forEach(name -> all.add(Map.of("schema", name, "state", "ENABLE_COMPLETED")));
    return all;
  }

  private String existing(Request request) {
    metastore.requireId(request.path("metastore_id"));
    String name = request.path("schema_name").toLowerCase(Locale.ROOT);
    boolean there =
        name.equals(INFORMATION)
            || schemas.find(new SchemaName(Grants.SYSTEM_CATALOG, name)).isPresent();
    if (!there) {
      throw TarnException.notFound(ErrorCode.RESOURCE_DOES_NOT_EXIST, "System schema", name);
    }
    return name;
  }

  private Response enable(Request request) {
    existing(request);
    return Response.json(Map.of());
  }

  private Response disable(Request request) {
    throw new TarnException(
        ErrorCode.INVALID_STATE,
        "System schema '"
            + existing(request)
            + "' cannot be switched off. Who may read it is a matter of grants.");
  }
}
