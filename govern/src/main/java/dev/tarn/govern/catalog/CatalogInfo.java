package dev.tarn.govern.catalog;

import java.util.Map;

/**
 * A catalog. Times are in milliseconds since 1970.
 *
 * @param comment or null
 */
public record CatalogInfo(
    String name,
    String owner,
    String comment,
    Map<String, String> properties,
    long createdAt,
    long updatedAt) {
  public CatalogInfo {
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }
}
