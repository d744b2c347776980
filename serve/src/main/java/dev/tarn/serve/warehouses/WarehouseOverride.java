package dev.tarn.serve.warehouses;

/**
 * Which warehouse a user gets for {@code default}.
 *
 * @param name {@code default-warehouse-overrides/} and the id
 * @param defaultWarehouseOverrideId the user's name; {@code me} in a request
 * @param type {@code CUSTOM}, or {@code LAST_SELECTED}, which names none
 */
public record WarehouseOverride(
    String name, String defaultWarehouseOverrideId, String type, String warehouseId) {
  static WarehouseOverride of(String principal, String type, String warehouseId) {
    return new WarehouseOverride(
        "default-warehouse-overrides/" + principal, principal, type, warehouseId);
  }
}
