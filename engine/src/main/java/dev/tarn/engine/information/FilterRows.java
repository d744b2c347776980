package dev.tarn.engine.information;

import dev.tarn.govern.catalog.FilterArgument;
import dev.tarn.govern.catalog.RowFilter;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The rows of {@code row_filters} and {@code column_masks} for one table. */
final class FilterRows {
  private FilterRows() {}

  static List<Object[]> rowFilter(TableInfo table) {
    RowFilter filter = table.filters().rowFilter();
    if (filter == null) {
      return List.of();
    }
    EntityName function = filter.function();
    return List.<Object[]>of(
        new Object[] {
          table.name().catalog(),
          table.name().schema(),
          table.name().name(),
          function.catalog(),
          function.schema(),
          function.name(),
          columns(filter.arguments())
        });
  }

  static List<Object[]> columnMasks(TableInfo table) {
    return table.filters().columnMasks().entrySet().stream()
        .map(
            mask -> {
              EntityName function = mask.getValue().function();
              String using = columns(mask.getValue().using());
              return new Object[] {
                table.name().catalog(),
                table.name().schema(),
                table.name().name(),
                mask.getKey(),
                function.catalog(),
                function.schema(),
                function.name(),
                using.isEmpty() ? null : using
              };
            })
        .toList();
  }

  private static String columns(List<FilterArgument> arguments) {
    return arguments.stream()
        .map(FilterArgument::column)
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }
}
