package dev.tarn.govern.catalog;

import java.util.List;
import java.util.Objects;

/** Row filters and column masks as Unity Catalog's REST API spells them. */
final class FilterWire {
  private FilterWire() {}

  /**
   * @param inputColumnNames those of the arguments that are columns
   */
  record Filter(
      String functionName, List<String> inputColumnNames, List<FilterArgument> inputArguments) {}

  /**
   * @param usingColumnNames those of the arguments that are columns, without the column itself
   */
  record Mask(
      String functionName, List<String> usingColumnNames, List<FilterArgument> usingArguments) {}

  /** Null if the table has none. */
  static Filter filter(TableInfo table) {
    RowFilter filter = table.filters().rowFilter();
    return filter == null
        ? null
        : new Filter(filter.functionName(), columns(filter.arguments()), filter.arguments());
  }

  /** Null if the column has none. */
  static Mask mask(TableInfo table, ColumnInfo column) {
    return table
        .filters()
        .mask(column.name())
        .map(mask -> new Mask(mask.functionName(), columns(mask.using()), mask.using()))
        .orElse(null);
  }

  private static List<String> columns(List<FilterArgument> arguments) {
    return arguments.stream().map(FilterArgument::column).filter(Objects::nonNull).toList();
  }
}
