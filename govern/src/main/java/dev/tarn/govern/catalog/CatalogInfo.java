package dev.tarn.govern.catalog;

import java.util.Map;
import java.util.Optional;

/**
 * A catalog. Times are in milliseconds since 1970.
 *
 * @param comment or null
 * @param isolated whether only the workspaces that it is bound to reach it
 * @param foreign empty if its tables are Tarn's own
 * @param storage empty for the metastore's
 * @param createdBy or null for what was made before that was kept; as is updatedBy
 */
public record CatalogInfo(
    String catalogId,
    String name,
    String owner,
    String comment,
    Map<String, String> properties,
    boolean isolated,
    Optional<ForeignSource> foreign,
    Optional<StorageRoot> storage,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {
  public CatalogInfo {
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }
}
