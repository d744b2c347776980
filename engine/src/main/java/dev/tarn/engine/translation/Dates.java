package dev.tarn.engine.translation;

import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.AddMonths;
import org.apache.spark.sql.catalyst.expressions.DateAdd;
import org.apache.spark.sql.catalyst.expressions.DateAddYMInterval;
import org.apache.spark.sql.catalyst.expressions.DateDiff;
import org.apache.spark.sql.catalyst.expressions.DateFormatClass;
import org.apache.spark.sql.catalyst.expressions.DateFromUnixDate;
import org.apache.spark.sql.catalyst.expressions.DateSub;
import org.apache.spark.sql.catalyst.expressions.DayOfMonth;
import org.apache.spark.sql.catalyst.expressions.DayOfWeek;
import org.apache.spark.sql.catalyst.expressions.DayOfYear;
import org.apache.spark.sql.catalyst.expressions.LastDay;
import org.apache.spark.sql.catalyst.expressions.MakeDate;
import org.apache.spark.sql.catalyst.expressions.Month;
import org.apache.spark.sql.catalyst.expressions.Quarter;
import org.apache.spark.sql.catalyst.expressions.SubtractDates;
import org.apache.spark.sql.catalyst.expressions.TruncDate;
import org.apache.spark.sql.catalyst.expressions.UnixDate;
import org.apache.spark.sql.catalyst.expressions.WeekDay;
import org.apache.spark.sql.catalyst.expressions.WeekOfYear;
import org.apache.spark.sql.catalyst.expressions.Year;
import org.apache.spark.sql.catalyst.expressions.YearOfWeek;

/** Functions of days: Spark has cast their arguments to dates in the session's zone. */
final class Dates {
  private static final Map<String, String> UNITS =
      Map.of(
          "YEAR", "year", "YYYY", "year", "YY", "year", "QUARTER", "quarter", "MONTH", "month",
          "MON", "month", "MM", "month", "WEEK", "week");

  private Dates() {}

  static void lines(Functions table) {
    table.line(Year.class, "CAST(year($1) AS INTEGER)");
    table.line(Quarter.class, "CAST(quarter($1) AS INTEGER)");
    table.line(Month.class, "CAST(month($1) AS INTEGER)");
    table.line(DayOfMonth.class, "CAST(day($1) AS INTEGER)");
    table.line(DayOfYear.class, "CAST(dayofyear($1) AS INTEGER)");
    table.line(DateAdd.class, "($1 + CAST($2 AS INTEGER))");
    table.line(DateSub.class, "($1 - CAST($2 AS INTEGER))");
    table.line(DateDiff.class, "CAST($1 - $2 AS INTEGER)");
    table.line(AddMonths.class, "CAST($1 + to_months($2) AS DATE)");
    table.line(DateAddYMInterval.class, "CAST($1 + to_months($2) AS DATE)");
    table.line(DayOfWeek.class, "CAST(dayofweek($1) + 1 AS INTEGER)");
    table.line(WeekDay.class, "CAST(isodow($1) - 1 AS INTEGER)");
    table.line(WeekOfYear.class, "CAST(weekofyear($1) AS INTEGER)");
    table.line(YearOfWeek.class, "CAST(isoyear($1) AS INTEGER)");
    table.line(LastDay.class, "last_day($1)");
    table.line(UnixDate.class, "CAST($1 - DATE '1970-01-01' AS INTEGER)");
    table.line(DateFromUnixDate.class, "(DATE '1970-01-01' + $1)");
    table.line(MakeDate.class, Dates::make);
    table.line(TruncDate.class, Dates::truncate);
    table.line(DateFormatClass.class, Formats::write);
    table.line(SubtractDates.class, "(CAST($1 - $2 AS BIGINT) * 86400000000)");
  }

  private static String make(MakeDate e, Expressions to) {
    if (!e.failOnError()) {
      throw Expressions.unknown(e);
    }
    return "make_date(" + String.join(", ", to.children(e)) + ")";
  }

  private static String truncate(TruncDate e, Expressions to) {
    String unit =
        Constants.text(e.format())
            .map(format -> UNITS.get(format.toUpperCase(Locale.ROOT)))
            .orElseThrow(() -> new Untranslatable("trunc to this unit"));
    return "CAST(date_trunc('" + unit + "', " + to.sql(e.date()) + ") AS DATE)";
  }
}
