package dev.tarn.engine.information;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows as Spark has them within itself, of those columns that are asked for. Texts that come again
 * and again, such as names of schemas and types, are there once.
 */
final class InternalRows {
  private static final int MOST_TEXTS = 10_000;

  private final int[] wanted;
  private final List<InternalRow> rows = new ArrayList<>();
  private final Map<String, UTF8String> texts = new HashMap<>();

  /**
   * @param all columns, in the order of the values that come
   * @param columns those that are asked for, in the order of the rows to be
   */
  InternalRows(StructType all, StructType columns) {
    this.wanted = new int[columns.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = all.fieldIndex(columns.fields()[i].name());
    }
  }

  void add(Object... values) {
    Object[] internal = new Object[wanted.length];
    for (int i = 0; i < internal.length; i++) {
      Object value = values[wanted[i]];
      internal[i] = value instanceof String text ? text(text) : value;
    }
    rows.add(new GenericInternalRow(internal));
  }

  private UTF8String text(String text) {
    if (texts.size() == MOST_TEXTS) {
      texts.clear();
    }
    return texts.computeIfAbsent(text, UTF8String::fromString);
  }

  InternalRow[] all() {
    return rows.toArray(InternalRow[]::new);
  }
}
