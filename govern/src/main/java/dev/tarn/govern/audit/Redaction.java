package dev.tarn.govern.audit;

import dev.tarn.kernel.error.TarnException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps secrets, tokens and values of rows out of the audit log. */
public final class Redaction {
  private static final int LONGEST = 2_000;
  private static final int LONGEST_NAME = 100;
  private static final int MOST_PARAMETERS = 60;
  private static final String HIDDEN = "[REDACTED]";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(password|secret|credential|authorization|assertion|signature|private|passphrase"
              + "|access_?key|account_?key|api_?key|sas|bearer|jwt|cookie).*"
              + "|(?i)(.*_)?token(_value)?|code|code_verifier|sig|content|contents|data|body");

  /** Ids of secrets and tokens are none, and the log is of little use without them. */
  private static final Pattern NO_SECRET =
      Pattern.compile("(?i).*_(id|name|type|count)|page_token|next_page_token");

  private static final Pattern ERROR_CLASS = Pattern.compile("\\[[A-Z][A-Z0-9_.]+]");
  private static final Pattern REFUSED = Pattern.compile("^([A-Z_]+: )?PERMISSION_DENIED");

  private static final Pattern TOKEN =
      Pattern.compile("(dapi|dose|eyJ)[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]*){0,2}");
  private static final Pattern TOKEN_IN_URL = Pattern.compile("(://)[^/@\\s]*@");

  private Redaction() {}

  /** The parameters of a call without what is secret in them, and no longer than need be. */
  static Map<String, String> parameters(Map<String, String> parameters) {
    Map<String, String> shown = new TreeMap<>();
    parameters.forEach(
        (name, value) -> {
          if (value != null && shown.size() < MOST_PARAMETERS) {
            shown.put(cut(masked(name), LONGEST_NAME), isSecret(name) ? HIDDEN : text(value));
          }
        });
    return shown;
  }

  private static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).matches() && !NO_SECRET.matcher(name).matches();
  }

  /** A text in which nobody finds a token; null stays null. */
  static String text(String text) {
    return text == null ? null : cut(masked(cut(text, LONGEST + LONGEST)), LONGEST);
  }

  private static String masked(String text) {
    boolean nothing =
        text.indexOf("dapi") < 0
            && text.indexOf("dose") < 0
            && text.indexOf("eyJ") < 0
            && text.indexOf("://") < 0;
    return nothing
        ? text
        : TOKEN_IN_URL.matcher(TOKEN.matcher(text).replaceAll("$1***")).replaceAll("$1***@");
  }

  private static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest - 1) + '…' : text;
  }

  /**
   * Why a statement failed: who was refused what, in full; else its class alone, since the rest of
   * the message may hold values.
   */
  public static String failure(TarnException failure) {
    return switch (failure.code()) {
      case PERMISSION_DENIED, UNAUTHENTICATED, CANCELLED, TEMPORARILY_UNAVAILABLE ->
          failure.code().name() + ": " + failure.getMessage();
      default -> failure.code().name() + ": " + failure(failure.getMessage());
    };
  }

  /** As {@link #failure(TarnException)}, of what only a message is known of. */
  public static String failure(String message) {
    if (message != null && REFUSED.matcher(message).find()) {
      return message;
    }
    Matcher named = message == null ? null : ERROR_CLASS.matcher(message);
    return named != null && named.find() ? named.group() : "The statement failed.";
  }

  /**
   * The text of a statement without its literals, which may be values of rows: each is a question
   * mark. Comments go, since they may hold anything.
   */
  public static String sql(String statement) {
    if (statement == null) {
      return null;
    }
    String sql = cut(statement, LONGEST + LONGEST);
    StringBuilder shown = new StringBuilder(sql.length());
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '\'' || c == '"') {
        i = afterQuoted(sql, i, c);
        shown.append('?');
      } else if (c == '`') {
        int end = afterQuoted(sql, i, c);
        shown.append(sql, i, end);
        i = end;
      } else if (sql.startsWith("--", i)) {
        i = endOf(sql, i, "\n");
      } else if (sql.startsWith("/*", i)) {
        i = endOf(sql, i, "*/");
      } else if (Character.isDigit(c) && !inName(shown)) {
        i = afterNumber(sql, i);
        shown.append('?');
      } else if (c == '$' && sql.startsWith("$$", i)) {
        i = endOf(sql, i + 2, "$$");
        shown.append('?');
      } else {
        shown.append(c);
        i++;
      }
    }
    return shown.toString();
  }

  private static boolean inName(StringBuilder before) {
    if (before.isEmpty()) {
      return false;
    }
    char last = before.charAt(before.length() - 1);
    return Character.isLetterOrDigit(last) || last == '_' || last == '$';
  }

  private static int endOf(String sql, int from, String end) {
    int found = sql.indexOf(end, from);
    return found < 0 ? sql.length() : found + end.length();
  }

  /** A backslash takes the next character along; a text that does not end takes all the rest. */
  private static int afterQuoted(String sql, int from, char quote) {
    for (int i = from + 1; i < sql.length(); i++) {
      if (sql.charAt(i) == '\\' && quote != '`') {
        i++;
      } else if (sql.charAt(i) == quote) {
        return i + 1;
      }
    }
    return sql.length();
  }

  private static int afterNumber(String sql, int from) {
    int i = from;
    while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '.')) {
      i++;
    }
    return i;
  }
}
