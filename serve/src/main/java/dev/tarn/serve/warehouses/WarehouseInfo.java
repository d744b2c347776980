package dev.tarn.serve.warehouses;

import java.net.URI;

/**
 * A warehouse as the REST API shows it.
 *
 * @param state RUNNING or STOPPED
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
    String warehouseType,
    boolean enablePhoton,
    boolean enableServerlessCompute,
    String jdbcUrl,
    OdbcParams odbcParams) {

  /** Where ODBC and JDBC clients connect. */
  public record OdbcParams(String hostname, String path, int port, String protocol) {}

  static WarehouseInfo of(Warehouse warehouse, URI address) {
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
    return new WarehouseInfo(
        warehouse.id(),
        warehouse.name(),
        warehouse.clusterSize(),
        warehouse.minNumClusters(),
        warehouse.maxNumClusters(),
        warehouse.autoStopMins(),
        warehouse.creatorName(),
        warehouse.stopped() ? "STOPPED" : "RUNNING",
        warehouse.stopped() ? 0 : 1,
        "PRO",
        false,
        false,
        jdbc,
        new OdbcParams(address.getHost(), path, port, address.getScheme()));
  }
}
