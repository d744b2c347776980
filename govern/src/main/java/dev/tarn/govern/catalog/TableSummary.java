package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;

/**
 * What listings say of a table or view: all but what takes long to read, its columns, properties
 * and text. Times are in milliseconds since 1970.
 *
 * @param dataSourceFormat null for a view
 * @param storageLocation null for a view
 * @param comment or null
 */
public record TableSummary(
    EntityName name,
    TableType tableType,
    String dataSourceFormat,
    String storageLocation,
    String owner,
    String comment,
    long createdAt,
    long updatedAt) {
  public static TableSummary of(TableInfo table) {
    return new TableSummary(
        table.name(),
        table.tableType(),
        table.dataSourceFormat(),
        table.storageLocation(),
        table.owner(),
        table.comment(),
        table.createdAt(),
        table.updatedAt());
  }
}
