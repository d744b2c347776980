package dev.tarn.testkit.differential;

import java.util.List;

/** What an executor gave for a statement. */
public sealed interface Answer {
  /**
   * @param type in SQL, such as {@code DECIMAL(10,2)}
   */
  record Column(String name, String type) {}

  /**
   * @param rows values as Java objects: numbers, text, dates and times, {@code byte[]}; lists for
   *     arrays, maps from name to value for structs; null for SQL NULL. Both executors must use the
   *     same classes.
   */
  record Rows(List<Column> columns, List<List<Object>> rows) implements Answer {}

  /**
   * @param condition Spark's name of the error, such as {@code DIVIDE_BY_ZERO}; empty if the
   *     message bears none
   */
  record Failure(String condition, String sqlState, String message) implements Answer {}
}
