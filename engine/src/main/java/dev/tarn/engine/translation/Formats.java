package dev.tarn.engine.translation;

import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.DateFormatClass;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.FromUnixTime;
import org.apache.spark.sql.catalyst.expressions.GetTimestamp;
import org.apache.spark.sql.types.TimestampNTZType;

/** Patterns of dates, where both sides write and read them alike. */
final class Formats {
  private static final Map<String, String> WRITTEN =
      Map.ofEntries(
          Map.entry("y", "%Y"),
          Map.entry("yyyy", "%Y"),
          Map.entry("yy", "%y"),
          Map.entry("M", "%-m"),
          Map.entry("MM", "%m"),
          Map.entry("MMM", "%b"),
          Map.entry("MMMM", "%B"),
          Map.entry("d", "%-d"),
          Map.entry("dd", "%d"),
          Map.entry("E", "%a"),
          Map.entry("EE", "%a"),
          Map.entry("EEE", "%a"),
          Map.entry("EEEE", "%A"),
          Map.entry("H", "%-H"),
          Map.entry("HH", "%H"),
          Map.entry("h", "%-I"),
          Map.entry("hh", "%I"),
          Map.entry("a", "%p"),
          Map.entry("m", "%-M"),
          Map.entry("mm", "%M"),
          Map.entry("s", "%-S"),
          Map.entry("ss", "%S"),
          Map.entry("SSS", "%g"),
          Map.entry("SSSSSS", "%f"),
          Map.entry("D", "%-j"),
          Map.entry("DDD", "%j"));

  /** Formats that are read: each digit must be there. */
  private static final Map<String, String> READ =
      Map.of(
          "yyyy-MM-dd", "[0-9]{4}-[0-9]{2}-[0-9]{2}",
          "yyyy/MM/dd", "[0-9]{4}/[0-9]{2}/[0-9]{2}",
          "yyyyMMdd", "[0-9]{8}",
          "dd/MM/yyyy", "[0-9]{2}/[0-9]{2}/[0-9]{4}",
          "MM/dd/yyyy", "[0-9]{2}/[0-9]{2}/[0-9]{4}",
          "dd.MM.yyyy", "[0-9]{2}[.][0-9]{2}[.][0-9]{4}",
          "yyyy-MM-dd HH:mm:ss", "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}");

  private Formats() {}

  static String write(DateFormatClass e, Expressions to) {
    return written(e, Times.local(e.left(), to), pattern(e.right()), to);
  }

  static String ofSeconds(FromUnixTime e, Expressions to) {
    String moment = "make_timestamptz(multiply(" + to.sql(e.sec()) + ", 1000000))";
    return written(e, "CAST(" + moment + " AS TIMESTAMP)", pattern(e.format()), to);
  }

  private static String written(Expression e, String local, String pattern, Expressions to) {
    return "CASE WHEN year("
        + local
        + ") NOT BETWEEN 1000 AND 9999 THEN "
        + to.otherwise(e, "date_format of a year that has not four digits")
        + " ELSE strftime("
        + local
        + ", "
        + Literals.text(written(pattern))
        + ") END";
  }

  private static String pattern(Expression e) {
    return Constants.text(e)
        .orElseThrow(() -> new Untranslatable("a date pattern that is no literal"));
  }

  private static String written(String pattern) {
    StringBuilder format = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      int end = at + 1;
      if (Character.isLetter(c)) {
        while (end < pattern.length() && pattern.charAt(end) == c) {
          end++;
        }
        String token = WRITTEN.get(pattern.substring(at, end));
        if (token == null) {
          throw new Untranslatable("date pattern " + pattern.substring(at, end));
        }
        format.append(token);
      } else if (" -/.:,_".indexOf(c) >= 0) {
        format.append(c);
      } else {
        throw new Untranslatable("a date pattern with '" + c + "'");
      }
      at = end;
    }
    return format.toString();
  }

  static String parse(GetTimestamp e, Expressions to) {
    String pattern = pattern(e.right());
    if (!READ.containsKey(pattern) || !e.failOnError()) {
      throw new Untranslatable("a date read by this pattern");
    }
    String text = to.sql(e.left());
    String local = "strptime(" + text + ", '" + written(pattern) + "')";
    return "CASE WHEN regexp_full_match("
        + text
        + ", '"
        + READ.get(pattern)
        + "') THEN "
        + (e.dataType() instanceof TimestampNTZType ? local : Times.moment(local, to))
        + " WHEN "
        + text
        + " IS NULL THEN NULL ELSE "
        + to.otherwise(e, "a date in another form")
        + " END";
  }
}
