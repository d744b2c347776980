package dev.tarn.engine.translation;

import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.MonthsBetween;
import org.apache.spark.sql.catalyst.expressions.TimestampAdd;
import org.apache.spark.sql.catalyst.expressions.TimestampAddInterval;
import org.apache.spark.sql.catalyst.expressions.TimestampAddYMInterval;
import org.apache.spark.sql.catalyst.expressions.TimestampDiff;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.TimestampNTZType;

/** Moments moved by an interval, and the whole units between two of them. */
final class Shifts {
  private static final long DAY = 86_400_000_000L;

  private static final Map<String, Long> CLOCK =
      Map.of(
          "MICROSECOND",
          1L,
          "MILLISECOND",
          1000L,
          "SECOND",
          1_000_000L,
          "MINUTE",
          60_000_000L,
          "HOUR",
          3_600_000_000L);

  private static final Map<String, Integer> DAYS = Map.of("DAY", 1, "DAYOFYEAR", 1, "WEEK", 7);

  private static final Map<String, Integer> MONTHS = Map.of("MONTH", 1, "QUARTER", 3, "YEAR", 12);

  private Shifts() {}

  static void lines(Functions table) {
    table.line(TimestampAdd.class, Shifts::add);
    table.line(TimestampDiff.class, Shifts::between);
    table.line(TimestampAddInterval.class, Shifts::addInterval);
    table.line(
        TimestampAddYMInterval.class,
        (e, to) -> local(e, e.timestamp(), "to_months(" + to.sql(e.interval()) + ")", to));
    table.line(MonthsBetween.class, Shifts::monthsBetween);
  }

  private static String add(TimestampAdd e, Expressions to) {
    String unit = e.unit().toUpperCase(Locale.ROOT);
    String quantity = to.sql(e.quantity());
    if (CLOCK.containsKey(unit)) {
      return elapsed(e.timestamp(), "multiply(" + quantity + ", " + CLOCK.get(unit) + ")", to);
    }
    if (DAYS.containsKey(unit)) {
      String days = "multiply(CAST(" + quantity + " AS INTEGER), " + DAYS.get(unit) + ")";
      return local(e, e.timestamp(), "to_days(" + days + ")", to);
    }
    if (MONTHS.containsKey(unit)) {
      String months = "multiply(CAST(" + quantity + " AS INTEGER), " + MONTHS.get(unit) + ")";
      return local(e, e.timestamp(), "to_months(" + months + ")", to);
    }
    throw new Untranslatable("timestampadd of " + unit);
  }

  /** On the clock, whatever the zone does meanwhile. */
  private static String elapsed(Expression time, String micros, Expressions to) {
    String function =
        time.dataType() instanceof TimestampNTZType ? "make_timestamp" : "make_timestamptz";
    return function + "(add(epoch_us(" + to.sql(time) + "), CAST(" + micros + " AS BIGINT)))";
  }

  /** On the calendar: Java then keeps the offset where it can, DuckDB does not. */
  private static String local(Expression e, Expression time, String interval, Expressions to) {
    DataType type = time.dataType();
    String moved = "(" + Times.local(time, to) + " + " + interval + ")";
    return type instanceof TimestampNTZType ? moved : Times.onlyMoment(e, moved, to);
  }

  private static String addInterval(TimestampAddInterval e, Expressions to) {
    if (!(e.interval().dataType() instanceof DayTimeIntervalType)) {
      throw new Untranslatable("an interval of months and days");
    }
    if (e.start().dataType() instanceof TimestampNTZType || Times.fixed(to)) {
      return elapsed(e.start(), to.sql(e.interval()), to);
    }
    if (!(Constants.of(e.interval()).orElse(null) instanceof Long micros)) {
      throw new Untranslatable("an interval that is no literal in a zone that changes its clock");
    }
    if (micros % DAY == 0) {
      return local(e, e.start(), "to_days(CAST(" + micros / DAY + " AS INTEGER))", to);
    }
    if (micros / DAY == 0) {
      return elapsed(e.start(), String.valueOf(micros), to);
    }
    throw new Untranslatable("an interval of days and hours in a zone that changes its clock");
  }

  private static String between(TimestampDiff e, Expressions to) {
    String unit = e.unit().toUpperCase(Locale.ROOT);
    String from = Times.local(e.startTimestamp(), to);
    String until = Times.local(e.endTimestamp(), to);
    if (MONTHS.containsKey(unit)) {
      return "(CAST(" + months(from, until) + " AS BIGINT) // " + MONTHS.get(unit) + ")";
    }
    Long micros = DAYS.containsKey(unit) ? Long.valueOf(DAY * DAYS.get(unit)) : CLOCK.get(unit);
    if (micros == null) {
      throw new Untranslatable("timestampdiff in " + unit);
    }
    return "((epoch_us(" + until + ") - epoch_us(" + from + ")) // " + micros + ")";
  }

  private static String months(String from, String until) {
    String months =
        "((year("
            + until
            + ") - year("
            + from
            + ")) * 12 + month("
            + until
            + ") - month("
            + from
            + "))";
    String later = inMonth(until);
    String earlier = inMonth(from);
    return "CASE WHEN "
        + months
        + " > 0 AND "
        + later
        + " < "
        + earlier
        + " THEN "
        + months
        + " - 1 WHEN "
        + months
        + " < 0 AND "
        + later
        + " > "
        + earlier
        + " THEN "
        + months
        + " + 1 ELSE "
        + months
        + " END";
  }

  private static String inMonth(String local) {
    return "(epoch_us(" + local + ") - epoch_us(date_trunc('month', " + local + ")))";
  }

  private static String monthsBetween(MonthsBetween e, Expressions to) {
    boolean rounded = Constants.of(e.roundOff()).filter(Boolean.TRUE::equals).isPresent();
    if (!rounded || !Times.fixed(to)) {
      throw new Untranslatable("months_between of this form");
    }
    String a = Times.local(e.date1(), to);
    String b = Times.local(e.date2(), to);
    String months =
        "((year(" + a + ") - year(" + b + ")) * 12 + month(" + a + ") - month(" + b + "))";
    String seconds =
        "((day("
            + a
            + ") - day("
            + b
            + ")) * 86400 + "
            + secondOfDay(a)
            + " - "
            + secondOfDay(b)
            + ")";
    return "CASE WHEN day("
        + a
        + ") = day("
        + b
        + ") OR ("
        + lastDay(a)
        + " AND "
        + lastDay(b)
        + ") THEN CAST("
        + months
        + " AS DOUBLE) ELSE floor(("
        + months
        + " + "
        + seconds
        + " / CAST(2678400 AS DOUBLE)) * CAST(1E8 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(1E8 AS DOUBLE) END";
  }

  private static String secondOfDay(String local) {
    return "((epoch_us(" + local + ") - epoch_us(date_trunc('day', " + local + "))) // 1000000)";
  }

  private static String lastDay(String local) {
    return "(last_day(" + local + ") = CAST(" + local + " AS DATE))";
  }
}
