package dev.tarn.store.delta;

import java.util.List;

/**
 * A condition on rows, for which {@link TableSnapshot#files(List)} leaves out files that can hold
 * none. Comparisons mean what Spark SQL's do: null matches none, NaN equals itself and is greater
 * than every number, strings compare by the bytes of UTF-8.
 *
 * <p>A column is a path of logical names, of more than one for a field of a struct. A value is a
 * {@link Number} for integral types, {@code Float} or {@code Double} for those, {@code BigDecimal}
 * for decimals, {@code String}, {@code Boolean}, {@code LocalDate}, {@code Instant} for timestamps
 * and {@code LocalDateTime} for those without a zone. A filter whose column is unknown, or whose
 * value is not of the column's type, leaves out nothing.
 */
public sealed interface ColumnFilter {
  /** How a column's value stands to another. */
  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }

  record Compare(List<String> column, Comparison comparison, Object value)
      implements ColumnFilter {}

  record OneOf(List<String> column, List<?> values) implements ColumnFilter {}

  record StartsWith(List<String> column, String prefix) implements ColumnFilter {}

  record IsNull(List<String> column) implements ColumnFilter {}

  record IsNotNull(List<String> column) implements ColumnFilter {}

  record AllOf(List<ColumnFilter> filters) implements ColumnFilter {}

  record AnyOf(List<ColumnFilter> filters) implements ColumnFilter {}
}
