package dev.tarn.govern.catalog;

import dev.tarn.kernel.error.TarnException;
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
 * Catalogs, schemas, tables and volumes over HTTP. Tables are made by SQL only.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/catalogs">Databricks REST: Unity
 *     Catalog</a>
 */
public final class CatalogRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final Catalogs catalogs;
  private final Schemas schemas;
  private final Tables tables;
  private final Volumes volumes;

  public CatalogRoutes(Catalogs catalogs, Schemas schemas, Tables tables, Volumes volumes) {
    this.catalogs = catalogs;
    this.schemas = schemas;
    this.tables = tables;
    this.volumes = volumes;
  }

  record NewCatalog(String name, String comment) {}

  record NewSchema(
      String name, String catalogName, String comment, Map<String, String> properties) {}

  record NewVolume(
      String name,
      String catalogName,
      String schemaName,
      String volumeType,
      String storageLocation,
      String comment) {}

  record Update(String comment, String owner, String newName) {}

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
        Route.delete(BASE + "/schemas/{full_name}", Access.AUTHENTICATED, this::deleteSchema),
        Route.get(BASE + "/tables", Access.AUTHENTICATED, this::listTables),
        Route.get(BASE + "/tables/{full_name}", Access.AUTHENTICATED, this::getTable),
        Route.get(BASE + "/tables/{full_name}/exists", Access.AUTHENTICATED, this::tableExists),
        Route.patch(BASE + "/tables/{full_name}", Access.AUTHENTICATED, this::updateTable),
        Route.delete(BASE + "/tables/{full_name}", Access.AUTHENTICATED, this::deleteTable),
        Route.get(BASE + "/volumes", Access.AUTHENTICATED, this::listVolumes),
        Route.post(BASE + "/volumes", Access.AUTHENTICATED, this::createVolume),
        Route.get(BASE + "/volumes/{full_name}", Access.AUTHENTICATED, this::getVolume),
        Route.patch(BASE + "/volumes/{full_name}", Access.AUTHENTICATED, this::updateVolume),
        Route.delete(BASE + "/volumes/{full_name}", Access.AUTHENTICATED, this::deleteVolume));
  }

  private Response listCatalogs(Request request) {
    return CatalogWire.page(
        request, "catalogs", catalogs.list(request.principal()), CatalogWire::of);
  }

  private Response createCatalog(Request request) {
    NewCatalog body = request.json(NewCatalog.class);
    return Response.json(
        CatalogWire.of(catalogs.create(request.principal(), body.name(), body.comment())));
  }

  private Response getCatalog(Request request) {
    return Response.json(CatalogWire.of(catalogs.get(request.principal(), request.path("name"))));
  }

  private Response updateCatalog(Request request) {
    Update body = update(request);
    return Response.json(
        CatalogWire.of(
            catalogs.update(
                request.principal(),
                request.path("name"),
                Optional.ofNullable(body.comment()),
                Optional.ofNullable(body.owner()))));
  }

  private Response deleteCatalog(Request request) {
    catalogs.delete(request.principal(), request.path("name"), force(request));
    return Response.json(Map.of());
  }

  private Response listSchemas(Request request) {
    return CatalogWire.page(
        request,
        "schemas",
        schemas.list(request.principal(), query(request, "catalog_name")),
        CatalogWire::of);
  }

  private Response createSchema(Request request) {
    NewSchema body = request.json(NewSchema.class);
    return Response.json(
        CatalogWire.of(
            schemas.create(
                request.principal(),
                new SchemaName(body.catalogName(), body.name()),
                body.comment(),
                body.properties())));
  }

  private Response getSchema(Request request) {
    return Response.json(CatalogWire.of(schemas.get(request.principal(), schema(request))));
  }

  private Response updateSchema(Request request) {
    Update body = update(request);
    return Response.json(
        CatalogWire.of(
            schemas.update(
                request.principal(),
                schema(request),
                Optional.ofNullable(body.comment()),
                Optional.ofNullable(body.owner()))));
  }

  private Response deleteSchema(Request request) {
    schemas.delete(request.principal(), schema(request), force(request));
    return Response.json(Map.of());
  }

  private Response listTables(Request request) {
    return CatalogWire.page(
        request, "tables", tables.list(request.principal(), parent(request)), CatalogWire::of);
  }

  private Response getTable(Request request) {
    return Response.json(CatalogWire.of(tables.get(request.principal(), entity(request))));
  }

  private Response tableExists(Request request) {
    EntityName name = entity(request);
    boolean exists =
        tables.list(request.principal(), name.parent()).stream()
            .anyMatch(table -> table.name().equals(name));
    return Response.json(Map.of("table_exists", exists));
  }

  private Response updateTable(Request request) {
    Update body = update(request);
    EntityName name = entity(request);
    TableInfo table =
        body.owner() == null
            ? tables.get(request.principal(), name)
            : tables.setOwner(request.principal(), name, body.owner());
    if (body.comment() != null) {
      table =
          tables.update(
              request.principal(),
              name,
              new TableChange(
                  Optional.empty(),
                  Optional.of(body.comment()),
                  Optional.empty(),
                  Optional.empty()));
    }
    return Response.json(CatalogWire.of(table));
  }

  private Response deleteTable(Request request) {
    tables.delete(request.principal(), entity(request));
    return Response.json(Map.of());
  }

  private Response listVolumes(Request request) {
    return CatalogWire.page(
        request, "volumes", volumes.list(request.principal(), parent(request)), CatalogWire::of);
  }

  private Response createVolume(Request request) {
    NewVolume body = request.json(NewVolume.class);
    boolean external = "EXTERNAL".equalsIgnoreCase(body.volumeType());
    if (external != (body.storageLocation() != null)) {
      throw TarnException.invalid(
          "A volume of type EXTERNAL needs 'storage_location', and only that takes one.");
    }
    return Response.json(
        CatalogWire.of(
            volumes.create(
                request.principal(),
                new EntityName(body.catalogName(), body.schemaName(), body.name()),
                Optional.ofNullable(body.storageLocation()),
                body.comment())));
  }

  private Response getVolume(Request request) {
    return Response.json(CatalogWire.of(volumes.get(request.principal(), entity(request))));
  }

  private Response updateVolume(Request request) {
    Update body = update(request);
    return Response.json(
        CatalogWire.of(
            volumes.update(
                request.principal(),
                entity(request),
                Optional.ofNullable(body.comment()),
                Optional.ofNullable(body.owner()))));
  }

  private Response deleteVolume(Request request) {
    volumes.delete(request.principal(), entity(request));
    return Response.json(Map.of());
  }

  private static Update update(Request request) {
    Update update = request.json(Update.class);
    if (update.newName() != null) {
      throw TarnException.invalid(
          "Field 'new_name' is not supported here. Rename tables with ALTER TABLE … RENAME TO.");
    }
    return update;
  }

  private static boolean force(Request request) {
    return request.query("force").map(Boolean::parseBoolean).orElse(false);
  }

  private static String query(Request request, String name) {
    return request
        .query(name)
        .orElseThrow(() -> TarnException.invalid("Query parameter '" + name + "' is missing."));
  }

  private static SchemaName parent(Request request) {
    return new SchemaName(query(request, "catalog_name"), query(request, "schema_name"));
  }

  private static EntityName entity(Request request) {
    return EntityName.parse(request.path("full_name"));
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
