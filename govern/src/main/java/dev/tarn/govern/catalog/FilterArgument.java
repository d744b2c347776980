package dev.tarn.govern.catalog;

/**
 * What the function of a row filter or column mask is called with: a column of the table, or a
 * constant.
 *
 * @param column name of the column; null for a constant
 * @param constant as SQL writes it, such as {@code 'EU'} or {@code 5}; null for a column
 */
public record FilterArgument(String column, String constant) {
  public static FilterArgument column(String name) {
    return new FilterArgument(name, null);
  }

  public static FilterArgument constant(String sql) {
    return new FilterArgument(null, sql);
  }
}
