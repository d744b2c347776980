package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CheckOverflow;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;

/** Casts that fail where Spark's in ANSI mode do. */
final class Casts {
  /** As many digits are exact in a DOUBLE. */
  private static final int EXACT_DIGITS = 15;

  private Casts() {}

  static void lines(Functions table) {
    table.line(Cast.class, Casts::cast);
    table.line(CheckOverflow.class, Casts::checkOverflow);
  }

  private static String checkOverflow(CheckOverflow e, Expressions to) {
    if (e.nullOnOverflow()) {
      throw Expressions.unknown(e);
    }
    return Arithmetic.cast(to.child(e, 1), e.dataType());
  }

  private static String cast(Cast e, Expressions to) {
    DataType from = e.child().dataType();
    DataType type = e.dataType();
    String text = to.child(e, 1);
    if (from.equals(type)) {
      return text;
    }
    if (e.evalMode() != EvalMode.ANSI() && !Cast.canUpCast(from, type)) {
      throw unknown(from, type);
    }
    return cast(text, from, type, e);
  }

  private static String cast(String text, DataType from, DataType type, Expression e) {
    if (from instanceof NullType) {
      return Arithmetic.cast(text, type);
    }
    if (DuckTypes.integral(from)) {
      return fromWhole(text, from, type);
    }
    if (from instanceof DecimalType decimal) {
      return fromDecimal(text, decimal, type);
    }
    if (DuckTypes.fractional(from)) {
      return fromFloating(text, from, type);
    }
    if (from instanceof DateType && type instanceof TimestampNTZType) {
      return Arithmetic.cast(text, type);
    }
    throw unknown(from, type);
  }

  private static String fromWhole(String text, DataType from, DataType type) {
    if (DuckTypes.integral(type)
        || DuckTypes.fractional(type)
        || type instanceof DecimalType
        || type instanceof StringType) {
      return Arithmetic.cast(text, type);
    }
    throw unknown(from, type);
  }

  private static String fromDecimal(String text, DecimalType from, DataType type) {
    if (type instanceof DecimalType) {
      return Arithmetic.cast(text, type);
    }
    if (DuckTypes.integral(type)) {
      return Arithmetic.cast("trunc(" + text + ")", type);
    }
    if (type instanceof DoubleType && from.precision() <= EXACT_DIGITS) {
      return Arithmetic.cast(text, type);
    }
    if (DuckTypes.fractional(type)) {
      return Arithmetic.cast("CAST(" + text + " AS VARCHAR)", type);
    }
    throw unknown(from, type);
  }

  private static String fromFloating(String text, DataType from, DataType type) {
    if (DuckTypes.integral(type)) {
      return Arithmetic.cast("trunc(" + text + ")", type);
    }
    if (from instanceof FloatType && type instanceof DoubleType) {
      return Arithmetic.cast(text, type);
    }
    throw unknown(from, type);
  }

  private static Untranslatable unknown(DataType from, DataType type) {
    return new Untranslatable("cast from " + from.typeName() + " to " + type.typeName());
  }
}
