package dev.tarn.server.client;

import java.util.List;

/** Takes a statement's result as it arrives. */
public interface Rows {

  /**
   * @param typeName as the Statement Execution API names types: {@code LONG}, {@code STRING} …
   * @param typeText as SQL writes it: {@code BIGINT}, {@code DECIMAL(10,2)} …
   */
  record Column(String name, String typeName, String typeText) {}

  /** Called once, before the first row; not at all for a statement without a result. */
  void columns(List<Column> columns);

  /**
   * @param values as text, in the order of the columns; null for SQL NULL
   */
  void row(List<String> values);
}
