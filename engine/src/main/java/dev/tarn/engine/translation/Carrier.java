package dev.tarn.engine.translation;

import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * In which types values cross between DuckDB and Spark: numbers, booleans and strings as they are,
 * dates as days and times as microseconds since 1970, bytes in base 64, nested values as JSON.
 */
public final class Carrier {
  private Carrier() {}

  /**
   * @throws Untranslatable if values of this type do not cross
   */
  public static DataType of(DataType type) {
    if (type instanceof DateType || type instanceof YearMonthIntervalType) {
      return DataTypes.IntegerType;
    }
    if (time(type) || type instanceof DayTimeIntervalType) {
      return DataTypes.LongType;
    }
    if (type instanceof BinaryType) {
      return DataTypes.StringType;
    }
    DuckTypes.duck(type);
    if (!DuckTypes.atomic(type)) {
      return DataTypes.StringType;
    }
    if (type instanceof BooleanType
        || type instanceof StringType
        || type instanceof DecimalType
        || DuckTypes.integral(type)
        || DuckTypes.fractional(type)) {
      return type;
    }
    throw new Untranslatable("an argument of type " + type.typeName());
  }

  private static boolean time(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  /** From DuckDB. */
  static String in(String text, DataType type) {
    of(type);
    if (!DuckTypes.atomic(type)) {
      return NestedCarrier.in(text, type);
    }
    if (type instanceof DateType) {
      return "CAST((" + text + " - DATE '1970-01-01') AS INTEGER)";
    }
    if (time(type)) {
      return "epoch_us(" + text + ")";
    }
    return type instanceof BinaryType ? "to_base64(" + text + ")" : text;
  }

  /** To DuckDB. */
  static String out(String text, DataType type) {
    of(type);
    if (!DuckTypes.atomic(type)) {
      return NestedCarrier.out(text, type);
    }
    if (type instanceof DateType) {
      return "(DATE '1970-01-01' + " + text + ")";
    }
    if (time(type)) {
      return (type instanceof TimestampType ? "make_timestamptz(" : "make_timestamp(") + text + ")";
    }
    return type instanceof BinaryType ? "from_base64(" + text + ")" : text;
  }
}
