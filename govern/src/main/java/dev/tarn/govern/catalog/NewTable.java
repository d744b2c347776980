package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Map;

/** A table to register; components as in {@link TableInfo}. */
public record NewTable(
    EntityName name,
    TableType tableType,
    String dataSourceFormat,
    String storageLocation,
    String comment,
    List<ColumnInfo> columns,
    Map<String, String> properties,
    String viewDefinition,
    ViewContext viewContext) {
  /** What is no view. */
  public NewTable(
      EntityName name,
      TableType tableType,
      String dataSourceFormat,
      String storageLocation,
      String comment,
      List<ColumnInfo> columns,
      Map<String, String> properties,
      String viewDefinition) {
    this(
        name,
        tableType,
        dataSourceFormat,
        storageLocation,
        comment,
        columns,
        properties,
        viewDefinition,
        null);
  }
}
