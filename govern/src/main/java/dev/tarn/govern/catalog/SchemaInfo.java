package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.SchemaName;
import java.util.Map;
import java.util.Optional;

/**
 * A schema. Times are in milliseconds since 1970.
 *
 * @param comment or null
 * @param storage empty for the catalog's
 * @param createdBy or null for what was made before that was kept; as is updatedBy
 */
public record SchemaInfo(
    String schemaId,
    SchemaName name,
    String owner,
    String comment,
    Map<String, String> properties,
    Optional<StorageRoot> storage,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {
  public SchemaInfo {
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }

  /** Of one whose managed tables and volumes lie where the catalog's do. */
  public SchemaInfo(
      String schemaId,
      SchemaName name,
      String owner,
      String comment,
      Map<String, String> properties,
      String createdBy,
      long createdAt,
      String updatedBy,
      long updatedAt) {
    this(
        schemaId,
        name,
        owner,
        comment,
        properties,
        Optional.empty(),
        createdBy,
        createdAt,
        updatedBy,
        updatedAt);
  }
}
