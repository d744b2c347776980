package dev.tarn.govern.commits;

import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.commits.DeltaTableWire.Config;
import dev.tarn.govern.commits.DeltaTableWire.NewStaging;
import dev.tarn.govern.commits.DeltaTableWire.NewTableBody;
import dev.tarn.govern.commits.DeltaTableWire.Rename;
import dev.tarn.govern.commits.DeltaTableWire.Update;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.name.EntityName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Delta tables over HTTP as Delta 4.4 asks for them: staged, made, read and committed to by name.
 *
 * @see <a href="https://github.com/unitycatalog/unitycatalog/blob/main/api/delta.yaml">Unity
 *     Catalog's Delta API</a>
 */
public final class DeltaTablesRoutes implements Capability {
  private final Commits commits;
  private final Tables tables;
  private final StagedLog log;
  private final CommitFile file;

  public DeltaTablesRoutes(Commits commits, Tables tables, StagedLog log, CommitFile file) {
    this.file = file;
    this.commits = commits;
    this.tables = tables;
    this.log = log;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        DeltaApi.route(Method.GET, "/v1/config", this::config),
        DeltaApi.route(Method.POST, DeltaApi.SCHEMA + "/staging-tables", this::stage),
        DeltaApi.route(Method.POST, DeltaApi.SCHEMA + "/tables", this::create),
        DeltaApi.route(Method.GET, DeltaApi.TABLE, this::load),
        DeltaApi.route(Method.HEAD, DeltaApi.TABLE, this::exists),
        DeltaApi.route(Method.POST, DeltaApi.TABLE, this::update),
        DeltaApi.route(Method.DELETE, DeltaApi.TABLE, this::delete),
        DeltaApi.route(Method.POST, DeltaApi.TABLE + "/rename", this::rename),
        DeltaApi.route(Method.POST, DeltaApi.TABLE + "/metrics", this::metrics));
  }

  private Response config(Request request) {
    List<String> endpoints =
        routes().stream()
            .map(route -> route.method() + " " + route.path().substring(DeltaApi.ROOT.length()))
            .collect(Collectors.toCollection(ArrayList::new));
    endpoints.add("GET " + DeltaApi.TABLE_CREDENTIALS);
    endpoints.add("GET " + DeltaApi.STAGING_CREDENTIALS);
    return Response.json(new Config(endpoints, "1.0"));
  }

  private static EntityName name(Request request, String table) {
    return new EntityName(request.path("catalog"), request.path("schema"), table);
  }

  private static EntityName name(Request request) {
    return name(request, request.path("table"));
  }

  private Response stage(Request request) {
    String table = request.json(NewStaging.class).name();
    return Response.json(
        DeltaTableWire.of(commits.stage(request.principal(), name(request, table))));
  }

  private Response create(Request request) {
    NewTableBody body = request.json(NewTableBody.class);
    if (!"MANAGED".equalsIgnoreCase(body.tableType())) {
      throw TarnException.invalid(
          "Only managed tables are made here. An administrator makes external ones with POST"
              + " /api/2.1/unity-catalog/tables, everybody with CREATE TABLE … LOCATION in SQL.");
    }
    Map<String, String> properties =
        new HashMap<>(body.properties() == null ? Map.of() : body.properties());
    properties.putAll(DeltaTableWire.properties(body.protocol()));
    TableInfo made =
        commits.create(
            request.principal(),
            new NewTable(
                name(request, body.name()),
                TableType.MANAGED,
                "DELTA",
                body.location(),
                body.comment(),
                DeltaTableWire.columns(body.columns()),
                properties,
                null),
            log);
    return Response.json(DeltaTableWire.of(made, commits.log(made)));
  }

  /** A table whose files the caller may use. */
  private TableInfo open(Request request, Privilege privilege) {
    TableInfo table = tables.get(request.principal(), name(request));
    if (table.tableType() == TableType.VIEW || !"DELTA".equals(table.dataSourceFormat())) {
      throw TarnException.invalid(
          "UnsupportedTableFormatException: '" + table.name() + "' is not a Delta table.");
    }
    commits.requireAccess(request.principal(), privilege, table);
    return table;
  }

  private Response load(Request request) {
    TableInfo table = open(request, Privilege.SELECT);
    return Response.json(DeltaTableWire.of(table, commits.log(table)));
  }

  private Response exists(Request request) {
    tables.get(request.principal(), name(request));
    return Response.noContent();
  }

  private Response update(Request request) {
    DeltaTableUpdate update = DeltaTableUpdate.of(request.json(Update.class));
    TableInfo table = open(request, Privilege.MODIFY);
    requireSame(table, update.uuid());
    TableInfo changed =
        commits.commit(request.principal(), table.tableId(), update.request(), file);
    return Response.json(DeltaTableWire.of(changed, commits.log(changed)));
  }

  private static void requireSame(TableInfo table, String id) {
    if (!table.tableId().equalsIgnoreCase(id)) {
      throw new TarnException(
          ErrorCode.RESOURCE_CONFLICT,
          "Table '" + table.name() + "' is another than the one with id " + id + ".");
    }
  }

  private Response delete(Request request) {
    tables.delete(request.principal(), name(request));
    return Response.noContent();
  }

  private Response rename(Request request) {
    tables.rename(
        request.principal(), name(request), name(request, request.json(Rename.class).newName()));
    return Response.noContent();
  }

  /** What writers measured of their commits; nothing is kept of it. */
  private Response metrics(Request request) {
    open(request, Privilege.MODIFY);
    return Response.noContent();
  }
}
