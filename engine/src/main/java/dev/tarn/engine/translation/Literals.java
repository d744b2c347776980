package dev.tarn.engine.translation;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/** Values and names as DuckDB reads them. */
public final class Literals {
  private static final long MICROS = 1_000_000L;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, true)
          .toFormatter();

  private Literals() {}

  /** A name in quotes. */
  public static String name(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new Untranslatable("a name that is empty or holds a zero byte");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A string in quotes. */
  public static String text(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new Untranslatable("a literal that holds a zero byte");
    }
    return "'" + value.replace("'", "''") + "'";
  }

  /**
   * A value in Catalyst's own representation ({@code UTF8String}, days, microseconds …), with its
   * type.
   *
   * @throws Untranslatable if DuckDB cannot write this value
   */
  public static String value(Object value, DataType type) {
    String duck = DuckTypes.inner(type);
    if (value == null || type instanceof NullType) {
      return type instanceof NullType ? "NULL" : "CAST(NULL AS " + duck + ")";
    }
    if (type instanceof BooleanType) {
      return value.toString();
    }
    if (type instanceof StringType) {
      return string((UTF8String) value);
    }
    if (type instanceof BinaryType) {
      return "from_hex('" + HexFormat.of().formatHex((byte[]) value) + "')";
    }
    if (type instanceof DecimalType decimal) {
      BigDecimal plain = ((Decimal) value).toJavaBigDecimal().setScale(decimal.scale());
      return "CAST('" + plain.toPlainString() + "' AS " + duck + ")";
    }
    if (type instanceof DateType) {
      LocalDate date = LocalDate.ofEpochDay((Integer) value);
      year(date.getYear());
      return "DATE '" + date + "'";
    }
    if (type instanceof TimestampType) {
      return "TIMESTAMPTZ '" + time((Long) value) + "+00'";
    }
    if (type instanceof TimestampNTZType) {
      return "TIMESTAMP '" + time((Long) value) + "'";
    }
    if (type instanceof ArrayType || type instanceof StructType || type instanceof MapType) {
      return "CAST(" + nested(value, type) + " AS " + duck + ")";
    }
    return "CAST('" + value + "' AS " + duck + ")";
  }

  private static String string(UTF8String value) {
    if (!value.isValid()) {
      throw new Untranslatable("a literal that is not UTF-8");
    }
    return text(new String(value.getBytes(), StandardCharsets.UTF_8));
  }

  private static void year(int year) {
    if (year < 1 || year > 9999) {
      throw new Untranslatable("a date outside the years 1 to 9999");
    }
  }

  private static String time(long micros) {
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000L);
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    year(time.getYear());
    return TIME.format(time);
  }

  private static String nested(Object value, DataType type) {
    if (type instanceof ArrayType array) {
      return list((ArrayData) value, array.elementType());
    }
    if (type instanceof MapType map) {
      MapData data = (MapData) value;
      return "MAP("
          + list(data.keyArray(), map.keyType())
          + ", "
          + list(data.valueArray(), map.valueType())
          + ")";
    }
    StructType struct = (StructType) type;
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < struct.fields().length; i++) {
      DataType field = struct.fields()[i].dataType();
      fields.add(
          name(struct.fields()[i].name())
              + " := "
              + value(((InternalRow) value).get(i, field), field));
    }
    return "struct_pack(" + String.join(", ", fields) + ")";
  }

  private static String list(ArrayData data, DataType element) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < data.numElements(); i++) {
      elements.add(value(data.isNullAt(i) ? null : data.get(i, element), element));
    }
    return "[" + String.join(", ", elements) + "]";
  }
}
