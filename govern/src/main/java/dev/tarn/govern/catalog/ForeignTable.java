package dev.tarn.govern.catalog;

import java.util.List;

/**
 * A table as another system has it.
 *
 * @param schema as that system writes it
 * @param name as that system writes it
 * @param comment or null
 */
public record ForeignTable(
    String schema, String name, String comment, List<ForeignColumn> columns) {
  public ForeignTable {
    columns = List.copyOf(columns);
  }

  /** As the catalog shows them. */
  public List<ColumnInfo> shown() {
    return columns.stream().map(ForeignColumn::info).toList();
  }
}
