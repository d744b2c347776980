package dev.tarn.engine.dialect;

import dev.tarn.engine.source.SourceFunctions;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/**
 * What Databricks' pipeline SQL has and Spark's grammar lacks, taken out of a statement on the
 * level of Spark's own tokens: expectations among the columns of a dataset, and sources read as
 * streams. Text is blanked, not cut, so that Spark's error positions stay true.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/ldp/developer/ldp-sql-ref-create-streaming-table">CREATE
 *     STREAMING TABLE (pipelines)</a>
 */
final class DatabricksSql {
  /** A text without any of these is left alone. */
  private static final List<String> MARKS = List.of("STREAM", "REFRESH", "EXPECT", "MATERIALIZED");

  /** The statement as Spark can parse it. */
  final String text;

  /** The expectations found, in order. */
  final List<Expectation> expectations;

  private DatabricksSql(String text, List<Expectation> expectations) {
    this.text = text;
    this.expectations = expectations;
  }

  static DatabricksSql of(String sql, Set<String> sources) {
    String upper = sql.toUpperCase(Locale.ROOT);
    if (MARKS.stream().noneMatch(upper::contains)) {
      return new DatabricksSql(sql, List.of());
    }
    return new Rewriter(sql, sources).rewrite();
  }

  private static final class Rewriter {
    private final String sql;
    private final Set<String> sources;
    private final StringBuilder text;
    private final List<Token> tokens = new ArrayList<>();
    private final IdentityHashMap<Token, int[]> places = new IdentityHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final List<Expectation> expectations = new ArrayList<>();

    Rewriter(String sql, Set<String> sources) {
      this.sql = sql;
      this.sources = sources;
      this.text = new StringBuilder(sql);
      SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
      lexer.removeErrorListeners();
      for (Token token = lexer.nextToken();
          token.getType() != Token.EOF;
          token = lexer.nextToken()) {
        if (token.getChannel() == Token.DEFAULT_CHANNEL) {
          tokens.add(token);
        }
      }
      place();
    }

    /** Finds where tokens lie: they count code points, Java strings count chars. */
    private void place() {
      int codePoints = 0;
      int chars = 0;
      for (Token token : tokens) {
        int start = sql.offsetByCodePoints(chars, token.getStartIndex() - codePoints);
        codePoints = token.getStopIndex() + 1;
        chars = sql.offsetByCodePoints(start, codePoints - token.getStartIndex());
        places.put(token, new int[] {start, chars});
      }
    }

    DatabricksSql rewrite() {
      if (is(0, "CREATE") && is(1, "OR") && is(2, "REFRESH")) {
        // Spark takes the same for granted.
        blank(1, 3);
      }
      if (is(0, "CREATE")
          && is(1, "OR")
          && is(2, "REPLACE")
          && (is(3, "MATERIALIZED") || is(3, "STREAMING"))) {
        throw new TarnException(
            ErrorCode.BAD_REQUEST,
            "0A000",
            "[UNSUPPORTED_STATEMENT] CREATE OR REPLACE makes no materialized view and no streaming"
                + " table. Write CREATE OR REFRESH, in a source file of a pipeline.",
            null);
      }
      takeExpectations();
      StringBuilder named = new StringBuilder();
      int copied = 0;
      for (int i = 0; i < tokens.size(); i++) {
        if (is(i, "STREAM")) {
          copied = nameStreamingSource(i, named, copied);
        }
      }
      named.append(text, copied, text.length());
      return new DatabricksSql(named.toString(), List.copyOf(expectations));
    }

    /** Returns up to where the text is copied now. */
    private int nameStreamingSource(int stream, StringBuilder named, int copied) {
      boolean parenthesised = is(stream + 1, "(");
      int name = parenthesised ? stream + 2 : stream + 1;
      if (!is(name + 1, "(") || !sources.contains(lower(name))) {
        return copied;
      }
      String call = SourceFunctions.STREAM_PREFIX + lower(name);
      String replacement = parenthesised ? "(" + call : call;
      int start = start(tokens.get(stream));
      int end = end(tokens.get(name));
      named
          .append(text, copied, start)
          .append(" ".repeat(Math.max(0, end - start - replacement.length())))
          .append(replacement);
      return end;
    }

    /** {@code CREATE … (c1 INT, CONSTRAINT n EXPECT (condition) [ON VIOLATION …], …)}. */
    private void takeExpectations() {
      int open = elementListOfDataset();
      if (open < 0) {
        return;
      }
      int close = closing(open);
      int kept = 0;
      int element = open + 1;
      int pendingComma = -1;
      while (element < close) {
        int end = elementEnd(element, close);
        if (is(element, "CONSTRAINT") && is(element + 2, "EXPECT")) {
          takeExpectation(element, end);
          blank(element, end);
          if (end < close) {
            blank(end, end + 1);
          }
        } else {
          if (kept++ > 0 && pendingComma >= 0) {
            text.setCharAt(start(tokens.get(pendingComma)), ',');
          }
          if (end < close) {
            // Stands again only if another kept element follows.
            blank(end, end + 1);
            pendingComma = end;
          }
        }
        element = end + 1;
      }
      if (kept == 0 && !expectations.isEmpty()) {
        blank(open, open + 1);
        blank(close, close + 1);
      }
    }

    private void takeExpectation(int from, int to) {
      String name = name(from + 1);
      if (!is(from + 3, "(")) {
        throw syntax(from + 3, "EXPECT needs its condition in parentheses");
      }
      int close = closing(from + 3);
      String condition = sql.substring(end(tokens.get(from + 3)), start(tokens.get(close)));
      Expectation.Action action = Expectation.Action.WARN;
      int next = close + 1;
      if (next < to) {
        if (!is(next, "ON") || !is(next + 1, "VIOLATION")) {
          throw syntax(next, "expected ON VIOLATION DROP ROW or ON VIOLATION FAIL UPDATE");
        }
        if (is(next + 2, "DROP") && is(next + 3, "ROW") && next + 4 == to) {
          action = Expectation.Action.DROP;
        } else if (is(next + 2, "FAIL") && is(next + 3, "UPDATE") && next + 4 == to) {
          action = Expectation.Action.FAIL;
        } else {
          throw syntax(next + 2, "expected DROP ROW or FAIL UPDATE");
        }
      }
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw syntax(from + 1, "the expectation '" + name + "' is there twice");
      }
      expectations.add(new Expectation(name, condition.strip(), action));
    }

    /** Index of the parenthesis after the name of a streaming table or materialized view, or -1. */
    private int elementListOfDataset() {
      if (!is(0, "CREATE")) {
        return -1;
      }
      for (int i = 1; i < tokens.size() && !is(i, "AS") && !is(i, "("); i++) {
        boolean dataset =
            (is(i, "STREAMING") && is(i + 1, "TABLE"))
                || (is(i, "MATERIALIZED") && is(i + 1, "VIEW"));
        if (dataset) {
          for (int j = i + 2; j < tokens.size() && !is(j, "AS"); j++) {
            if (is(j, "(")) {
              return is(j - 1, "BY") ? -1 : j;
            }
          }
          return -1;
        }
      }
      return -1;
    }

    /** Index of the comma after the element, or of the list's closing parenthesis. */
    private int elementEnd(int from, int close) {
      // In a column's type < and > nest; in a condition they compare.
      boolean types = !is(from, "CONSTRAINT");
      int depth = 0;
      for (int i = from; i < close; i++) {
        if (is(i, "(") || (types && is(i, "<"))) {
          depth++;
        } else if (is(i, ")") || (types && is(i, ">"))) {
          depth--;
        } else if (depth == 0 && is(i, ",")) {
          return i;
        }
      }
      return close;
    }

    private int closing(int open) {
      int depth = 0;
      for (int i = open; i < tokens.size(); i++) {
        if (is(i, "(")) {
          depth++;
        } else if (is(i, ")") && --depth == 0) {
          return i;
        }
      }
      throw syntax(open, "this parenthesis is never closed");
    }

    private void blank(int from, int to) {
      if (from >= to) {
        return;
      }
      for (int i = start(tokens.get(from)); i < end(tokens.get(to - 1)); i++) {
        char c = text.charAt(i);
        if (c != '\n' && c != '\r') {
          text.setCharAt(i, ' ');
        }
      }
    }

    private boolean is(int index, String word) {
      return index >= 0
          && index < tokens.size()
          && tokens.get(index).getText().equalsIgnoreCase(word);
    }

    private String lower(int index) {
      return index < tokens.size() ? tokens.get(index).getText().toLowerCase(Locale.ROOT) : "";
    }

    private String name(int index) {
      String name = tokens.get(index).getText();
      if (name.equals("`")) {
        throw syntax(index, "this quote is never closed");
      }
      return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
    }

    private int start(Token token) {
      return places.get(token)[0];
    }

    private int end(Token token) {
      return places.get(token)[1];
    }

    private TarnException syntax(int index, String message) {
      Token token = tokens.get(Math.min(index, tokens.size() - 1));
      return new TarnException(
          ErrorCode.BAD_REQUEST,
          "42601",
          "[PARSE_SYNTAX_ERROR] Syntax error at or near '"
              + token.getText()
              + "' (line "
              + token.getLine()
              + ", pos "
              + token.getCharPositionInLine()
              + "): "
              + message
              + ".",
          null);
    }
  }
}
