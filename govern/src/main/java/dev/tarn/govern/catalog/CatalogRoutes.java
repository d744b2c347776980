package dev.tarn.govern.catalog;

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
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Catalogs and schemas over HTTP.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/catalogs">Databricks REST: Unity
 *     Catalog</a>
 */
public final class CatalogRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final Catalogs catalogs;
  private final ForeignCatalogs foreign;
  private final Schemas schemas;
  private final Visibility visibility;
  private final Bindings bindings;

  public CatalogRoutes(
      Catalogs catalogs,
      ForeignCatalogs foreign,
      Schemas schemas,
      Visibility visibility,
      Bindings bindings) {
    this.bindings = bindings;
    this.foreign = foreign;
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
      String isolationMode,
      Map<String, String> options) {}

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
    boolean asked = Listing.flag(request, "include_unbound");
    Predicate<CatalogInfo> unbound =
        each -> asked && bindings.unbound(request.principal(), securable(each));
    return Listing.page(
        request,
        "catalogs",
        catalogs.list(request.principal(), unbound).stream()
            .filter(each -> unbound.test(each) || shows(request, each))
            .toList(),
        CatalogInfo::name,
        each ->
            CatalogWire.of(
                each,
                unbound.test(each)
                    ? visibility.own()
                    : visibility.among(request, securable(each))));
  }

  private boolean shows(Request request, CatalogInfo catalog) {
    return !visibility.listed(request, List.of(catalog), CatalogRoutes::securable).isEmpty();
  }

  private Response createCatalog(Request request) {
    NewCatalog body = request.json(NewCatalog.class);
    requireKnown(body);
    Map<String, String> properties = orNone(body.properties());
    CatalogInfo made =
        body.connectionName() == null
            ? catalogs.create(
                request.principal(),
                body.name(),
                body.comment(),
                properties,
                root(body.storageRoot()))
            : foreign.create(
                request.principal(),
                body.name(),
                body.comment(),
                properties,
                body.connectionName(),
                orNone(body.options()));
    return Response.json(CatalogWire.of(made, visibility.own()));
  }

  private static Map<String, String> orNone(Map<String, String> given) {
    return given == null ? Map.of() : given;
  }

  private static void requireKnown(NewCatalog body) {
    if (body.connectionName() == null && !orNone(body.options()).isEmpty()) {
      throw TarnException.invalid(
          "Only a foreign catalog has 'options': give 'connection_name' too, or use 'properties'.");
    }
    if (body.providerName() != null || body.shareName() != null) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "Shares are not mounted as catalogs. Read the provider's system in place with a foreign"
              + " catalog ('connection_name'), or load what is shared into tables of a catalog made"
              + " without 'provider_name' and 'share_name'.");
    }
    if (body.connectionName() != null && root(body.storageRoot()).isPresent()) {
      throw TarnException.invalid(
          "A foreign catalog has no 'storage_root': its tables lie in the other system.");
    }
  }

  private static Optional<String> root(String given) {
    return Optional.ofNullable(given).filter(url -> !url.isEmpty());
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
        Optional.ofNullable(body.isolationMode()).map(CatalogRoutes::isolated),
        Optional.ofNullable(body.options()),
        Optional.empty());
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
    boolean browse = Listing.flag(request, "include_browse");
    return Listing.page(
        "schemas",
        schemas.page(
            request.principal(),
            Listing.required(request, "catalog_name"),
            Listing.after(request),
            Listing.size(request, "max_results"),
            each -> browse || !visibility.among(request, securable(each)).browseOnly()),
        each -> CatalogWire.of(each, visibility.among(request, securable(each))));
  }

  private Response createSchema(Request request) {
    NewSchema body = request.json(NewSchema.class);
    return Response.json(
        CatalogWire.of(
            schemas.create(
                request.principal(),
                new SchemaName(body.catalogName(), body.name()),
                body.comment(),
                body.properties(),
                root(body.storageRoot())),
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
