package dev.tarn.govern.catalog;

import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
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
import java.util.Collection;
import java.util.LinkedHashMap;
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
  private final Shown constraints;
  private final BiFunction<Principal, NewTable, TableInfo> staged;

  /** What tables have beside themselves, as the wire spells it, as far as a principal sees it. */
  @FunctionalInterface
  public interface Shown {
    Map<EntityName, ? extends List<?>> of(Principal principal, Collection<EntityName> tables);
  }

  /**
   * @param constraints those of tables
   * @param staged enters a managed table that its writer has made where it was told to
   */
  public TablesRoutes(
      Schemas schemas,
      Tables tables,
      Visibility visibility,
      Shown constraints,
      BiFunction<Principal, NewTable, TableInfo> staged) {
    this.staged = staged;
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
    Visibility.Inside inside =
        visibility.inside(request, Securable.schema(schema), SecurableType.TABLE);
    TablePage page =
        tables.page(
            request.principal(),
            schema,
            request.query("page_token").orElse(""),
            Listing.size(request, "max_results"),
            name -> inside.lists(name, Securable::table));
    Map<EntityName, ? extends List<?>> shown =
        columns
            ? constraints.of(
                request.principal(), page.tables().stream().map(TableInfo::name).toList())
            : Map.of();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(
        "tables",
        page.tables().stream()
            .map(
                t ->
                    CatalogWire.of(
                        columns && properties ? t : without(t, columns, properties),
                        inside.of(t.name(), Securable::table),
                        constraints(shown, t)))
            .toList());
    page.next().ifPresent(next -> answer.put("next_page_token", next));
    return Response.json(answer);
  }

  private CatalogWire.Table wire(Request request, TableInfo table, CatalogWire.Aspect aspect) {
    return CatalogWire.of(
        table,
        aspect,
        constraints(constraints.of(request.principal(), List.of(table.name())), table));
  }

  private static List<?> constraints(Map<EntityName, ? extends List<?>> shown, TableInfo table) {
    List<?> own = shown.get(table.name());
    return own == null ? List.of() : own;
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
    List<TableSummary> found = new ArrayList<>();
    for (SchemaInfo schema :
        schemas.listOf(request.principal(), Listing.required(request, "catalog_name"))) {
      if (ofSchemas.matches(schema.name().schema())) {
        tables.summaries(request.principal(), schema.name()).stream()
            .filter(table -> ofTables.matches(table.name().name()))
            .forEach(found::add);
      }
    }
    return Listing.page(
        request,
        "tables",
        found,
        table -> table.name().fullName(),
        table -> new Summary(table.name().fullName(), table.tableType().name()));
  }

  /** Of a Delta table that lies somewhere already. */
  private Response create(Request request) {
    NewTableBody body = request.json(NewTableBody.class);
    boolean managed = "MANAGED".equalsIgnoreCase(body.tableType());
    if (!(managed || "EXTERNAL".equalsIgnoreCase(body.tableType()))
        || !"DELTA".equalsIgnoreCase(body.dataSourceFormat())
        || body.storageLocation() == null) {
      throw TarnException.invalid(
          "Only tables with data_source_format DELTA and a storage_location are made here: with"
              + " table_type EXTERNAL, or MANAGED after POST .../staging-tables. Make others with"
              + " CREATE TABLE in SQL.");
    }
    if (!managed && !request.principal().administrator()) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "Only an administrator can take a table that lies somewhere already into the catalog: its"
              + " log may name files of others. Make a new one with CREATE TABLE … LOCATION in"
              + " SQL.",
          null);
    }
    List<Column> columns = body.columns() == null ? List.of() : body.columns();
    NewTable table =
        new NewTable(
            new EntityName(body.catalogName(), body.schemaName(), body.name()),
            managed ? TableType.MANAGED : TableType.EXTERNAL,
            "DELTA",
            body.storageLocation(),
            body.comment(),
            IntStream.range(0, columns.size()).mapToObj(i -> column(columns.get(i), i)).toList(),
            body.properties(),
            null);
    TableInfo made =
        managed
            ? staged.apply(request.principal(), table)
            : tables.register(request.principal(), table);
    return Response.json(wire(request, made, visibility.own()));
  }

  private static ColumnInfo column(Column column, int index) {
    if (column.name() == null || column.typeText() == null) {
      throw TarnException.invalid("Every column needs 'name' and 'type_text'.");
    }
    if (column.typeJson() != null) {
      return DeltaTypes.column(
          DeltaTypes.field(column.name(), column.typeJson(), column.nullable()),
          column.position() == null ? index : column.position(),
          column.comment());
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
    return Response.json(Map.of("table_exists", tables.exists(request.principal(), name)));
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
