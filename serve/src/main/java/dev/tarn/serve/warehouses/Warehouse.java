package dev.tarn.serve.warehouses;

import dev.tarn.engine.sql.ComputeShare;

/**
 * A SQL warehouse.
 *
 * @param id 16 hexadecimal digits
 * @param autoStopMins minutes without a statement after which it stops; 0 for never
 * @param starter whether it is the one made at first start, which answers to {@code default} too
 * @param createdAt milliseconds since 1970
 */
public record Warehouse(
    String id,
    String name,
    String clusterSize,
    int minNumClusters,
    int maxNumClusters,
    int autoStopMins,
    String creatorName,
    boolean stopped,
    boolean starter,
    long createdAt,
    WarehouseOptions options) {

  /** What its statements may take of the engine. */
  public ComputeShare share() {
    return WarehouseSize.of(clusterSize)
        .share(id, maxNumClusters, Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  int statementsAtOnce() {
    return maxNumClusters * WarehouseSize.STATEMENTS_PER_CLUSTER;
  }

  Warehouse withStopped(boolean now) {
    return new Warehouse(
        id,
        name,
        clusterSize,
        minNumClusters,
        maxNumClusters,
        autoStopMins,
        creatorName,
        now,
        starter,
        createdAt,
        options);
  }
}
