package dev.tarn.engine.translation;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.expressions.Abs;
import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.BinaryArithmetic;
import org.apache.spark.sql.catalyst.expressions.Divide;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IntegralDivide;
import org.apache.spark.sql.catalyst.expressions.Multiply;
import org.apache.spark.sql.catalyst.expressions.NumericEvalContext;
import org.apache.spark.sql.catalyst.expressions.Remainder;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.catalyst.expressions.UnaryPositive;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NumericType;

/** The operators of numbers: results have Spark's precision and scale, and what overflows fails. */
final class Arithmetic {
  /** DuckDB holds as many digits of a decimal, and of the whole numbers that stand for one here. */
  static final int MOST_DIGITS = 38;

  /**
   * The operators of whole numbers by their other names: DuckDB would move a constant of the
   * operators to the other side of a comparison or out of a sum, and with it goes the overflow that
   * has to fail.
   */
  private static final Map<String, String> WHOLE =
      Map.of("+", "add", "-", "subtract", "*", "multiply");

  /** Spark changes the sign of a decimal in so many digits. */
  private static final int SIGNED_DIGITS = 34;

  /** DuckDB holds so many digits in 64 bits. */
  private static final int LONG_DIGITS = 18;

  /** Digits before the point that a product must have room for. */
  private static final int ROOM = 12;

  private Arithmetic() {}

  static void lines(Functions table) {
    table.line(Add.class, (e, to) -> operator(e, e.evalContext(), "+", to));
    table.line(Subtract.class, (e, to) -> operator(e, e.evalContext(), "-", to));
    table.line(Multiply.class, (e, to) -> operator(e, e.evalContext(), "*", to));
    table.line(Divide.class, Arithmetic::divide);
    table.line(IntegralDivide.class, Arithmetic::integralDivide);
    table.line(Remainder.class, Arithmetic::remainder);
    table.line(UnaryMinus.class, Arithmetic::negative);
    table.line(UnaryPositive.class, "$1");
    table.line(Abs.class, (e, to) -> signed(e, "abs($)", to));
  }

  private static void ansi(Expression e, NumericEvalContext context) {
    fails(e, context.evalMode());
    numeric(e);
  }

  /**
   * Where a TRY_ function has null, DuckDB fails: so those are translated too, and Spark gives the
   * null.
   */
  static void fails(Expression e, scala.Enumeration.Value mode) {
    if (mode != EvalMode.ANSI() && mode != EvalMode.TRY()) {
      throw new Untranslatable(e.prettyName() + " that wraps around");
    }
  }

  private static void numeric(Expression e) {
    if (!(e.dataType() instanceof NumericType)) {
      throw new Untranslatable(e.prettyName() + " of type " + e.dataType().typeName());
    }
  }

  private static String operator(
      BinaryArithmetic e, NumericEvalContext context, String operator, Expressions to) {
    ansi(e, context);
    if (DuckTypes.integral(e.dataType())) {
      return WHOLE.get(operator) + "(" + to.sql(e.left()) + ", " + to.sql(e.right()) + ")";
    }
    if (!(e.dataType() instanceof DecimalType type)) {
      return "(" + to.sql(e.left()) + " " + operator + " " + to.sql(e.right()) + ")";
    }
    Digits digits = digits(e, operator, to);
    return digits.precision == type.precision() && digits.scale == type.scale()
        ? digits.text
        : cast(digits.text, type);
  }

  /** A decimal as DuckDB types it: as wide as its own operators make it. */
  private record Digits(String text, int precision, int scale) {}

  /** A decimal of the right value and scale whose width is DuckDB's: for what takes any width. */
  static String anyWidth(Expression e, Expressions to) {
    return digits(e, to).text;
  }

  private static Digits digits(Expression e, Expressions to) {
    DecimalType type = (DecimalType) e.dataType();
    String operator =
        e instanceof Multiply ? "*" : e instanceof Add ? "+" : e instanceof Subtract ? "-" : "";
    if (!operator.isEmpty() && !e.foldable()) {
      Digits digits = digits((BinaryArithmetic) e, operator, to);
      if (digits.scale == type.scale()) {
        return digits;
      }
    }
    return new Digits(to.sql(e), type.precision(), type.scale());
  }

  /**
   * What fits in 64 bits by its operands is computed there, and fails if it does not fit: so unless
   * that leaves room for a million millions, one operand is widened first.
   */
  private static Digits digits(BinaryArithmetic e, String operator, Expressions to) {
    ansi(
        e,
        e instanceof Multiply m
            ? m.evalContext()
            : e instanceof Add a ? a.evalContext() : ((Subtract) e).evalContext());
    Digits left = digits(e.left(), to);
    Digits right = digits(e.right(), to);
    boolean product = operator.equals("*");
    int scale = product ? left.scale + right.scale : Math.max(left.scale, right.scale);
    if (scale > MOST_DIGITS) {
      throw new Untranslatable("a product of decimals with " + scale + " digits behind the point");
    }
    int wide = width(left, right, product);
    boolean narrow = Math.max(left.precision, right.precision) <= LONG_DIGITS;
    if (product && narrow && wide > LONG_DIGITS) {
      if (scale <= LONG_DIGITS - ROOM) {
        wide = LONG_DIGITS;
      } else {
        int to128 = LONG_DIGITS + 1;
        left =
            new Digits(
                "CAST(" + left.text + " AS DECIMAL(" + to128 + ", " + left.scale + "))",
                to128,
                left.scale);
        wide = width(left, right, true);
      }
    }
    return new Digits(
        "(" + left.text + " " + operator + " " + right.text + ")",
        Math.min(wide, MOST_DIGITS),
        scale);
  }

  private static int width(Digits left, Digits right, boolean product) {
    return product
        ? left.precision + right.precision
        : Math.max(left.scale, right.scale)
            + Math.max(left.precision - left.scale, right.precision - right.scale)
            + 1;
  }

  private static String signed(Expression e, String form, Expressions to) {
    numeric(e);
    String text = to.child(e, 1);
    String signed = form.replace("$", text);
    if (e.dataType() instanceof DecimalType type && type.precision() > SIGNED_DIGITS) {
      String limit = "CAST('1" + "0".repeat(SIGNED_DIGITS) + "' AS HUGEINT)";
      return "CASE WHEN abs("
          + whole(text, type)
          + ") >= "
          + limit
          + " THEN "
          + to.otherwise(e, "the sign of a long decimal")
          + " ELSE "
          + signed
          + " END";
    }
    return signed;
  }

  private static String negative(UnaryMinus e, Expressions to) {
    return DuckTypes.integral(e.dataType())
        ? "subtract(" + cast("0", e.dataType()) + ", " + to.child(e, 1) + ")"
        : signed(e, "(-$)", to);
  }

  /** Written so that DuckDB computes it even where only its being null is asked for. */
  static String computed(Expression e, Expressions to) {
    boolean operator = e instanceof BinaryArithmetic || e instanceof UnaryMinus || e instanceof Abs;
    return operator && !DuckTypes.fractional(e.dataType())
        ? "greatest(" + to.sql(e) + ")"
        : to.sql(e);
  }

  static String cast(String text, DataType type) {
    return "CAST(" + text + " AS " + DuckTypes.inner(type) + ")";
  }

  private static String divide(Divide e, Expressions to) {
    ansi(e, e.evalContext());
    if (e.dataType() instanceof DecimalType result) {
      return decimalDivide(
          to.sql(e.left()),
          (DecimalType) e.left().dataType(),
          to.sql(e.right()),
          (DecimalType) e.right().dataType(),
          result,
          () -> to.otherwise(e, "division by a long decimal"));
    }
    return "(" + to.sql(e.left()) + " / " + notZero(e.right(), to) + ")";
  }

  /** For floating divisors: those of whole numbers and decimals fail in DuckDB too. */
  private static String notZero(Expression divisor, Expressions to) {
    if (divisor.foldable() && Constants.of(divisor).filter(v -> !isZero(v)).isPresent()) {
      return to.sql(divisor);
    }
    String text = to.sql(divisor);
    return "CASE WHEN " + text + " = 0 THEN error('[DIVIDE_BY_ZERO]') ELSE " + text + " END";
  }

  private static boolean isZero(Object value) {
    return value instanceof Number number && number.doubleValue() == 0;
  }

  /**
   * The quotient of two decimals, exactly: DuckDB's own goes through DOUBLE. Spark rounds it half
   * up at the 38th digit behind the point, then half up to the result's scale; the two are one
   * rounding while the divisor has no more digits than are left between the two.
   *
   * @param otherwise what stands where it has more
   */
  static String decimalDivide(
      String left,
      DecimalType leftType,
      String right,
      DecimalType rightType,
      DecimalType result,
      Supplier<String> otherwise) {
    int shift = result.scale() - leftType.scale() + rightType.scale();
    if (shift < 0 || shift > MOST_DIGITS) {
      throw new Untranslatable("division of " + leftType.simpleString());
    }
    String dividend = "(" + whole(left, leftType) + " * " + power(shift) + ")";
    String divisor = whole(right, rightType);
    String quotient = scaled(quotient(dividend, divisor), result);
    int exact = MOST_DIGITS - result.scale();
    return rightType.precision() <= exact
        ? quotient
        : "CASE WHEN abs("
            + divisor
            + ") >= "
            + power(exact)
            + " THEN "
            + otherwise.get()
            + " ELSE "
            + quotient
            + " END";
  }

  /** The quotient of two whole numbers, rounded half away from zero. */
  static String quotient(String dividend, String divisor) {
    return "(("
        + dividend
        + " * 2 + sign("
        + dividend
        + ") * abs("
        + divisor
        + ")) // ("
        + divisor
        + " * 2))";
  }

  /** A decimal's digits as a whole number. */
  static String whole(String text, DecimalType type) {
    return type.scale() == 0
        ? "CAST(" + text + " AS HUGEINT)"
        : "CAST(CAST("
            + text
            + " AS DECIMAL(38, "
            + type.scale()
            + ")) * "
            + power(type.scale())
            + " AS HUGEINT)";
  }

  /** The decimal that a whole number's digits stand for. */
  static String scaled(String whole, DecimalType type) {
    if (type.scale() == 0) {
      return cast(whole, type);
    }
    return cast(
        "(CAST("
            + whole
            + " AS DECIMAL(38, 0)) * CAST('0."
            + "0".repeat(type.scale() - 1)
            + "1' AS DECIMAL("
            + type.scale()
            + ", "
            + type.scale()
            + ")))",
        type);
  }

  private static String power(int exponent) {
    return "CAST('1" + "0".repeat(exponent) + "' AS HUGEINT)";
  }

  private static String integralDivide(IntegralDivide e, Expressions to) {
    ansi(e, e.evalContext());
    DataType type = e.left().dataType();
    if (!DuckTypes.integral(type)) {
      throw new Untranslatable("div of type " + type.typeName());
    }
    return "(CAST(" + to.sql(e.left()) + " AS BIGINT) // " + to.sql(e.right()) + ")";
  }

  private static String remainder(Remainder e, Expressions to) {
    ansi(e, e.evalContext());
    if (DuckTypes.fractional(e.dataType())) {
      return "(" + to.sql(e.left()) + " % " + notZero(e.right(), to) + ")";
    }
    String text = "(" + to.sql(e.left()) + " % " + to.sql(e.right()) + ")";
    if (!(e.dataType() instanceof DecimalType type)) {
      return text;
    }
    DecimalType left = (DecimalType) e.left().dataType();
    DecimalType right = (DecimalType) e.right().dataType();
    int whole = Math.max(left.precision() - left.scale(), right.precision() - right.scale());
    if (whole + Math.max(left.scale(), right.scale()) > MOST_DIGITS) {
      throw new Untranslatable("remainder of decimals that have no common type");
    }
    return cast(text, type);
  }
}
