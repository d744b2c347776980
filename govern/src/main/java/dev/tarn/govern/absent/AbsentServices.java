package dev.tarn.govern.absent;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * Services of Unity Catalog's API that Tarn has nothing to answer with yet. Their paths say so,
 * instead of seeming to be mistyped.
 */
public final class AbsentServices implements Capability {
  private static final String CATALOG = "/api/2.1/unity-catalog";
  private static final String LINEAGE = "/api/2.0/lineage-tracking";

  private static final String TAGS = "/api/2.0/entity-tag-assignments";

  /** One service. */
  private record Absent(String what, List<String> collections, List<String> entries) {}

  private static final List<Absent> ABSENT =
      List.of(
          new Absent(
              "Quality monitors are not supported: no profile of a table is computed.",
              List.of(
                  CATALOG + "/tables/{name}/monitor",
                  CATALOG + "/tables/{name}/monitor/refreshes",
                  CATALOG + "/tables/{name}/monitor/refreshes/{refresh}/cancel",
                  "/api/2.1/quality-monitoring/tables/{name}/monitor/dashboard"),
              List.of(
                  CATALOG + "/tables/{name}/monitor",
                  CATALOG + "/tables/{name}/monitor/refreshes",
                  CATALOG + "/tables/{name}/monitor/refreshes/{refresh}")),
          new Absent(
              "Online tables are not supported. Query the table itself through a SQL warehouse.",
              List.of("/api/2.0/online-tables"),
              List.of("/api/2.0/online-tables/{name}")),
          new Absent(
              "The AI gateway is not supported: no services of models or of MCP are kept.",
              List.of(
                  CATALOG + "/mcp-services",
                  CATALOG + "/model-services",
                  CATALOG + "/model-provider-services"),
              List.of(
                  CATALOG + "/mcp-services",
                  CATALOG + "/mcp-services/{name}",
                  CATALOG + "/model-services",
                  CATALOG + "/model-services/{name}",
                  CATALOG + "/model-provider-services",
                  CATALOG + "/model-provider-services/{name}")),
          new Absent(
              "Metadata of external systems is not supported: lineage names what Tarn itself reads"
                  + " and writes.",
              List.of(LINEAGE + "/external-lineage", LINEAGE + "/external-metadata"),
              List.of(
                  LINEAGE + "/external-lineage",
                  LINEAGE + "/external-metadata",
                  LINEAGE + "/external-metadata/{name}")),
          new Absent(
              "Tags on dashboards, notebooks and the like are not supported. Put them on catalogs,"
                  + " schemas, tables, columns, volumes and functions.",
              List.of(TAGS),
              List.of(TAGS + "/{type}/{name}/tags", TAGS + "/{type}/{name}/tags/{key}")),
          new Absent(
              "Requests for access are not supported. Ask the owner of the securable for a grant.",
              List.of("/api/3.0/rfa/requests"),
              List.of("/api/3.0/rfa/destinations", "/api/3.0/rfa/destinations/{type}/{name}")),
          new Absent(
              "Secrets are not supported as securables. Keep a password in a connection or a"
                  + " credential.",
              List.of(CATALOG + "/secrets"),
              List.of(CATALOG + "/secrets", CATALOG + "/secrets/{name}")));

  @Override
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Absent absent : ABSENT) {
      for (String path : absent.collections()) {
        routes.add(Route.post(path, Access.AUTHENTICATED, request -> refuse(absent)));
      }
      for (String path : absent.entries()) {
        routes.add(Route.get(path, Access.AUTHENTICATED, request -> refuse(absent)));
        routes.add(Route.patch(path, Access.AUTHENTICATED, request -> refuse(absent)));
        routes.add(Route.put(path, Access.AUTHENTICATED, request -> refuse(absent)));
        routes.add(Route.delete(path, Access.AUTHENTICATED, request -> refuse(absent)));
      }
    }
    return routes;
  }

  private static Response refuse(Absent absent) {
    throw new TarnException(ErrorCode.NOT_IMPLEMENTED, absent.what());
  }
}
