package dev.tarn.engine.translation;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.FromUnixTime;
import org.apache.spark.sql.catalyst.expressions.GetTimestamp;
import org.apache.spark.sql.catalyst.expressions.Hour;
import org.apache.spark.sql.catalyst.expressions.MicrosToTimestamp;
import org.apache.spark.sql.catalyst.expressions.MillisToTimestamp;
import org.apache.spark.sql.catalyst.expressions.Minute;
import org.apache.spark.sql.catalyst.expressions.Second;
import org.apache.spark.sql.catalyst.expressions.SecondWithFraction;
import org.apache.spark.sql.catalyst.expressions.SecondsToTimestamp;
import org.apache.spark.sql.catalyst.expressions.SubtractTimestamps;
import org.apache.spark.sql.catalyst.expressions.ToUnixTimestamp;
import org.apache.spark.sql.catalyst.expressions.TruncTimestamp;
import org.apache.spark.sql.catalyst.expressions.UnixMicros;
import org.apache.spark.sql.catalyst.expressions.UnixMillis;
import org.apache.spark.sql.catalyst.expressions.UnixSeconds;
import org.apache.spark.sql.catalyst.expressions.UnixTimestamp;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Functions of moments: DuckDB's connection is in the session's zone. */
final class Times {
  /** What is truncated in local time, by Spark's names; shorter units follow the clock. */
  private static final Map<String, String> DAYS =
      Map.ofEntries(
          Map.entry("YEAR", "year"),
          Map.entry("YYYY", "year"),
          Map.entry("YY", "year"),
          Map.entry("QUARTER", "quarter"),
          Map.entry("MONTH", "month"),
          Map.entry("MON", "month"),
          Map.entry("MM", "month"),
          Map.entry("WEEK", "week"),
          Map.entry("DAY", "day"),
          Map.entry("DD", "day"));

  private static final Map<String, Long> MICROS =
      Map.of(
          "HOUR",
          3_600_000_000L,
          "MINUTE",
          60_000_000L,
          "SECOND",
          1_000_000L,
          "MILLISECOND",
          1000L,
          "MICROSECOND",
          1L);

  private Times() {}

  static void lines(Functions table) {
    table.line(Hour.class, (e, to) -> part("hour", e, to));
    table.line(Minute.class, (e, to) -> part("minute", e, to));
    table.line(Second.class, (e, to) -> part("second", e, to));
    table.line(SecondWithFraction.class, Times::fraction);
    table.line(TruncTimestamp.class, Times::truncate);
    table.line(
        UnixSeconds.class, (e, to) -> floored("epoch_us(" + to.child(e, 1) + ")", 1_000_000));
    table.line(UnixMillis.class, (e, to) -> floored("epoch_us(" + to.child(e, 1) + ")", 1000));
    table.line(UnixMicros.class, "epoch_us($1)");
    table.line(MicrosToTimestamp.class, "make_timestamptz(CAST($1 AS BIGINT))");
    table.line(MillisToTimestamp.class, "make_timestamptz(CAST($1 AS BIGINT) * 1000)");
    table.line(SecondsToTimestamp.class, Times::ofSeconds);
    table.line(SubtractTimestamps.class, Times::subtract);
    table.line(GetTimestamp.class, Formats::parse);
    table.line(FromUnixTime.class, Formats::ofSeconds);
    table.line(UnixTimestamp.class, (e, to) -> seconds(e.timeExp(), to));
    table.line(ToUnixTimestamp.class, (e, to) -> seconds(e.timeExp(), to));
  }

  private static String ofSeconds(SecondsToTimestamp e, Expressions to) {
    if (!DuckTypes.integral(e.child().dataType())) {
      throw new Untranslatable("timestamp_seconds of type " + e.child().dataType().typeName());
    }
    return "make_timestamptz(CAST(" + to.sql(e.child()) + " AS BIGINT) * 1000000)";
  }

  /** Not rounded down: before 1970 these two functions of Spark round towards zero. */
  private static String seconds(Expression time, Expressions to) {
    if (!(time.dataType() instanceof TimestampType)) {
      throw new Untranslatable("unix_timestamp of type " + time.dataType().typeName());
    }
    return "(epoch_us(" + to.sql(time) + ") // 1000000)";
  }

  /** The quotient of a count of microseconds, rounded down. */
  static String floored(String micros, long unit) {
    return "("
        + micros
        + " // "
        + unit
        + " - CASE WHEN "
        + micros
        + " % "
        + unit
        + " < 0 THEN 1 ELSE 0 END)";
  }

  /** The local time of a date, a moment or a local time. */
  static String local(Expression e, Expressions to) {
    return local(to.sql(e), e.dataType());
  }

  static String local(String text, DataType type) {
    if (type instanceof TimestampNTZType) {
      return text;
    }
    if (type instanceof TimestampType || type instanceof DateType) {
      return "CAST(" + text + " AS TIMESTAMP)";
    }
    throw new Untranslatable("a time of type " + type.typeName());
  }

  private static String part(String part, Expression e, Expressions to) {
    return "CAST(" + part + "(" + local(e.children().apply(0), to) + ") AS INTEGER)";
  }

  private static String fraction(SecondWithFraction e, Expressions to) {
    String micros = "epoch_us(" + local(e.child(), to) + ")";
    long minute = MICROS.get("MINUTE");
    return Arithmetic.scaled(
        "((" + micros + " % " + minute + " + " + minute + ") % " + minute + ")",
        (DecimalType) e.dataType());
  }

  static boolean fixed(Expressions to) {
    try {
      return ZoneId.of(to.rules().timeZone()).getRules().isFixedOffset();
    } catch (DateTimeException e) {
      return false;
    }
  }

  /**
   * The moment of a local time. Java and DuckDB move what a change of the clock skips alike, but of
   * a time that comes twice Java takes the first, ICU the second: so the offset of a day before is
   * tried first.
   */
  static String moment(String local, Expressions to) {
    String moment = "CAST(" + local + " AS TIMESTAMPTZ)";
    if (fixed(to)) {
      return moment;
    }
    String first = first(local, moment);
    return "CASE WHEN CAST("
        + first
        + " AS TIMESTAMP) = "
        + local
        + " THEN "
        + first
        + " ELSE "
        + moment
        + " END";
  }

  private static String first(String local, String moment) {
    String before = "(" + moment + " - to_hours(24))";
    return "make_timestamptz(epoch_us("
        + local
        + ") + epoch_us("
        + before
        + ") - epoch_us(CAST("
        + before
        + " AS TIMESTAMP)))";
  }

  /** The moment of a local time that comes once, or that the clock skips. */
  static String onlyMoment(Expression e, String local, Expressions to) {
    String moment = "CAST(" + local + " AS TIMESTAMPTZ)";
    if (fixed(to)) {
      return moment;
    }
    String first = first(local, moment);
    return "CASE WHEN CAST("
        + first
        + " AS TIMESTAMP) = "
        + local
        + " AND "
        + first
        + " <> "
        + moment
        + " THEN "
        + to.otherwise(e, "a local time that comes twice")
        + " ELSE "
        + moment
        + " END";
  }

  private static String truncate(TruncTimestamp e, Expressions to) {
    String unit =
        Constants.text(e.format())
            .map(format -> format.toUpperCase(Locale.ROOT))
            .orElseThrow(() -> new Untranslatable("date_trunc to a unit that is no literal"));
    String local = "CAST(" + to.sql(e.timestamp()) + " AS TIMESTAMP)";
    if (DAYS.containsKey(unit)) {
      return moment("date_trunc('" + DAYS.get(unit) + "', " + local + ")", to);
    }
    if (!MICROS.containsKey(unit)) {
      throw new Untranslatable("date_trunc to this unit");
    }
    long micros = MICROS.get(unit);
    String rest = "((epoch_us(" + local + ") % " + micros + " + " + micros + ") % " + micros + ")";
    String moment = "make_timestamptz(epoch_us(" + to.sql(e.timestamp()) + ") - " + rest + ")";
    return "CASE WHEN CAST("
        + moment
        + " AS TIMESTAMP) <> make_timestamp(epoch_us("
        + local
        + ") - "
        + rest
        + ") THEN "
        + to.otherwise(e, "the clock changes within the hour")
        + " ELSE "
        + moment
        + " END";
  }

  /** Spark counts the difference of local times. */
  private static String subtract(SubtractTimestamps e, Expressions to) {
    return "(epoch_us(" + local(e.left(), to) + ") - epoch_us(" + local(e.right(), to) + "))";
  }
}
