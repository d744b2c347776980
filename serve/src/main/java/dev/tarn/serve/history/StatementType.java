package dev.tarn.serve.history;

import java.util.Locale;
import java.util.Set;

/** What kind of statement a text is, told by its first word. */
final class StatementType {
  private static final Set<String> KNOWN =
      Set.of(
          "ALTER",
          "ANALYZE",
          "COPY",
          "CREATE",
          "DELETE",
          "DESCRIBE",
          "DROP",
          "EXPLAIN",
          "GRANT",
          "INSERT",
          "MERGE",
          "OPTIMIZE",
          "REFRESH",
          "REPLACE",
          "REVOKE",
          "SELECT",
          "SET",
          "SHOW",
          "TRUNCATE",
          "UPDATE",
          "USE");
  private static final Set<String> QUERIES = Set.of("WITH", "VALUES", "FROM", "TABLE");

  private StatementType() {}

  static String of(String text) {
    int at = begin(text);
    int end = at;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    String word = text.substring(at, end).toUpperCase(Locale.ROOT);
    if (QUERIES.contains(word)) {
      return "SELECT";
    }
    return word.equals("DESC") ? "DESCRIBE" : KNOWN.contains(word) ? word : "OTHER";
  }

  /** Where the first word begins, after white space, brackets and comments. */
  private static int begin(String text) {
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '(') {
        at++;
      } else if (text.startsWith("--", at)) {
        at = after(text, "\n", at);
      } else if (text.startsWith("/*", at)) {
        at = after(text, "*/", at + 2);
      } else {
        return at;
      }
    }
    return at;
  }

  private static int after(String text, String end, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }
}
