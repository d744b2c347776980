package dev.tarn.engine.translation;

import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Concat;
import org.apache.spark.sql.catalyst.expressions.Contains;
import org.apache.spark.sql.catalyst.expressions.EndsWith;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Length;
import org.apache.spark.sql.catalyst.expressions.Like;
import org.apache.spark.sql.catalyst.expressions.Lower;
import org.apache.spark.sql.catalyst.expressions.StartsWith;
import org.apache.spark.sql.catalyst.expressions.StringTrim;
import org.apache.spark.sql.catalyst.expressions.StringTrimLeft;
import org.apache.spark.sql.catalyst.expressions.StringTrimRight;
import org.apache.spark.sql.catalyst.expressions.Substring;
import org.apache.spark.sql.catalyst.expressions.Upper;
import org.apache.spark.sql.types.StringType;
import scala.Option;

/** Functions of strings: both sides count code points. */
final class Strings {
  private Strings() {}

  static void lines(Functions table) {
    table.line(Like.class, Strings::like);
    table.line(Concat.class, Strings::concat);
    table.line(Substring.class, Strings::substring);
    table.line(Upper.class, (e, to) -> ascii("upper", e, to));
    table.line(Lower.class, (e, to) -> ascii("lower", e, to));
    table.line(Length.class, (e, to) -> strings(e, "CAST(length($) AS INTEGER)", to));
    table.line(StartsWith.class, "starts_with($1, $2)");
    table.line(EndsWith.class, "ends_with($1, $2)");
    table.line(Contains.class, "contains($1, $2)");
    table.line(StringTrim.class, (e, to) -> trim("trim", e.srcStr(), e.trimStr(), to));
    table.line(StringTrimLeft.class, (e, to) -> trim("ltrim", e.srcStr(), e.trimStr(), to));
    table.line(StringTrimRight.class, (e, to) -> trim("rtrim", e.srcStr(), e.trimStr(), to));
  }

  private static void string(Expression e) {
    if (!(e.dataType() instanceof StringType)) {
      throw new Untranslatable("a function of strings on type " + e.dataType().typeName());
    }
    DuckTypes.duck(e.dataType());
  }

  /** One child, which must be a string. */
  private static String strings(Expression e, String form, Expressions to) {
    string(e.children().apply(0));
    return form.replace("$", to.child(e, 1));
  }

  /** Java and DuckDB map the letters of other scripts by other tables. */
  private static String ascii(String function, Expression e, Expressions to) {
    string(e);
    String text = to.child(e, 1);
    return "CASE WHEN length("
        + text
        + ") <> strlen("
        + text
        + ") THEN "
        + Expressions.fallback(function + " of letters outside ASCII")
        + " ELSE "
        + function
        + "("
        + text
        + ") END";
  }

  private static String like(Like e, Expressions to) {
    Optional<String> pattern = Constants.text(e.right());
    if (pattern.isEmpty()) {
      throw new Untranslatable("LIKE with a pattern that is no literal");
    }
    string(e.left());
    boolean escapes = escapes(pattern.get(), e.escapeChar());
    return "("
        + to.sql(e.left())
        + " LIKE "
        + Literals.text(pattern.get())
        + (escapes ? " ESCAPE " + Literals.text(String.valueOf(e.escapeChar())) : "")
        + ")";
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

  private static String concat(Concat e, Expressions to) {
    string(e);
    if (e.children().isEmpty()) {
      return "''";
    }
    return to.children(e).stream().collect(Collectors.joining(" || ", "(", ")"));
  }

  private static String substring(Substring e, Expressions to) {
    string(e.str());
    String at = to.sql(e.pos());
    String position =
        e.pos().foldable() ? at : "CASE WHEN " + at + " = 0 THEN 1 ELSE " + at + " END";
    if (Constants.of(e.pos()).filter(Integer.valueOf(0)::equals).isPresent()) {
      position = "1";
    }
    String length = to.sql(e.len());
    boolean positive = Constants.of(e.len()).filter(v -> (Integer) v >= 0).isPresent();
    return "substring("
        + to.sql(e.str())
        + ", "
        + position
        + ", "
        + (positive ? length : "CASE WHEN " + length + " < 0 THEN 0 ELSE " + length + " END")
        + ")";
  }

  private static String trim(
      String function, Expression source, Option<Expression> characters, Expressions to) {
    string(source);
    return function
        + "("
        + to.sql(source)
        + ", "
        + (characters.isDefined() ? to.sql(characters.get()) : "' '")
        + ")";
  }
}
