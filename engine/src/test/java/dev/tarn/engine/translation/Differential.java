package dev.tarn.engine.translation;

import dev.tarn.engine.evaluation.SparkFunctions;
import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.duckdb.DuckDBConnection;

/** Evaluates expressions over the same rows with Catalyst and, translated, with DuckDB. */
final class Differential implements AutoCloseable {
  /** What stands for a row on which the evaluation failed. */
  private static final Object FAILED = "FAILED";

  /**
   * @param differences one per row that is not equal
   * @param answered rows that DuckDB answered with a value
   * @param refused rows that Spark answers and DuckDB does not
   */
  record Outcome(
      String expression, String sql, List<String> differences, int answered, int refused) {}

  private final Catalyst catalyst;
  private final Edges edges;
  private final String timeZone;
  private final DuckDBConnection duck;
  private ScalarFunctions functions = ScalarFunctions.NONE;

  Differential(String timeZone, int rows, long seed) {
    this.timeZone = timeZone;
    catalyst = new Catalyst(timeZone);
    edges = new Edges(catalyst, rows, seed);
    try {
      duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
      run("SET TimeZone = '" + timeZone + "'");
      run("SET threads = 1");
      run(edges.create());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    duck.close();
  }

  /** Lets Spark evaluate what has no translation. */
  Differential withSpark() {
    functions = new SparkFunctions(duck::duplicate, number -> false).forStatement(catalyst.conf());
    return this;
  }

  /** The translation of one expression over the columns of {@link Edges}. */
  String translate(Expression e) {
    return catalyst.with(() -> expressions(timeZone, functions).sql(e));
  }

  static Expressions expressions(String timeZone) {
    return expressions(timeZone, ScalarFunctions.NONE);
  }

  private static Expressions expressions(String timeZone, ScalarFunctions functions) {
    return new Expressions(
        new Expressions.Scope() {
          @Override
          public String column(AttributeReference attribute) {
            return Literals.name(attribute.name());
          }

          @Override
          public String outer(Expression outerReference) {
            throw new Untranslatable("outer reference");
          }

          @Override
          public String subquery(SubqueryExpression subquery) {
            throw new Untranslatable("subquery");
          }
        },
        new SessionRules(true, timeZone, false),
        functions);
  }

  List<Expression> analyse(List<String> expressions) {
    return catalyst.analyse(expressions, edges.columns);
  }

  Outcome compare(String expression, Expression e) {
    String sql = translate(e);
    Expression bound = catalyst.bind(e, edges.columns);
    List<Object> expected = new ArrayList<>();
    for (InternalRow row : edges.rows) {
      expected.add(spark(bound, row));
    }
    List<Object> actual = duck(sql, expected, e.dataType());
    List<String> differences = new ArrayList<>();
    int answered = 0;
    int refused = 0;
    for (int row = 0; row < expected.size(); row++) {
      Object there = expected.get(row);
      Object here = actual.get(row);
      if (here != FAILED && here != null) {
        answered++;
      }
      if (here == FAILED && there != FAILED) {
        refused++;
      }
      if (here != FAILED && !same(there, here)) {
        differences.add("Spark " + there + ", DuckDB " + here + " for " + edges.describe(row));
      }
    }
    return new Outcome(expression, sql, differences, answered, refused);
  }

  private Object spark(Expression bound, InternalRow row) {
    try {
      return canonical(catalyst.eval(bound, row), bound.dataType());
    } catch (Exception e) {
      return FAILED;
    }
  }

  /** Where rows fail, they are found by halves. */
  private List<Object> duck(String sql, List<Object> expected, DataType type) {
    List<Object> values = new ArrayList<>(Collections.nCopies(expected.size(), FAILED));
    List<Integer> good = new ArrayList<>();
    for (int row = 0; row < expected.size(); row++) {
      if (expected.get(row) == FAILED) {
        fill(sql, List.of(row), type, values);
      } else {
        good.add(row);
      }
    }
    fill(sql, good, type, values);
    return values;
  }

  private void fill(String sql, List<Integer> rows, DataType type, List<Object> values) {
    if (rows.isEmpty()) {
      return;
    }
    String where = " WHERE id IN (" + rows.toString().replaceAll("[\\[\\]]", "") + ")";
    try {
      List<Object> found = select(sql, rows.size() == values.size() ? "" : where, type);
      for (int i = 0; i < found.size(); i++) {
        values.set(rows.get(i), found.get(i));
      }
    } catch (SQLException failed) {
      if (rows.size() > 1) {
        fill(sql, rows.subList(0, rows.size() / 2), type, values);
        fill(sql, rows.subList(rows.size() / 2, rows.size()), type, values);
      }
    }
  }

  private List<Object> select(String sql, String where, DataType type) throws SQLException {
    List<Object> values = new ArrayList<>();
    // JDBC's own dates have no years before the first.
    String read =
        type instanceof DateType
            ? "CAST(x - DATE '1970-01-01' AS INTEGER)"
            : type instanceof TimestampType || type instanceof TimestampNTZType
                ? "epoch_us(x)"
                : "x";
    String all =
        "SELECT typeof(x), "
            + read
            + " FROM (SELECT id, "
            + sql
            + " AS x FROM edges"
            + where
            + ") ORDER BY id";
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery(all)) {
      while (result.next()) {
        values.add(typed(result.getString(1), result.getObject(2), type));
      }
    }
    return values;
  }

  /** DuckDB's value, or what is wrong with its type. */
  static Object typed(String found, Object value, DataType type) throws SQLException {
    String wanted =
        DuckTypes.inner(type)
            .replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE")
            .replaceAll("\"|(?<=,) ", "");
    String plain = found.replaceAll("\"|(?<=,) ", "");
    return plain.equals(wanted) || plain.equals("NULL")
        ? canonical(value)
        : "of type " + plain + " instead of " + wanted;
  }

  static boolean same(Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x.equals(y) || x == 0 && y == 0;
    }
    if (a instanceof Float x && b instanceof Float y) {
      return x.equals(y) || x == 0 && y == 0;
    }
    return a == null ? b == null : a.equals(b);
  }

  /** Catalyst's value as the Java object that both sides are compared as. */
  static Object canonical(Object value, DataType type) {
    if (value == null) {
      return null;
    }
    if (value instanceof Decimal decimal) {
      return decimal.toJavaBigDecimal();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (type instanceof ArrayType array) {
      return list((ArrayData) value, array.elementType());
    }
    if (type instanceof MapType map) {
      MapData data = (MapData) value;
      Map<Object, Object> entries = new LinkedHashMap<>();
      List<Object> keys = list(data.keyArray(), map.keyType());
      List<Object> values = list(data.valueArray(), map.valueType());
      for (int i = 0; i < keys.size(); i++) {
        entries.put(keys.get(i), values.get(i));
      }
      return entries;
    }
    if (type instanceof StructType struct) {
      List<Object> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().length; i++) {
        DataType field = struct.fields()[i].dataType();
        fields.add(canonical(((InternalRow) value).get(i, field), field));
      }
      return fields;
    }
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }

  private static List<Object> list(ArrayData data, DataType element) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < data.numElements(); i++) {
      values.add(canonical(data.isNullAt(i) ? null : data.get(i, element), element));
    }
    return values;
  }

  private static Object canonical(Object value) throws SQLException {
    if (value instanceof LocalDate date) {
      return (int) date.toEpochDay();
    }
    if (value instanceof OffsetDateTime time) {
      return ChronoUnit.MICROS.between(
          OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), time);
    }
    if (value instanceof LocalDateTime time) {
      return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
    }
    if (value instanceof java.sql.Timestamp time) {
      return canonical(time.toLocalDateTime());
    }
    if (value instanceof java.sql.Blob blob) {
      return HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
    }
    if (value instanceof java.sql.Array array) {
      List<Object> values = new ArrayList<>();
      for (Object element : (Object[]) array.getArray()) {
        values.add(canonical(element));
      }
      return values;
    }
    if (value instanceof java.sql.Struct struct) {
      List<Object> values = new ArrayList<>();
      for (Object element : Arrays.asList(struct.getAttributes())) {
        values.add(canonical(element));
      }
      return values;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> values = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        values.put(canonical(entry.getKey()), canonical(entry.getValue()));
      }
      return values;
    }
    return value instanceof BigDecimal || value instanceof Number || value instanceof Boolean
        ? value
        : value == null ? null : value.toString();
  }
}
