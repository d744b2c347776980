package dev.tarn.engine.translation;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** Spark's types as DuckDB writes them. */
public final class DuckTypes {
  private DuckTypes() {}

  /** The type of a column that is read from files or handed to a client. */
  public static String duck(DataType type) {
    if (type instanceof ArrayType array) {
      return duck(array.elementType()) + "[]";
    }
    if (type instanceof MapType map) {
      return "MAP(" + duck(map.keyType()) + ", " + duck(map.valueType()) + ")";
    }
    if (type instanceof StructType struct && struct.fields().length > 0) {
      return Arrays.stream(struct.fields())
          .map(field -> Literals.name(field.name()) + " " + duck(field.dataType()))
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }
    if (type instanceof DecimalType decimal && decimal.scale() >= 0) {
      return "DECIMAL(" + decimal.precision() + ", " + decimal.scale() + ")";
    }
    if (type instanceof StringType string) {
      if (!string.isUTF8BinaryCollation()) {
        throw new Untranslatable("collation of type " + type.simpleString());
      }
      return "VARCHAR";
    }
    if (type instanceof ByteType) {
      return "TINYINT";
    }
    if (type instanceof ShortType) {
      return "SMALLINT";
    }
    if (type instanceof IntegerType) {
      return "INTEGER";
    }
    if (type instanceof LongType) {
      return "BIGINT";
    }
    if (type instanceof FloatType) {
      return "FLOAT";
    }
    if (type instanceof DoubleType) {
      return "DOUBLE";
    }
    if (type instanceof BooleanType) {
      return "BOOLEAN";
    }
    if (type instanceof BinaryType) {
      return "BLOB";
    }
    if (type instanceof DateType) {
      return "DATE";
    }
    if (type instanceof TimestampType) {
      return "TIMESTAMPTZ";
    }
    if (type instanceof TimestampNTZType) {
      return "TIMESTAMP";
    }
    throw new Untranslatable("type " + type.typeName());
  }

  /**
   * The type of a value inside an expression. There, intervals are counts, of microseconds or of
   * months: DuckDB's own interval holds thirty days and a month for equal.
   */
  static String inner(DataType type) {
    if (type instanceof DayTimeIntervalType) {
      return "BIGINT";
    }
    if (type instanceof YearMonthIntervalType) {
      return "INTEGER";
    }
    return type instanceof NullType ? "\"NULL\"" : duck(type);
  }

  static boolean integral(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  static boolean fractional(DataType type) {
    return type instanceof FloatType || type instanceof DoubleType;
  }

  static boolean numeric(DataType type) {
    return integral(type) || fractional(type) || type instanceof DecimalType;
  }

  /** Whether values are compared alike on both sides: not so for nested values that hold nulls. */
  static boolean atomic(DataType type) {
    return !(type instanceof ArrayType || type instanceof MapType || type instanceof StructType);
  }
}
