package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Map;

/**
 * A table or view. Times are in milliseconds since 1970.
 *
 * @param dataSourceFormat {@code DELTA}, …; null for a view
 * @param storageLocation URI without trailing slash; null for a view
 * @param comment or null
 * @param viewDefinition SQL text of a view; null otherwise
 * @param viewContext what that text means; null for all but views that SQL made
 */
public record TableInfo(
    String tableId,
    EntityName name,
    TableType tableType,
    String dataSourceFormat,
    String storageLocation,
    String owner,
    String comment,
    List<ColumnInfo> columns,
    Map<String, String> properties,
    String viewDefinition,
    ViewContext viewContext,
    long createdAt,
    long updatedAt) {
  public TableInfo {
    columns = columns == null ? List.of() : List.copyOf(columns);
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }
}
