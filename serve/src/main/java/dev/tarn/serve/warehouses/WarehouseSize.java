package dev.tarn.serve.warehouses;

import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;

/**
 * What a cluster size means on one machine. A size is a number of tasks that all of a warehouse's
 * statements together run at once, as a multiple of the processors; tasks share Spark's execution
 * memory evenly, so it is a share of memory too. One stage of a statement never takes more than the
 * processors, and never all of its warehouse. Whatever the size, each cluster runs 10 statements at
 * once, as on Databricks.
 *
 * <table>
 *   <caption>Tasks at once, in processors</caption>
 *   <tr><th>size</th><th>a stage</th><th>each cluster</th></tr>
 *   <tr><td>2X-Small</td><td>¼</td><td>½</td></tr>
 *   <tr><td>X-Small</td><td>½</td><td>1</td></tr>
 *   <tr><td>Small</td><td>1</td><td>2</td></tr>
 *   <tr><td>Medium</td><td>1</td><td>4</td></tr>
 *   <tr><td>Large … 4X-Large</td><td>1</td><td>8 … 128, doubling</td></tr>
 * </table>
 */
enum WarehouseSize {
  TWO_X_SMALL("2X-Small", 0.25, 0.5),
  X_SMALL("X-Small", 0.5, 1),
  SMALL("Small", 1, 2),
  MEDIUM("Medium", 1, 4),
  LARGE("Large", 1, 8),
  X_LARGE("X-Large", 1, 16),
  TWO_X_LARGE("2X-Large", 1, 32),
  THREE_X_LARGE("3X-Large", 1, 64),
  FOUR_X_LARGE("4X-Large", 1, 128),
  FIVE_X_LARGE("5X-Large", 1, 256);

  static final int STATEMENTS_PER_CLUSTER = 10;

  private final String wire;
  private final double stage;
  private final double cluster;

  WarehouseSize(String wire, double stage, double cluster) {
    this.wire = wire;
    this.stage = stage;
    this.cluster = cluster;
  }

  static WarehouseSize of(String wire) {
    return Arrays.stream(values())
        .filter(size -> size.wire.equals(wire))
        .findFirst()
        .orElseThrow(
            () ->
                TarnException.invalid(
                    "cluster_size '"
                        + (wire.length() > 50 ? wire.substring(0, 50) + '…' : wire)
                        + "' is not known. Use 2X-Small, X-Small, Small, Medium, Large, X-Large,"
                        + " 2X-Large, 3X-Large, 4X-Large or 5X-Large."));
  }

  ComputeShare share(String warehouseId, int clusters, int processors) {
    int perStage = Math.max(1, (int) Math.ceil(processors * stage));
    // One more than a stage takes, so that one statement never keeps all others waiting.
    int all = Math.max(perStage + 1, (int) Math.ceil(processors * cluster)) * clusters;
    return new ComputeShare(warehouseId, perStage, all);
  }
}
