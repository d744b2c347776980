package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.SchemaName;
import java.util.Map;

/**
 * A schema. Times are in milliseconds since 1970.
 *
 * @param comment or null
 */
public record SchemaInfo(
    SchemaName name,
    String owner,
    String comment,
    Map<String, String> properties,
    long createdAt,
    long updatedAt) {
  public SchemaInfo {
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }
}
