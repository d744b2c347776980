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
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Tables over HTTP. Managed ones are made by SQL; what lies somewhere already is entered here.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/tables">Databricks REST: tables</a>
 */
public final class TablesRoutes implements Capability {
  private static final String BASE = "/api/2.1/unity-catalog";

  private final Schemas schemas;
  private final Tables tables;
  private final Visibility visibility;
  private final BiFunction<Principal, EntityName, List<?>> constraints;

  /**
   * @param constraints those of a table, as the wire spells them
   */
  public TablesRoutes(
      Schemas schemas,
      Tables tables,
      Visibility visibility,
      BiFunction<Principal, EntityName, List<?>> constraints) {
    this.constraints = constraints;
    this.schemas = schemas;
    this.tables = tables;
    this.visibility = visibility;
  }

  record Column(
      String name,
      String typeText,
      String typeJson,
      Integer position,
      Boolean nullable,
      String comment) {}

  record NewTableBody(
      String name,
      String catalogName,
      String schemaName,
      String tableType,
      String dataSourceFormat,
      List<Column> columns,
      String storageLocation,
      String comment,
      Map<String, String> properties) {}

  record Update(String comment, String owner) {}

  record Summary(String fullName, String tableType) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(BASE + "/tables", Access.AUTHENTICATED, this::list),
        Route.post(BASE + "/tables", Access.AUTHENTICATED, this::create),
        Route.get(BASE + "/table-summaries", Access.AUTHENTICATED, this::summaries),
        Route.get(BASE + "/tables/{full_name}", Access.AUTHENTICATED, this::get),
        Route.get(BASE + "/tables/{full_name}/exists", Access.AUTHENTICATED, this::exists),
        Route.patch(BASE + "/tables/{full_name}", Access.AUTHENTICATED, this::update),
        Route.delete(BASE + "/tables/{full_name}", Access.AUTHENTICATED, this::delete));
  }

  private static Securable securable(TableInfo table) {
    return Securable.table(table.name());
  }

  private Response list(Request request) {
    boolean columns = !Listing.flag(request, "omit_columns");
    boolean properties = !Listing.flag(request, "omit_properties");
    SchemaName schema =
        new SchemaName(
            Listing.required(request, "catalog_name"), Listing.required(request, "schema_name"));
    return Listing.page(
        request,
        "tables",
        visibility.listed(
            request, tables.list(request.principal(), schema), TablesRoutes::securable),
        t ->
            CatalogWire.of(
                columns && properties ? t : without(t, columns, properties),
                visibility.among(request, securable(t)),
                columns ? constraints.apply(request.principal(), t.name()) : List.of()));
  }

  private CatalogWire.Table wire(Request request, TableInfo table, CatalogWire.Aspect aspect) {
    return CatalogWire.of(table, aspect, constraints.apply(request.principal(), table.name()));
  }

  private static TableInfo without(TableInfo table, boolean columns, boolean properties) {
    return new TableInfo(
        table.tableId(),
        table.name(),
        table.tableType(),
        table.dataSourceFormat(),
        table.storageLocation(),
        table.owner(),
        table.comment(),
        columns ? table.columns() : List.of(),
        properties ? table.properties() : Map.of(),
        table.viewDefinition(),
        table.viewContext(),
        table.createdAt(),
        table.updatedAt(),
        table.filters());
  }

  private Response summaries(Request request) {
    LikePattern ofSchemas = LikePattern.of(request.query("schema_name_pattern"));
    LikePattern ofTables = LikePattern.of(request.query("table_name_pattern"));
    List<TableInfo> found = new ArrayList<>();
    for (SchemaInfo schema :
        schemas.list(request.principal(), Listing.required(request, "catalog_name"))) {
      if (ofSchemas.matches(schema.name().schema())) {
        tables.list(request.principal(), schema.name()).stream()
            .filter(table -> ofTables.matches(table.name().name()))
            .forEach(found::add);
      }
    }
    return Listing.page(
        request,
        "tables",
        found,
        table -> new Summary(table.name().fullName(), table.tableType().name()));
  }

  /** Of a Delta table that lies in an external location. */
  private Response create(Request request) {
    NewTableBody body = request.json(NewTableBody.class);
    if (!"EXTERNAL".equalsIgnoreCase(body.tableType())
        || !"DELTA".equalsIgnoreCase(body.dataSourceFormat())) {
      throw TarnException.invalid(
          "Only tables with table_type EXTERNAL and data_source_format DELTA are made here. Make"
              + " others with CREATE TABLE in SQL.");
    }
    if (!request.principal().administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "Only an administrator can take a table that lies somewhere already into the catalog: its"
              + " log may name files of others. Make a new one with CREATE TABLE … LOCATION in"
              + " SQL.",
          null);
    }
    List<Column> columns = body.columns() == null ? List.of() : body.columns();
    TableInfo made =
        tables.register(
            request.principal(),
            new NewTable(
                new EntityName(body.catalogName(), body.schemaName(), body.name()),
                TableType.EXTERNAL,
                "DELTA",
                body.storageLocation(),
                body.comment(),
                IntStream.range(0, columns.size())
                    .mapToObj(i -> column(columns.get(i), i))
                    .toList(),
                body.properties(),
                null));
    return Response.json(wire(request, made, visibility.own()));
  }

  private static ColumnInfo column(Column column, int index) {
    if (column.name() == null || column.typeText() == null) {
      throw TarnException.invalid("Every column needs 'name' and 'type_text'.");
    }
    return new ColumnInfo(
        column.name(),
        column.typeText(),
        column.typeJson(),
        column.position() == null ? index : column.position(),
        !Boolean.FALSE.equals(column.nullable()),
        column.comment());
  }

  private static EntityName name(Request request) {
    return EntityName.parse(request.path("full_name"));
  }

  private Response get(Request request) {
    TableInfo table = tables.get(request.principal(), name(request));
    return Response.json(wire(request, table, visibility.of(request, securable(table))));
  }

  private Response exists(Request request) {
    EntityName name = name(request);
    boolean exists =
        tables.list(request.principal(), name.parent()).stream()
            .anyMatch(table -> table.name().equals(name));
    return Response.json(Map.of("table_exists", exists));
  }

  private Response update(Request request) {
    Update body = request.json(Update.class);
    EntityName name = name(request);
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
    return Response.json(wire(request, table, visibility.own()));
  }

  private Response delete(Request request) {
    tables.delete(request.principal(), name(request));
    return Response.json(Map.of());
  }
}
