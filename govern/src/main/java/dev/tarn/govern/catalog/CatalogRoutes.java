package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.listing.Listing;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Catalogs and schemas over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/catalogs">Databricks REST: Unity
 *     Catalog</a>
 */
public final class CatalogRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final Catalogs catalogs;
  private final Schemas schemas;
  private final Visibility visibility;

  public CatalogRoutes(Catalogs catalogs, Schemas schemas, Visibility visibility) {
    this.catalogs = catalogs;
    this.schemas = schemas;
    this.visibility = visibility;
  }

  record NewCatalog(
      String name,
      String comment,
      Map<String, String> properties,
      Map<String, String> options,
      String storageRoot,
      String connectionName,
      String providerName,
      String shareName) {}

  record NewSchema(
      String name,
      String catalogName,
      String comment,
      Map<String, String> properties,
      String storageRoot) {}

  record Update(
      String comment,
      String owner,
      String newName,
      Map<String, String> properties,
      String isolationMode) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE + "/catalogs", Access.AUTHENTICATED, this::listCatalogs),
        Route.post(BASE + "/catalogs", Access.AUTHENTICATED, this::createCatalog),
        Route.get(BASE + "/catalogs/{name}", Access.AUTHENTICATED, this::getCatalog),
        Route.patch(BASE + "/catalogs/{name}", Access.AUTHENTICATED, this::updateCatalog),
        Route.delete(BASE + "/catalogs/{name}", Access.AUTHENTICATED, this::deleteCatalog),
        Route.get(BASE + "/schemas", Access.AUTHENTICATED, this::listSchemas),
        Route.post(BASE + "/schemas", Access.AUTHENTICATED, this::createSchema),
        Route.get(BASE + "/schemas/{full_name}", Access.AUTHENTICATED, this::getSchema),
        Route.patch(BASE + "/schemas/{full_name}", Access.AUTHENTICATED, this::updateSchema),
        Route.delete(BASE + "/schemas/{full_name}", Access.AUTHENTICATED, this::deleteSchema));
  }

  private static Securable securable(CatalogInfo catalog) {
    return Securable.catalog(catalog.name());
  }

  private static Securable securable(SchemaInfo schema) {
    return Securable.schema(schema.name());
  }

  private Response listCatalogs(Request request) {
    return Listing.page(
        request,
        "catalogs",
        visibility.listed(request, catalogs.list(request.principal()), CatalogRoutes::securable),
        c -> CatalogWire.of(c, visibility.among(request, securable(c))));
  }

  private Response createCatalog(Request request) {
    NewCatalog body = request.json(NewCatalog.class);
    requireOrdinary(body);
    return Response.json(
        CatalogWire.of(
            catalogs.create(
                request.principal(),
                body.name(),
                body.comment(),
                body.properties() == null ? Map.of() : body.properties()),
            visibility.own()));
  }

  private static void requireOrdinary(NewCatalog body) {
    if (body.connectionName() != null) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Foreign catalogs are not supported: no tables are read through connection '"
              + body.connectionName()
              + "'. Leave 'connection_name' out for an ordinary catalog.");
    }
    if (body.providerName() != null || body.shareName() != null) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Catalogs of shares are not supported. Leave 'provider_name' and 'share_name' out for an"
              + " ordinary catalog.");
    }
    requireNoRoot(body.storageRoot());
  }

  private static void requireNoRoot(String storageRoot) {
    if (storageRoot != null && !storageRoot.isEmpty()) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Field 'storage_root' is not supported: all managed tables and volumes lie in the"
              + " metastore's storage. Leave it out, or make external tables and volumes.");
    }
  }

  private Response getCatalog(Request request) {
    CatalogInfo catalog = catalogs.get(request.principal(), request.path("name"));
    return Response.json(CatalogWire.of(catalog, visibility.of(request, securable(catalog))));
  }

  private Response updateCatalog(Request request) {
    return Response.json(
        CatalogWire.of(
            catalogs.update(request.principal(), request.path("name"), change(request)),
            visibility.own()));
  }

  private static NamespaceChange change(Request request) {
    Update body = request.json(Update.class);
    return new NamespaceChange(
        Optional.ofNullable(body.newName()),
        Optional.ofNullable(body.comment()),
        Optional.ofNullable(body.owner()),
        Optional.ofNullable(body.properties()),
        Optional.ofNullable(body.isolationMode()).map(CatalogRoutes::isolated));
  }

  private static boolean isolated(String mode) {
    return switch (mode) {
      case "OPEN" -> false;
      case "ISOLATED" -> true;
      default -> throw TarnException.invalid("Field 'isolation_mode' is OPEN or ISOLATED.");
    };
  }

  private Response deleteCatalog(Request request) {
    catalogs.delete(request.principal(), request.path("name"), Listing.flag(request, "force"));
    return Response.json(Map.of());
  }

  private Response listSchemas(Request request) {
    return Listing.page(
        request,
        "schemas",
        visibility.listed(
            request,
            schemas.list(request.principal(), Listing.required(request, "catalog_name")),
            CatalogRoutes::securable),
        s -> CatalogWire.of(s, visibility.among(request, securable(s))));
  }

  private Response createSchema(Request request) {
    NewSchema body = request.json(NewSchema.class);
    requireNoRoot(body.storageRoot());
    return Response.json(
        CatalogWire.of(
            schemas.create(
                request.principal(),
                new SchemaName(body.catalogName(), body.name()),
                body.comment(),
                body.properties()),
            visibility.own()));
  }

  private Response getSchema(Request request) {
    SchemaInfo schema = schemas.get(request.principal(), schema(request));
    return Response.json(CatalogWire.of(schema, visibility.of(request, securable(schema))));
  }

  private Response updateSchema(Request request) {
    return Response.json(
        CatalogWire.of(
            schemas.update(request.principal(), schema(request), change(request)),
            visibility.own()));
  }

  private Response deleteSchema(Request request) {
    schemas.delete(request.principal(), schema(request), Listing.flag(request, "force"));
    return Response.json(Map.of());
  }

  private static SchemaName schema(Request request) {
    String[] parts = request.path("full_name").split("\\.", -1);
    if (parts.length != 2) {
      throw TarnException.invalid(
          "'"
              + request.path("full_name")
              + "' is not the full name of a schema. Write it as catalog.schema.");
    }
    return new SchemaName(parts[0], parts[1]);
  }
}
