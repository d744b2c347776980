package dev.tarn.engine.translation;

import org.apache.spark.sql.catalyst.expressions.AddMonths;
import org.apache.spark.sql.catalyst.expressions.DateAdd;
import org.apache.spark.sql.catalyst.expressions.DateAddYMInterval;
import org.apache.spark.sql.catalyst.expressions.DateDiff;
import org.apache.spark.sql.catalyst.expressions.DateSub;
import org.apache.spark.sql.catalyst.expressions.DayOfMonth;
import org.apache.spark.sql.catalyst.expressions.DayOfYear;
import org.apache.spark.sql.catalyst.expressions.Month;
import org.apache.spark.sql.catalyst.expressions.Quarter;
import org.apache.spark.sql.catalyst.expressions.Year;

/** Functions of days: Spark has cast their arguments to dates in the session's zone. */
final class Dates {
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
  }
}
