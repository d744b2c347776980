package dev.tarn.govern.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What hides rows of a table and values of its columns.
 *
 * @param rowFilter null if all rows are seen
 * @param columnMasks by the name of the column, in any case of its letters
 */
public record TableFilters(RowFilter rowFilter, Map<String, ColumnMask> columnMasks) {
  public static final TableFilters NONE = new TableFilters(null, Map.of());

  public TableFilters {
    Map<String, ColumnMask> masks = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    masks.putAll(columnMasks == null ? Map.of() : columnMasks);
    columnMasks = masks;
  }

  public boolean none() {
    return rowFilter == null && columnMasks.isEmpty();
  }

  public Optional<ColumnMask> mask(String column) {
    return Optional.ofNullable(columnMasks.get(column));
  }

  /** These, and of the others the row filter and the masks that these have none in place of. */
  public TableFilters over(TableFilters others) {
    Map<String, ColumnMask> masks = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    masks.putAll(columnMasks);
    others.columnMasks.forEach(masks::putIfAbsent);
    return new TableFilters(rowFilter == null ? others.rowFilter : rowFilter, masks);
  }

  TableFilters with(RowFilter filter) {
    return new TableFilters(filter, columnMasks);
  }

  /**
   * @param mask null to remove it
   */
  TableFilters with(String column, ColumnMask mask) {
    Map<String, ColumnMask> masks = new TreeMap<>();
    columnMasks.forEach(
        (name, old) -> {
          if (!name.equalsIgnoreCase(column)) {
            masks.put(name, old);
          }
        });
    if (mask != null) {
      masks.put(column, mask);
    }
    return new TableFilters(rowFilter, masks);
  }

  /** The columns that the filter and the masks cannot do without; some maybe twice. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>(columnMasks.keySet());
    Stream<FilterArgument> using = columnMasks.values().stream().flatMap(m -> m.using().stream());
    Stream<FilterArgument> of = rowFilter == null ? Stream.empty() : rowFilter.arguments().stream();
    Stream.concat(of, using)
        .map(FilterArgument::column)
        .filter(Objects::nonNull)
        .forEach(columns::add);
    return columns;
  }

  /** Whether the filter or a mask cannot do without the column. */
  public boolean uses(String column) {
    return columns().stream().anyMatch(column::equalsIgnoreCase);
  }
}
