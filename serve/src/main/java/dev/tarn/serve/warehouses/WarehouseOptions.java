package dev.tarn.serve.warehouses;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Settings of a warehouse that are kept and given back, and change nothing on one's own machine.
 *
 * @param tags {@code {"custom_tags": [{"key", "value"}]}}
 * @param channel {@code {"name": "CHANNEL_NAME_CURRENT"}}
 * @param spotInstancePolicy {@code COST_OPTIMIZED}, {@code RELIABILITY_OPTIMIZED} …
 * @param warehouseType {@code CLASSIC} or {@code PRO}
 */
public record WarehouseOptions(
    JsonNode tags,
    JsonNode channel,
    String spotInstancePolicy,
    Boolean enablePhoton,
    Boolean enableServerlessCompute,
    String warehouseType,
    String instanceProfileArn) {
  static final WarehouseOptions NONE =
      new WarehouseOptions(null, null, null, null, null, null, null);

  WarehouseOptions changed(WarehouseChange change) {
    return new WarehouseOptions(
        or(change.tags(), tags),
        or(change.channel(), channel),
        or(change.spotInstancePolicy(), spotInstancePolicy),
        or(change.enablePhoton(), enablePhoton),
        or(change.enableServerlessCompute(), enableServerlessCompute),
        or(change.warehouseType(), warehouseType),
        or(change.instanceProfileArn(), instanceProfileArn));
  }

  private static <T> T or(T now, T before) {
    return now == null ? before : now;
  }
}
