package dev.tarn.store.samples;

import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * A table that queries of documentation and tutorials find.
 *
 * @param rows as {@link dev.tarn.store.delta.NewDeltaTable} takes them; the same each time
 */
record SampleTable(String schema, String name, String comment, List<Column> columns, Rows rows) {

  /** Where rows come from. */
  interface Rows {
    Iterator<Object[]> iterator() throws IOException;
  }

  /** A column; {@code type} is one of those below. */
  record Column(String name, Type type) {}

  /** The types that samples have, in the words of SQL, of Spark's schema JSON and of Delta. */
  enum Type {
    BIGINT("long", LongType.LONG),
    INT("integer", IntegerType.INTEGER),
    SMALLINT("short", ShortType.SHORT),
    DOUBLE("double", DoubleType.DOUBLE),
    STRING("string", StringType.STRING),
    DATE("date", DateType.DATE),
    TIMESTAMP("timestamp", TimestampType.TIMESTAMP),
    TIMESTAMP_NTZ("timestamp_ntz", TimestampNTZType.TIMESTAMP_NTZ),
    DECIMAL("decimal(18,2)", new DecimalType(18, 2));

    private final String json;
    private final DataType delta;

    Type(String json, DataType delta) {
      this.json = json;
      this.delta = delta;
    }

    String sql() {
      return this == DECIMAL ? "DECIMAL(18,2)" : name();
    }

    String json() {
      return '"' + json + '"';
    }

    DataType delta() {
      return delta;
    }
  }

  /** From {@code name type, name type}; types in lower case. */
  static List<Column> columns(String text) {
    return Arrays.stream(text.split(",\\s*"))
        .map(column -> column.split(" "))
        .map(parts -> new Column(parts[0], Type.valueOf(parts[1].toUpperCase(Locale.ROOT))))
        .toList();
  }

  StructType deltaSchema() {
    StructType struct = new StructType();
    for (Column column : columns) {
      struct = struct.add(column.name(), column.type().delta(), true);
    }
    return struct;
  }
}
