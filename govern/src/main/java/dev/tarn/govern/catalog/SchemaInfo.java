package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.SchemaName;
import java.util.Map;

/**
 * A schema. Times are in milliseconds since 1970.
 *
 * @param comment or null
 * @param createdBy or null for what was made before that was kept; as is updatedBy
 */
public record SchemaInfo(
    String schemaId,
    SchemaName name,
    String owner,
    String comment,
    Map<String, String> properties,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {
  public SchemaInfo {
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }
}
