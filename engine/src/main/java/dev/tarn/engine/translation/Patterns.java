package dev.tarn.engine.translation;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Like;
import org.apache.spark.sql.catalyst.expressions.LikeAll;
import org.apache.spark.sql.catalyst.expressions.LikeAny;
import org.apache.spark.sql.catalyst.expressions.NotLikeAll;
import org.apache.spark.sql.catalyst.expressions.NotLikeAny;
import org.apache.spark.sql.catalyst.expressions.RLike;
import org.apache.spark.sql.catalyst.expressions.RegExpExtract;
import org.apache.spark.sql.catalyst.expressions.RegExpReplace;
import org.apache.spark.sql.catalyst.expressions.StringSplit;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/** LIKE, and regular expressions of a language that Java and RE2 read alike. */
final class Patterns {
  /** What Java's point and {@code $} hold for the end of a line, of which RE2 knows one. */
  private static final String LINE_ENDS = "\\n\\r\\x{85}\\x{2028}\\x{2029}";

  private Patterns() {}

  static void lines(Functions table) {
    table.line(Like.class, Patterns::like);
    table.line(LikeAny.class, (e, to) -> any(e.child(), e.patterns(), "", " OR ", to));
    table.line(LikeAll.class, (e, to) -> any(e.child(), e.patterns(), "", " AND ", to));
    table.line(NotLikeAny.class, (e, to) -> any(e.child(), e.patterns(), "NOT ", " OR ", to));
    table.line(NotLikeAll.class, (e, to) -> any(e.child(), e.patterns(), "NOT ", " AND ", to));
    table.line(RLike.class, Patterns::matches);
    table.line(RegExpReplace.class, Patterns::replace);
    table.line(RegExpExtract.class, Patterns::extract);
    table.line(StringSplit.class, Patterns::split);
  }

  private static String like(Like e, Expressions to) {
    String pattern =
        Constants.text(e.right())
            .orElseThrow(() -> new Untranslatable("LIKE with a pattern that is no literal"));
    return like(e.left(), pattern, e.escapeChar(), to);
  }

  private static String like(Expression value, String pattern, char escape, Expressions to) {
    if (!(value.dataType() instanceof StringType)) {
      throw new Untranslatable("LIKE on type " + value.dataType().typeName());
    }
    DuckTypes.duck(value.dataType());
    return "("
        + to.sql(value)
        + " LIKE "
        + Literals.text(pattern)
        + (escapes(pattern, escape) ? " ESCAPE " + Literals.text(String.valueOf(escape)) : "")
        + ")";
  }

  private static String any(
      Expression value,
      scala.collection.immutable.Seq<UTF8String> patterns,
      String not,
      String operator,
      Expressions to) {
    List<UTF8String> all = CollectionConverters.asJava(patterns);
    return all.stream()
        .map(
            pattern -> {
              if (pattern == null) {
                throw new Untranslatable("LIKE with a null pattern");
              }
              return "(" + not + like(value, pattern.toString(), '\\', to) + ")";
            })
        .collect(Collectors.joining(operator, "(", ")"));
  }

  /**
   * Whether the escape character is used; Spark refuses it before anything that needs no escape.
   */
  private static boolean escapes(String pattern, char escape) {
    boolean found = false;
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == escape) {
        found = true;
        i++;
        if (i == pattern.length()
            || "_%".indexOf(pattern.charAt(i)) < 0 && pattern.charAt(i) != escape) {
          throw new Untranslatable("LIKE with an escape of an ordinary character");
        }
      }
    }
    return found;
  }

  private static String matches(RLike e, Expressions to) {
    String pattern =
        Constants.text(e.right())
            .orElseThrow(() -> new Untranslatable("RLIKE with a pattern that is no literal"));
    DuckTypes.duck(e.left().dataType());
    return "regexp_matches("
        + to.sql(e.left())
        + ", "
        + Literals.text(translated(pattern, false))
        + ")";
  }

  private static String pattern(Expression e) {
    return Constants.text(e)
        .orElseThrow(() -> new Untranslatable("a regular expression that is no literal"));
  }

  /**
   * Both take the first alternative that matches, and as much or as little as the operators say.
   */
  private static String replace(RegExpReplace e, Expressions to) {
    String pattern = pattern(e.regexp());
    String by = Constants.text(e.rep()).orElse("$");
    if (by.indexOf('$') >= 0
        || by.indexOf('\\') >= 0
        || !Constants.of(e.pos()).filter(Integer.valueOf(1)::equals).isPresent()) {
      throw new Untranslatable("regexp_replace by what is no plain text");
    }
    String re2 = consuming(pattern);
    return "regexp_replace("
        + to.sql(e.subject())
        + ", "
        + Literals.text(re2)
        + ", "
        + Literals.text(by)
        + ", 'g')";
  }

  private static String extract(RegExpExtract e, Expressions to) {
    if (!(Constants.of(e.idx()).orElse(null) instanceof Integer group) || group < 0 || group > 9) {
      throw new Untranslatable("regexp_extract of a group that is no literal");
    }
    String re2 = consuming(pattern(e.regexp()));
    return "regexp_extract(" + to.sql(e.subject()) + ", " + Literals.text(re2) + ", " + group + ")";
  }

  /**
   * A pattern whose match itself is asked for: it must not be empty nor end at the end of a line.
   */
  private static String consuming(String pattern) {
    if (pattern.endsWith("$") || java.util.regex.Pattern.matches(pattern, "")) {
      throw refused();
    }
    return translated(pattern, true);
  }

  private static String split(StringSplit e, Expressions to) {
    String pattern = pattern(e.regex());
    boolean escaped = pattern.length() == 2 && pattern.charAt(0) == '\\';
    String by = escaped ? pattern.substring(1) : pattern;
    if (by.isEmpty()
        || !by.chars().allMatch(c -> c < 128 && !Character.isLetterOrDigit(c) && c != '\\')
        || !escaped && by.chars().anyMatch(c -> ".*+?()[]{}|^$".indexOf(c) >= 0)
        || !Constants.of(e.limit()).filter(n -> (Integer) n <= 0).isPresent()) {
      throw new Untranslatable("split by a regular expression");
    }
    return "string_split(" + to.sql(e.str()) + ", " + Literals.text(by) + ")";
  }

  /**
   * Whether there is a match is a question of the language alone, so every operator of both is
   * allowed.
   */
  private static String translated(String pattern, boolean groups) {
    StringBuilder re2 = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
        re2.append(escaped(i < pattern.length() ? pattern.charAt(i) : ' '));
      } else if (c == '[') {
        int end = pattern.indexOf(']', i + 2);
        re2.append(set(end < 0 ? "" : pattern.substring(i + 1, end)));
        i = end;
      } else if (c == '.') {
        re2.append("[^").append(LINE_ENDS).append(']');
      } else if (c == '$' && i == pattern.length() - 1) {
        re2.append("(?:\\r\\n|[").append(LINE_ENDS).append("])?\\z");
      } else if (c == '^' && i == 0 || "|)*+?-_/:,@%&=<>!#'\"~`; ".indexOf(c) >= 0 || plain(c)) {
        possessive(pattern, i);
        re2.append(c);
      } else if (c == '(' && (i + 1 == pattern.length() || pattern.charAt(i + 1) != '?')) {
        re2.append(groups ? "(" : "(?:");
      } else if (c == '{') {
        int end = pattern.indexOf('}', i);
        String count = end < 0 ? "" : pattern.substring(i, end + 1);
        if (!count.matches("\\{[0-9]{1,2}(,[0-9]{0,2})?\\}")) {
          throw refused();
        }
        re2.append(count);
        i = end;
        possessive(pattern, i);
      } else {
        throw refused();
      }
    }
    if (pattern.contains("|") && (pattern.startsWith("^") || pattern.endsWith("$"))) {
      // The anchor then belongs to one of the alternatives, which the rewriting would not keep
      // apart.
      throw refused();
    }
    return re2.toString();
  }

  private static void possessive(String pattern, int at) {
    if ("*+?}".indexOf(pattern.charAt(at)) >= 0
        && at + 1 < pattern.length()
        && "+*".indexOf(pattern.charAt(at + 1)) >= 0) {
      throw refused();
    }
  }

  private static boolean plain(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  private static String escaped(char c) {
    if ("dDwW.\\*+?()[]{}|^$-/".indexOf(c) < 0) {
      throw refused();
    }
    return "\\" + c;
  }

  /**
   * The inside of a set: letters, digits, ranges of them, and marks that mean themselves in both.
   */
  private static String set(String inside) {
    if (!inside.matches("\\^?([a-zA-Z0-9]-[a-zA-Z0-9]|[a-zA-Z0-9 _.,:;/@#%]|\\\\[dw])+-?")) {
      throw refused();
    }
    return "[" + inside + "]";
  }

  private static Untranslatable refused() {
    return new Untranslatable("a regular expression that Java and RE2 may read differently");
  }
}
