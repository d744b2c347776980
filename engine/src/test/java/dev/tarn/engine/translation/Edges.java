package dev.tarn.engine.translation;

import dev.tarn.engine.differential.Grammar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.types.DataTypeUtils$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A table of the values at which functions differ: nulls, extremes, empty, unicode, leap days, zone
 * changes.
 */
final class Edges {
  private static final String INTS = "0 1 -1 2 7 -13 100 NULL ";

  private static final String[][] COLUMNS = {
    {"t", "tinyint", INTS + "127 -128"},
    {"sm", "smallint", INTS + "32767 -32768"},
    {"i", "int", INTS + "2147483647 -2147483648 12345"},
    {"j", "int", INTS + "3 5 -4"},
    {"l", "bigint", INTS + "9223372036854775807 -9223372036854775808 9007199254740993 1609459200"},
    {
      "f",
      "float",
      "0 -0.0 1.5 -2.5 0.1 NaN Infinity -Infinity 3.4028235E38 1.4E-45 NULL 16777217 0.5"
    },
    {
      "d",
      "double",
      "0 -0.0 1.5 -2.5 0.1 NaN Infinity -Infinity 1.7976931348623157E308 4.9E-324 NULL 2147483647.5 0.5 -0.5 123456.789 1E19"
    },
    {"e", "double", "0 1 -1 2 3.3 NULL 10 0.285 1.005 -7.25"},
    {"p", "decimal(9,2)", "0 1 -1 0.05 -0.05 9999999.99 -9999999.99 12.34 NULL 2.50 0.01"},
    {
      "q",
      "decimal(15,2)",
      "0 1 -1 0.07 9999999999999.99 -9999999999999.99 1234.56 NULL 3.00 -0.01 50000.00"
    },
    {
      "r",
      "decimal(38,10)",
      "0 1 -1 0.0000000001 9999999999999999999999999999.9999999999 -9999999999999999999999999999.9999999999 12345.6789 NULL -0.5 0.3333333333"
    },
    {"w", "decimal(4,4)", "0 0.0001 -0.9999 0.5 NULL 0.1234"},
    {"b", "boolean", "true false NULL"},
    {
      "dt",
      "date",
      "1970-01-01 2020-02-29 1999-12-31 0001-01-01 9999-12-31 1582-10-15 1900-02-28 2000-01-31 NULL 2024-03-10 2020-12-31 2021-01-03 2019-02-28 2024-11-03"
    },
    {"du", "date", "1970-01-01 2020-03-01 2000-02-29 1969-12-31 NULL 2024-07-04"},
  };

  /** Expressions that stand for columns, by the types of {@link Grammar}. */
  static final Map<Character, List<String>> BY_TYPE =
      Map.ofEntries(
          Map.entry('I', List.of("i", "j", "t", "sm")),
          Map.entry('J', List.of("j")),
          Map.entry('L', List.of("l")),
          Map.entry('P', List.of("p", "q", "r", "w")),
          Map.entry('C', List.of("p")),
          Map.entry('D', List.of("d", "e", "f")),
          Map.entry('E', List.of("e")),
          Map.entry('S', List.of("s", "u", "v")),
          Map.entry('T', List.of("dt", "du")),
          Map.entry('M', List.of("ts", "tz")),
          Map.entry('N', List.of("n")),
          Map.entry('B', List.of("b")),
          Map.entry('X', List.of("CAST(s AS BINARY)")),
          Map.entry('A', List.of("array(i, j)")),
          Map.entry('Z', List.of("array(s, u)")),
          Map.entry('K', List.of("map('a', i)")),
          Map.entry('R', List.of("named_struct('a', i, 'b', s)")));

  private static final String[] STRINGS = {
    "''", "'a'", "'A'", "'abc'", "'Hello World'", "' x '", "'a%b'", "'a_b'", "'10'", "'-7'",
        "' 42 '", "'1.5'",
    "'1e3'", "'1_000'", "'é'", "'日本語'", "'ß'", "'😀x'", "'e\\u0301'", "'\\n'", "'a\\nb'",
        "'a\\\\b'", "'2020-02-29'", "'abcabc'",
    "'true'", "NULL", "'   '", "'\\ttab\\t'", "'x,y,,z'", "'NaN'", "'9223372036854775808'",
        "'AbC dEf'", "'b'"
  };

  private static final String[] TIMES = {
    "1970-01-01 00:00:00",
    "2020-02-29 12:34:56.789012",
    "1969-12-31 23:59:59.999999",
    "2024-03-10 01:59:59",
    "2024-03-10 03:00:00",
    "2024-11-03 01:30:00",
    "2024-11-03 00:59:59.5",
    "1999-12-31 23:59:59",
    "9999-12-30 00:00:00",
    "1900-01-01 00:00:00",
    "2021-01-03 05:00:00.1"
  };

  final List<AttributeReference> columns = new ArrayList<>();
  final List<InternalRow> rows = new ArrayList<>();

  Edges(Catalyst catalyst, int count, long seed) {
    Map<String, String> types = new LinkedHashMap<>();
    List<List<Object>> values = new ArrayList<>();
    for (String[] column : COLUMNS) {
      types.put(column[0], column[1]);
      List<Object> of = new ArrayList<>();
      for (String value : column[2].trim().split(" ")) {
        of.add(
            catalyst.constant(
                value.equals("NULL") ? "NULL" : "CAST('" + value + "' AS " + column[1] + ")"));
      }
      values.add(of);
    }
    for (String name : List.of("s", "u", "v")) {
      types.put(name, "string");
      values.add(all(catalyst, STRINGS, ""));
    }
    types.put("ts", "timestamp");
    values.add(all(catalyst, TIMES, "TIMESTAMP"));
    types.put("tz", "timestamp");
    values.add(all(catalyst, TIMES, "TIMESTAMP"));
    types.put("n", "timestamp_ntz");
    values.add(all(catalyst, TIMES, "TIMESTAMP_NTZ"));
    StructType schema = new StructType();
    for (Map.Entry<String, String> type : types.entrySet()) {
      schema = schema.add(type.getKey(), DataType.fromDDL(type.getValue()));
    }
    columns.addAll(
        Expressions.list(DataTypeUtils$.MODULE$.toAttributes(schema)).stream()
            .map(AttributeReference.class::cast)
            .toList());
    Random random = new Random(seed);
    for (int row = 0; row < count; row++) {
      Object[] cells = new Object[values.size()];
      for (int i = 0; i < cells.length; i++) {
        List<Object> of = values.get(i);
        int at = row < of.size() ? row : random.nextInt(of.size());
        cells[i] = of.get(at);
      }
      rows.add(new GenericInternalRow(cells));
    }
  }

  private static List<Object> all(Catalyst catalyst, String[] values, String type) {
    List<Object> all = new ArrayList<>();
    for (String value : values) {
      all.add(catalyst.constant(type.isEmpty() ? value : type + " '" + value + "'"));
    }
    if (!type.isEmpty()) {
      all.add(null);
    }
    return all;
  }

  /**
   * The same rows as a statement that makes DuckDB's table, with the row's number as the column
   * {@code id}.
   */
  String create() {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      List<String> cells = new ArrayList<>();
      cells.add(String.valueOf(row));
      for (int i = 0; i < columns.size(); i++) {
        DataType type = columns.get(i).dataType();
        cells.add(
            Literals.value(rows.get(row).isNullAt(i) ? null : rows.get(row).get(i, type), type));
      }
      lines.add("(" + String.join(", ", cells) + ")");
    }
    return "CREATE TABLE edges AS SELECT * FROM (VALUES "
        + String.join(",\n", lines)
        + ") AS v(id, "
        + String.join(", ", columns.stream().map(c -> Literals.name(c.name())).toList())
        + ")";
  }

  String describe(int row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      DataType type = columns.get(i).dataType();
      text.append(columns.get(i).name())
          .append('=')
          .append(rows.get(row).isNullAt(i) ? null : rows.get(row).get(i, type))
          .append(' ');
    }
    return text.toString();
  }
}
