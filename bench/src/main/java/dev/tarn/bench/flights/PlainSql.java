package dev.tarn.bench.flights;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.util.StringUtils;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The example's SQL in what plain spark-pipelines understands: no OR REFRESH, no expectations, and
 * views in place of {@code read_kafka} and {@code read_files}. An expectation that drops rows
 * becomes a filter, so that both sides write the same rows; others are left out.
 */
final class PlainSql {
  private static final Pattern COMMENT_LINE = Pattern.compile("(?m)^\\s*--.*\n");
  private static final Pattern KAFKA = Pattern.compile("STREAM read_kafka\\([^)]*\\)");
  private static final Pattern FILES =
      Pattern.compile("STREAM read_files\\(\\s*'/Volumes/main/flights/landing/(\\w+)/'[^)]*\\)");
  private static final Pattern CONSTRAINT = Pattern.compile("CONSTRAINT \\w+ EXPECT \\(");
  private static final Pattern DROPS = Pattern.compile("\\s*ON VIOLATION DROP ROW");

  private PlainSql() {}

  static String of(String databricks) {
    String sql = COMMENT_LINE.matcher(databricks).replaceAll("");
    sql = sql.replace("CREATE OR REFRESH ", "CREATE ");
    sql = KAFKA.matcher(sql).replaceAll("STREAM(" + PlainPipelines.EVENTS + ")");
    sql = FILES.matcher(sql).replaceAll("STREAM($1" + PlainPipelines.FILES + ")");
    StringBuilder plain = new StringBuilder();
    for (String statement :
        CollectionConverters.asJava(StringUtils.splitSemiColonWithIndex(sql, false))) {
      if (!statement.isBlank()) {
        plain.append(withoutExpectations(statement)).append(";\n");
      }
    }
    return plain.toString();
  }

  private static String withoutExpectations(String statement) {
    Matcher constraint = CONSTRAINT.matcher(statement);
    if (!constraint.find()) {
      return statement;
    }
    int list = statement.lastIndexOf('(', constraint.start() - 1);
    int listEnd = closing(statement, list);
    List<String> filters = new ArrayList<>();
    do {
      int open = constraint.end() - 1;
      int close = closing(statement, open);
      Matcher drops = DROPS.matcher(statement).region(close + 1, listEnd);
      if (drops.lookingAt()) {
        filters.add(statement.substring(open, close + 1));
      }
    } while (constraint.find());
    String rest = statement.substring(0, list) + statement.substring(listEnd + 1);
    if (filters.isEmpty()) {
      return rest;
    }
    int query = rest.indexOf("AS SELECT") + "AS ".length();
    return rest.substring(0, query)
        + "SELECT * FROM ("
        + rest.substring(query).strip()
        + "\n) WHERE "
        + String.join(" AND ", filters);
  }

  /** Where the parenthesis closes that opens here; quotes are skipped. */
  private static int closing(String text, int open) {
    int depth = 0;
    boolean quoted = false;
    for (int at = open; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')' && --depth == 0) {
        return at;
      }
    }
    throw new IllegalArgumentException("A parenthesis is not closed: " + text);
  }
}
