package dev.tarn.engine.translation;

import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Ascii;
import org.apache.spark.sql.catalyst.expressions.BitLength;
import org.apache.spark.sql.catalyst.expressions.Chr;
import org.apache.spark.sql.catalyst.expressions.Concat;
import org.apache.spark.sql.catalyst.expressions.ConcatWs;
import org.apache.spark.sql.catalyst.expressions.Contains;
import org.apache.spark.sql.catalyst.expressions.EndsWith;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Hex;
import org.apache.spark.sql.catalyst.expressions.Length;
import org.apache.spark.sql.catalyst.expressions.Lower;
import org.apache.spark.sql.catalyst.expressions.Md5;
import org.apache.spark.sql.catalyst.expressions.OctetLength;
import org.apache.spark.sql.catalyst.expressions.Reverse;
import org.apache.spark.sql.catalyst.expressions.Sha1;
import org.apache.spark.sql.catalyst.expressions.Sha2;
import org.apache.spark.sql.catalyst.expressions.SplitPart;
import org.apache.spark.sql.catalyst.expressions.StartsWith;
import org.apache.spark.sql.catalyst.expressions.StringInstr;
import org.apache.spark.sql.catalyst.expressions.StringLPad;
import org.apache.spark.sql.catalyst.expressions.StringLocate;
import org.apache.spark.sql.catalyst.expressions.StringRPad;
import org.apache.spark.sql.catalyst.expressions.StringRepeat;
import org.apache.spark.sql.catalyst.expressions.StringReplace;
import org.apache.spark.sql.catalyst.expressions.StringSpace;
import org.apache.spark.sql.catalyst.expressions.StringTranslate;
import org.apache.spark.sql.catalyst.expressions.StringTrim;
import org.apache.spark.sql.catalyst.expressions.StringTrimLeft;
import org.apache.spark.sql.catalyst.expressions.StringTrimRight;
import org.apache.spark.sql.catalyst.expressions.Substring;
import org.apache.spark.sql.catalyst.expressions.Upper;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.util.CharVarcharCodegenUtils;
import org.apache.spark.sql.types.StringType;
import scala.Option;

/** Functions of strings: both sides count code points. */
final class Strings {
  private Strings() {}

  static void lines(Functions table) {
    table.line(Concat.class, Strings::concat);
    table.line(Substring.class, Strings::substring);
    table.line(Upper.class, (e, to) -> ascii("upper", e, to));
    table.line(Lower.class, (e, to) -> ascii("lower", e, to));
    table.line(Length.class, (e, to) -> strings(e, "CAST(length($) AS INTEGER)", to));
    table.line(StartsWith.class, "starts_with($1, $2)");
    table.line(EndsWith.class, "ends_with($1, $2)");
    table.line(Contains.class, "contains($1, $2)");
    table.line(StringReplace.class, Strings::replace);
    table.line(StringInstr.class, "CAST(instr($1, $2) AS INTEGER)");
    table.line(StringLocate.class, Strings::locate);
    table.line(StringLPad.class, (e, to) -> pad("lpad", e, to));
    table.line(StringRPad.class, (e, to) -> pad("rpad", e, to));
    table.line(StringRepeat.class, "repeat($1, $2)");
    table.line(StringSpace.class, "repeat(' ', $1)");
    table.line(Reverse.class, (e, to) -> ascii("reverse", e, to));
    table.line(StringTranslate.class, "translate($1, $2, $3)");
    table.line(ConcatWs.class, Strings::concatWs);
    table.line(SplitPart.class, Strings::splitPart);
    table.line(OctetLength.class, (e, to) -> strings(e, "CAST(strlen($) AS INTEGER)", to));
    table.line(BitLength.class, (e, to) -> strings(e, "CAST(strlen($) * 8 AS INTEGER)", to));
    table.line(Ascii.class, "CASE WHEN $1 = '' THEN 0 ELSE unicode($1) END");
    table.line(Chr.class, Strings::chr);
    table.line(Md5.class, "md5($1)");
    table.line(Sha1.class, "sha1($1)");
    table.line(Sha2.class, Strings::sha2);
    table.line(Hex.class, (e, to) -> strings(e, "hex($)", to));
    table.line(StaticInvoke.class, Strings::padded);
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
        + to.otherwise(e, function + " of letters outside ASCII")
        + " ELSE "
        + function
        + "("
        + text
        + ") END";
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

  private static String replace(StringReplace e, Expressions to) {
    string(e.srcExpr());
    String search = to.sql(e.searchExpr());
    String source = to.sql(e.srcExpr());
    String replaced = "replace(" + source + ", " + search + ", " + to.sql(e.replaceExpr()) + ")";
    return Constants.text(e.searchExpr()).filter(text -> !text.isEmpty()).isPresent()
        ? replaced
        : "CASE WHEN "
            + search
            + " = '' AND "
            + to.sql(e.replaceExpr())
            + " IS NOT NULL THEN "
            + source
            + " ELSE "
            + replaced
            + " END";
  }

  private static String locate(StringLocate e, Expressions to) {
    if (!Constants.of(e.start()).filter(Integer.valueOf(1)::equals).isPresent()) {
      throw new Untranslatable("locate from a later position");
    }
    string(e.str());
    return "CAST(instr(" + to.sql(e.str()) + ", " + to.sql(e.substr()) + ") AS INTEGER)";
  }

  private static String pad(String function, Expression e, Expressions to) {
    string(e);
    return function + "(" + String.join(", ", to.children(e)) + ")";
  }

  private static String concatWs(ConcatWs e, Expressions to) {
    Expressions.list(e.children()).forEach(Strings::string);
    if (e.children().size() == 1) {
      throw new Untranslatable("concat_ws of nothing");
    }
    return "concat_ws(" + String.join(", ", to.children(e)) + ")";
  }

  private static String splitPart(SplitPart e, Expressions to) {
    boolean part = Constants.of(e.partNum()).filter(n -> (Integer) n != 0).isPresent();
    boolean delimiter = Constants.text(e.delimiter()).filter(d -> !d.isEmpty()).isPresent();
    if (!part || !delimiter) {
      throw new Untranslatable("split_part by what is no literal");
    }
    string(e.str());
    return "split_part(" + String.join(", ", to.children(e).subList(0, 3)) + ")";
  }

  private static String chr(Chr e, Expressions to) {
    String code = to.child(e, 1);
    return "CASE WHEN "
        + code
        + " NOT BETWEEN 1 AND 127 THEN "
        + to.otherwise(e, "chr outside ASCII")
        + " ELSE chr(CAST("
        + code
        + " AS INTEGER)) END";
  }

  private static String sha2(Sha2 e, Expressions to) {
    if (!Constants.of(e.right()).filter(n -> n.equals(256) || n.equals(0)).isPresent()) {
      throw new Untranslatable("sha2 of other than 256 bits");
    }
    return "sha256(" + to.sql(e.left()) + ")";
  }

  /** The calls that Spark's analyzer puts around columns of type char. */
  private static String padded(StaticInvoke e, Expressions to) {
    if (e.staticObject() != CharVarcharCodegenUtils.class
        || !e.functionName().equals("readSidePadding")) {
      throw new Untranslatable("call of " + e.functionName());
    }
    String text = to.sql(e.arguments().apply(0));
    String length = to.sql(e.arguments().apply(1));
    return "CASE WHEN length("
        + text
        + ") < "
        + length
        + " THEN rpad("
        + text
        + ", "
        + length
        + ", ' ') ELSE "
        + text
        + " END";
  }
}
