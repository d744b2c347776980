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
 * @param filters what hides its rows and values
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
    long updatedAt,
    TableFilters filters) {
  public TableInfo {
    filters = filters == null ? TableFilters.NONE : filters;
    columns = columns == null ? List.of() : List.copyOf(columns);
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }

  /** What has neither row filter nor masks. */
  public TableInfo(
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
    this(
        tableId,
        name,
        tableType,
        dataSourceFormat,
        storageLocation,
        owner,
        comment,
        columns,
        properties,
        viewDefinition,
        viewContext,
        createdAt,
        updatedAt,
        TableFilters.NONE);
  }

  /** The table as it would be with this row filter and no masks. */
  public TableInfo filtered(RowFilter filter) {
    return with(new TableFilters(filter, Map.of()));
  }

  /** The table as it would be with this mask and nothing else. */
  public TableInfo masked(String column, ColumnMask mask) {
    return with(new TableFilters(null, Map.of(column, mask)));
  }

  /** The table as it would be with these columns, neither filtered nor masked. */
  public TableInfo with(List<ColumnInfo> others) {
    return new TableInfo(
        tableId,
        name,
        tableType,
        dataSourceFormat,
        storageLocation,
        owner,
        comment,
        others,
        properties,
        viewDefinition,
        viewContext,
        createdAt,
        updatedAt);
  }

  /** The table with another filter and other masks. */
  public TableInfo with(TableFilters other) {
    return new TableInfo(
        tableId,
        name,
        tableType,
        dataSourceFormat,
        storageLocation,
        owner,
        comment,
        columns,
        properties,
        viewDefinition,
        viewContext,
        createdAt,
        updatedAt,
        other);
  }
}
