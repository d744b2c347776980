package dev.tarn.engine.statement;

import dev.tarn.engine.copy.CopyInto;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.apache.spark.sql.catalyst.util.SparkParserUtils$;

/** COPY INTO. */
final class CopySyntax extends TarnSqlBaseVisitor<Statement> {
  private static final int MOST_FILES = 1_000;
  private static final String MERGE_SCHEMA = "mergeschema";
  private static final String FORCE = "force";

  private final SqlNames names;

  CopySyntax(SqlNames names) {
    this.names = names;
  }

  @Override
  public Statement visitCopyInto(TarnSqlParser.CopyIntoContext c) {
    List<String> columns =
        c.name().stream().limit(c.name().size() - 1L).map(SqlNames::text).toList();
    String format = SqlNames.text(c.format);
    Map<String, String> formatOptions = options(c.formatOptions);
    boolean byPosition = c.POSITION() != null;
    requireHeaderless(byPosition || !columns.isEmpty(), format, formatOptions);
    Map<String, String> options = options(c.options);
    for (String name : options.keySet()) {
      if (!Set.of(MERGE_SCHEMA, FORCE).contains(name)) {
        throw TarnException.invalid(
            "COPY INTO has no option '" + name + "'. It has mergeSchema and force.");
      }
    }
    return new Statement.CopyFiles(
        new CopyInto(
            names.entity(c.target),
            byPosition,
            columns,
            Optional.ofNullable(c.copyExpressions()).map(CopySyntax::written),
            path(c.copySource()),
            format,
            files(c),
            Optional.ofNullable(c.pattern).map(CopySyntax::text),
            c.VALIDATE() != null,
            rows(c.rows),
            formatOptions,
            truth(options, MERGE_SCHEMA),
            truth(options, FORCE)));
  }

  private static void requireHeaderless(
      boolean positional, String format, Map<String, String> options) {
    boolean header = Boolean.parseBoolean(options.getOrDefault("header", "false"));
    if (positional && (!format.equalsIgnoreCase("csv") || header)) {
      throw TarnException.invalid(
          "COPY INTO matches columns by their position in CSV files without a header only. Select"
              + " them by name: FROM (SELECT … FROM '…').");
    }
  }

  private static String path(TarnSqlParser.CopySourceContext c) {
    if (c.WITH() != null) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "0A000",
          "[UNSUPPORTED_FEATURE] COPY INTO takes no credentials. Read the files through a volume or"
              + " an external location, whose credential is kept for you, and leave WITH (…) out.",
          null);
    }
    String text = c.path.getText();
    return c.QUOTED() == null
        ? text(c.path)
        : text.substring(1, text.length() - 1).replace("``", "`");
  }

  private static List<String> files(TarnSqlParser.CopyIntoContext c) {
    if (c.FILES() == null) {
      return List.of();
    }
    List<String> files =
        c.STRING().stream()
            .map(each -> each.getSymbol())
            .filter(s -> s != c.pattern)
            .map(CopySyntax::text)
            .toList();
    if (files.size() > MOST_FILES) {
      throw TarnException.invalid(
          "COPY INTO loads at most "
              + MOST_FILES
              + " FILES by name, not "
              + files.size()
              + ". Choose them with PATTERN.");
    }
    return files;
  }

  private static OptionalInt rows(Token rows) {
    if (rows == null) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(rows.getText());
      if (number > 0) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw TarnException.invalid("VALIDATE takes a number of rows, not '" + rows.getText() + "'.");
  }

  private static Map<String, String> options(TarnSqlParser.CopyOptionsContext c) {
    Map<String, String> options = new HashMap<>();
    if (c != null) {
      for (TarnSqlParser.CopyOptionContext each : c.copyOption()) {
        String name =
            (each.key == null ? SqlNames.text(each.name()) : text(each.key))
                .toLowerCase(Locale.ROOT);
        TarnSqlParser.CopyValueContext value = each.copyValue();
        String text =
            value.STRING() == null ? SqlNames.text(value.name()) : text(value.STRING().getSymbol());
        if (options.put(name, text) != null) {
          throw TarnException.invalid("The option '" + name + "' is given twice.");
        }
      }
    }
    return options;
  }

  private static boolean truth(Map<String, String> options, String name) {
    String value = options.getOrDefault(name, "false").toLowerCase(Locale.ROOT);
    if (!Set.of("true", "false").contains(value)) {
      throw TarnException.invalid(
          "The option '" + name + "' is true or false, not '" + value + "'.");
    }
    return value.equals("true");
  }

  private static String text(Token string) {
    return SparkParserUtils$.MODULE$.unescapeSQLString(string.getText(), false);
  }

  private static String written(ParserRuleContext c) {
    Token start = c.getStart();
    return start
        .getInputStream()
        .getText(Interval.of(start.getStartIndex(), c.getStop().getStopIndex()));
  }
}
