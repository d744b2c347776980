package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CheckOverflow;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Casts that fail where Spark's in ANSI mode do. */
final class Casts {
  /** As many digits are exact in a DOUBLE. */
  private static final int EXACT_DIGITS = 15;

  private static final String WHOLE = " *[+-]?[0-9]+ *";
  private static final String PLAIN = " *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+) *";
  private static final String FLOATING =
      " *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})? *";
  private static final String DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  private static final String TIME =
      DATE + "([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?)?";

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
    if (!Cast.canUpCast(from, type)) {
      Arithmetic.fails(e, e.evalMode());
    }
    if (from instanceof NullType) {
      return Arithmetic.cast(text, type);
    }
    if (type instanceof StringType) {
      return toText(e, text, to);
    }
    if (from instanceof StringType) {
      DuckTypes.duck(from);
      return fromText(e, text, to);
    }
    if (DuckTypes.integral(from)) {
      return fromWhole(text, from, type);
    }
    if (from instanceof BooleanType) {
      return fromBoolean(text, type);
    }
    if (from instanceof DecimalType decimal) {
      return fromDecimal(text, decimal, type);
    }
    if (DuckTypes.fractional(from)) {
      return fromFloating(e, text, to);
    }
    return fromTime(text, from, type, to);
  }

  private static String toText(Cast e, String text, Expressions to) {
    DataType from = e.child().dataType();
    DataType type = e.dataType();
    DuckTypes.duck(type);
    if (DuckTypes.integral(from) || from instanceof BooleanType) {
      return Arithmetic.cast(text, type);
    }
    if (from instanceof DecimalType decimal && decimal.scale() < Arithmetic.MOST_DIGITS) {
      // DuckDB writes no zero before the point where the type has no digit there.
      return decimal.scale() < decimal.precision()
          ? Arithmetic.cast(text, type)
          : Arithmetic.cast(
              Arithmetic.cast(text, DecimalType.apply(decimal.precision() + 1, decimal.scale())),
              type);
    }
    if (from instanceof DateType
        || from instanceof TimestampType
        || from instanceof TimestampNTZType) {
      String written = from instanceof DateType ? text : Times.local(text, from);
      return "CASE WHEN year("
          + written
          + ") NOT BETWEEN 1 AND 9999 THEN "
          + to.otherwise(e, "the text of a year that has not four digits")
          + " ELSE "
          + Arithmetic.cast(written, type)
          + " END";
    }
    if (from instanceof DoubleType) {
      return fromDouble(e, text, to);
    }
    if (from instanceof StringType) {
      return text;
    }
    throw unknown(from, type);
  }

  /** Where Java writes no exponent, and so few digits that both find the same. */
  private static String fromDouble(Cast e, String text, Expressions to) {
    String written = "CAST(" + text + " AS VARCHAR)";
    return "CASE WHEN "
        + text
        + " IS NULL THEN NULL WHEN ("
        + text
        + " = 0 OR abs("
        + text
        + ") >= 0.001 AND abs("
        + text
        + ") < 10000000) AND length("
        + written
        + ") <= "
        + EXACT_DIGITS
        + " THEN "
        + written
        + " ELSE "
        + to.otherwise(e, "the text of a double")
        + " END";
  }

  /** Only the form that both read alike; what else Spark may accept, it is asked for. */
  private static String matching(
      Cast e, String text, String pattern, String result, Expressions to) {
    return "CASE WHEN "
        + text
        + " IS NULL THEN NULL WHEN regexp_full_match("
        + text
        + ", '"
        + pattern
        + "') THEN "
        + result
        + " ELSE "
        + to.otherwise(e, "a cast of text in another form")
        + " END";
  }

  private static String fromText(Cast e, String text, Expressions to) {
    DataType type = e.dataType();
    String trimmed = "trim(" + text + ", ' ')";
    if (DuckTypes.integral(type)) {
      return matching(e, text, WHOLE, Arithmetic.cast(trimmed, type), to);
    }
    if (type instanceof DecimalType) {
      return matching(e, text, PLAIN, Arithmetic.cast(trimmed, type), to);
    }
    if (DuckTypes.fractional(type)) {
      return matching(e, text, FLOATING, Arithmetic.cast(trimmed, type), to);
    }
    if (type instanceof DateType) {
      return matching(e, text, DATE, Arithmetic.cast(text, type), to);
    }
    if (type instanceof TimestampNTZType) {
      return matching(e, text, TIME, Arithmetic.cast(text, type), to);
    }
    if (type instanceof TimestampType) {
      return matching(e, text, TIME, Times.moment("CAST(" + text + " AS TIMESTAMP)", to), to);
    }
    if (type instanceof BooleanType) {
      String lower = "lower(" + trimmed + ")";
      return matching(
          e,
          text,
          " *(?i:t|true|y|yes|1|f|false|n|no|0) *",
          "(" + lower + " IN ('t', 'true', 'y', 'yes', '1'))",
          to);
    }
    if (type instanceof BinaryType) {
      return "encode(" + text + ")";
    }
    throw new Untranslatable("cast from string to " + type.typeName());
  }

  private static String fromWhole(String text, DataType from, DataType type) {
    if (DuckTypes.integral(type) || DuckTypes.fractional(type) || type instanceof DecimalType) {
      return Arithmetic.cast(text, type);
    }
    if (type instanceof BooleanType) {
      return "(" + text + " <> 0)";
    }
    if (type instanceof TimestampType) {
      return "make_timestamptz(CAST(" + text + " AS BIGINT) * 1000000)";
    }
    throw unknown(from, type);
  }

  private static String fromBoolean(String text, DataType type) {
    if (DuckTypes.integral(type) || DuckTypes.fractional(type)) {
      return Arithmetic.cast(text, type);
    }
    if (type instanceof DecimalType) {
      return Arithmetic.cast("CAST(" + text + " AS INTEGER)", type);
    }
    throw new Untranslatable("cast from boolean to " + type.typeName());
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
    if (type instanceof BooleanType) {
      return "(" + text + " <> 0)";
    }
    throw unknown(from, type);
  }

  private static String fromFloating(Cast e, String text, Expressions to) {
    DataType from = e.child().dataType();
    DataType type = e.dataType();
    if (DuckTypes.integral(type)) {
      return Arithmetic.cast("trunc(" + text + ")", type);
    }
    if (from instanceof DoubleType && type instanceof DecimalType decimal) {
      return Rounding.printed(e, text, decimal, to);
    }
    if (from instanceof FloatType && type instanceof DoubleType || type instanceof FloatType) {
      return Arithmetic.cast(text, type);
    }
    if (type instanceof BooleanType) {
      return "(" + text + " <> 0)";
    }
    throw unknown(from, type);
  }

  private static String fromTime(String text, DataType from, DataType type, Expressions to) {
    if (from instanceof TimestampType && type instanceof LongType) {
      return Times.floored("epoch_us(" + text + ")", 1_000_000);
    }
    if (type instanceof TimestampNTZType) {
      return Times.local(text, from);
    }
    if (type instanceof DateType) {
      return "CAST(" + Times.local(text, from) + " AS DATE)";
    }
    if (type instanceof TimestampType) {
      return Times.moment(Times.local(text, from), to);
    }
    throw unknown(from, type);
  }

  private static Untranslatable unknown(DataType from, DataType type) {
    return new Untranslatable("cast from " + from.typeName() + " to " + type.typeName());
  }
}
