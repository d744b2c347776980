package dev.tarn.serve.warehouses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.json.Json;
import java.net.URI;
import java.util.Map;

/**
 * A warehouse as the REST API shows it.
 *
 * @param state STARTING while the engine is, RUNNING, STOPPING while what ran still ends, STOPPED
 * @param numClusters 1 when it runs
 */
public record WarehouseInfo(
    String id,
    String name,
    String clusterSize,
    int minNumClusters,
    int maxNumClusters,
    int autoStopMins,
    String creatorName,
    String state,
    int numClusters,
    int numActiveSessions,
    String warehouseType,
    boolean enablePhoton,
    boolean enableServerlessCompute,
    String spotInstancePolicy,
    String instanceProfileArn,
    JsonNode channel,
    JsonNode tags,
    Map<String, String> health,
    String jdbcUrl,
    OdbcParams odbcParams) {

  /** Where ODBC and JDBC clients connect. */
  public record OdbcParams(String hostname, String path, int port, String protocol) {}

  /** What is true of it now and stored nowhere. */
  record Activity(String state, int sessions) {}

  static WarehouseInfo of(Warehouse warehouse, Activity activity, URI address) {
    boolean tls = "https".equals(address.getScheme());
    int port = address.getPort() > 0 ? address.getPort() : tls ? 443 : 80;
    String path = "/sql/1.0/warehouses/" + warehouse.id();
    String jdbc =
        "jdbc:databricks://"
            + address.getHost()
            + ':'
            + port
            + "/default;transportMode=http;ssl="
            + (tls ? 1 : 0)
            + ";AuthMech=3;httpPath="
            + path;
    WarehouseOptions options = warehouse.options();
    boolean up = activity.state().equals("RUNNING") || activity.state().equals("STOPPING");
    return new WarehouseInfo(
        warehouse.id(),
        warehouse.name(),
        warehouse.clusterSize(),
        warehouse.minNumClusters(),
        warehouse.maxNumClusters(),
        warehouse.autoStopMins(),
        warehouse.creatorName(),
        activity.state(),
        up ? 1 : 0,
        activity.sessions(),
        options.warehouseType() == null ? "PRO" : options.warehouseType(),
        Boolean.TRUE.equals(options.enablePhoton()),
        Boolean.TRUE.equals(options.enableServerlessCompute()),
        options.spotInstancePolicy() == null ? "COST_OPTIMIZED" : options.spotInstancePolicy(),
        options.instanceProfileArn(),
        options.channel() == null
            ? Json.tree("{\"name\":\"CHANNEL_NAME_CURRENT\"}")
            : options.channel(),
        options.tags() == null ? Json.tree("{\"custom_tags\":[]}") : options.tags(),
        Map.of("status", "HEALTHY"),
        jdbc,
        new OdbcParams(address.getHost(), path, port, address.getScheme()));
  }
}
