package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.BitwiseAnd;
import org.apache.spark.sql.catalyst.expressions.BitwiseCount;
import org.apache.spark.sql.catalyst.expressions.BitwiseNot;
import org.apache.spark.sql.catalyst.expressions.BitwiseOr;
import org.apache.spark.sql.catalyst.expressions.BitwiseXor;
import org.apache.spark.sql.catalyst.expressions.Ceil;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Floor;
import org.apache.spark.sql.catalyst.expressions.Pmod;
import org.apache.spark.sql.catalyst.expressions.Rint;
import org.apache.spark.sql.catalyst.expressions.Round;
import org.apache.spark.sql.catalyst.expressions.Signum;
import org.apache.spark.sql.catalyst.expressions.Sqrt;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;

/**
 * Functions of numbers whose results are exact, so that they do not depend on the library that
 * computes them.
 */
final class Rounding {
  /** So many digits of a DOUBLE are those that both sides print. */
  private static final int PRINTED_DIGITS = 14;

  private Rounding() {}

  static void lines(Functions table) {
    table.line(Round.class, Rounding::round);
    table.line(Ceil.class, (e, to) -> whole("ceil", e, to));
    table.line(Floor.class, (e, to) -> whole("floor", e, to));
    table.line(Rint.class, "round_even($1, 0)");
    table.line(Sqrt.class, "CASE WHEN $1 < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt($1) END");
    table.line(
        Signum.class,
        "CASE WHEN $1 > 0 AND NOT isnan($1) THEN CAST(1 AS DOUBLE) WHEN $1 < 0 THEN CAST(-1 AS DOUBLE) ELSE $1 END");
    table.line(Pmod.class, Rounding::positiveRemainder);
    table.line(BitwiseAnd.class, "($1 & $2)");
    table.line(BitwiseOr.class, "($1 | $2)");
    table.line(BitwiseXor.class, "xor($1, $2)");
    table.line(BitwiseNot.class, "(~$1)");
    table.line(BitwiseCount.class, Rounding::bits);
  }

  private static String bits(BitwiseCount e, Expressions to) {
    if (!DuckTypes.integral(e.child().dataType())) {
      throw new Untranslatable("bit_count of type " + e.child().dataType().typeName());
    }
    return "CAST(bit_count(CAST(" + to.sql(e.child()) + " AS BIGINT)) AS INTEGER)";
  }

  private static String round(Round e, Expressions to) {
    if (!(Constants.of(e.scale()).orElse(null) instanceof Integer scale)) {
      throw new Untranslatable("round to null digits");
    }
    DataType type = e.child().dataType();
    String text = to.sql(e.child());
    if (type instanceof DecimalType decimal) {
      return scale >= 0
          ? Arithmetic.cast(text, e.dataType())
          : decimal(text, decimal, scale, (DecimalType) e.dataType());
    }
    if (DuckTypes.integral(type)) {
      return scale >= 0
          ? text
          : Arithmetic.cast(tens("CAST(" + text + " AS HUGEINT)", -scale, -scale), type);
    }
    if (type instanceof DoubleType && scale >= 0 && scale < PRINTED_DIGITS) {
      return floating(e, text, scale, to);
    }
    throw new Untranslatable("round of type " + type.typeName());
  }

  private static String decimal(String text, DecimalType from, int scale, DecimalType type) {
    if (from.scale() - scale > Arithmetic.MOST_DIGITS - 1) {
      throw new Untranslatable("round of " + from.simpleString());
    }
    return Arithmetic.cast(tens(Arithmetic.whole(text, from), from.scale() - scale, -scale), type);
  }

  /**
   * A whole number without its last digits, rounded half away from zero, and then with zeros behind
   * it.
   */
  private static String tens(String whole, int digits, int zeros) {
    if (digits >= Arithmetic.MOST_DIGITS) {
      throw new Untranslatable("round to " + digits + " digits before the point");
    }
    String unit = "CAST('1" + "0".repeat(digits) + "' AS HUGEINT)";
    String half = "CAST('5" + "0".repeat(digits - 1) + "' AS HUGEINT)";
    return "(("
        + whole
        + " + sign("
        + whole
        + ") * "
        + half
        + ") // "
        + unit
        + " * CAST('1"
        + "0".repeat(zeros)
        + "' AS HUGEINT))";
  }

  /** Spark rounds the digits that Java prints, not the number that they stand for. */
  private static String floating(Round e, String text, int scale, Expressions to) {
    return "CASE WHEN isnan("
        + text
        + ") OR isinf("
        + text
        + ") THEN "
        + text
        + " WHEN abs("
        + text
        + ") < 1e"
        + (PRINTED_DIGITS - scale)
        + " THEN CAST(CAST(CAST("
        + text
        + " AS VARCHAR) AS DECIMAL(38, "
        + scale
        + ")) AS DOUBLE) WHEN "
        + text
        + " IS NULL THEN NULL ELSE "
        + to.otherwise(e, "round of a large double")
        + " END";
  }

  /** Also a cast to a decimal takes the digits that Java prints. */
  static String printed(Expression e, String text, DecimalType type, Expressions to) {
    if (type.scale() >= PRINTED_DIGITS) {
      throw new Untranslatable("cast from double to " + type.simpleString());
    }
    return "CASE WHEN "
        + text
        + " IS NULL THEN NULL WHEN abs("
        + text
        + ") < 1e"
        + (PRINTED_DIGITS - type.scale())
        + " THEN "
        + Arithmetic.cast("CAST(" + text + " AS VARCHAR)", type)
        + " ELSE "
        + to.otherwise(e, "a large double as a decimal")
        + " END";
  }

  private static String whole(String function, Expression e, Expressions to) {
    DataType type = e.children().apply(0).dataType();
    if (type instanceof LongType) {
      return to.child(e, 1);
    }
    return Arithmetic.cast(function + "(" + to.child(e, 1) + ")", e.dataType());
  }

  private static String positiveRemainder(Pmod e, Expressions to) {
    if (!DuckTypes.integral(e.dataType())) {
      throw new Untranslatable("pmod of type " + e.dataType().typeName());
    }
    String dividend = "CAST(" + to.sql(e.left()) + " AS HUGEINT)";
    String divisor = to.sql(e.right());
    String rest = "(" + dividend + " % " + divisor + ")";
    return Arithmetic.cast(
        "CASE WHEN "
            + divisor
            + " < 0 THEN "
            + to.otherwise(e, "pmod by a negative number")
            + " WHEN "
            + rest
            + " < 0 THEN ("
            + rest
            + " + "
            + divisor
            + ") % "
            + divisor
            + " ELSE "
            + rest
            + " END",
        e.dataType());
  }
}
