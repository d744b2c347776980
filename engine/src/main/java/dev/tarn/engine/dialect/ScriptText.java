package dev.tarn.engine.dialect;

import dev.tarn.engine.statement.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/**
 * Scripts whose statements Spark's grammar does not all know: each statement of Tarn's own becomes
 * an EXECUTE IMMEDIATE of its text.
 */
final class ScriptText {
  /** So many tokens tell whose statement it is. */
  private static final int DECIDING = 64;

  private ScriptText() {}

  static String rewritten(String sql) {
    List<Token> tokens = tokens(sql);
    if (tokens.isEmpty()) {
      return sql;
    }
    int[] starts = starts(sql, tokens);
    int[] ends = ends(tokens);
    StringBuilder text = new StringBuilder();
    int copied = 0;
    for (int i = 1; i < tokens.size(); i++) {
      if (!beginsStatement(tokens.get(i - 1))) {
        continue;
      }
      int end = ends[i];
      int from = starts[i];
      if (Statements.isOurs(sql.substring(from, starts[Math.min(end, i + DECIDING)]))) {
        String statement = sql.substring(from, starts[end]);
        text.append(sql, copied, from)
            .append("EXECUTE IMMEDIATE '")
            .append(statement.strip().replace("\\", "\\\\").replace("'", "\\'"))
            .append('\'');
        copied = starts[end];
        i = end;
      }
    }
    return text.append(sql, copied, sql.length()).toString();
  }

  /** Where each token starts, and last the text's end. Tokens count code points, strings chars. */
  private static int[] starts(String sql, List<Token> tokens) {
    int[] starts = new int[tokens.size() + 1];
    int codePoints = 0;
    int chars = 0;
    for (int i = 0; i < tokens.size(); i++) {
      int start = tokens.get(i).getStartIndex();
      chars = sql.offsetByCodePoints(chars, start - codePoints);
      codePoints = start;
      starts[i] = chars;
    }
    starts[tokens.size()] = sql.length();
    return starts;
  }

  /** For each token the semicolon that is next, or the end. */
  private static int[] ends(List<Token> tokens) {
    int[] ends = new int[tokens.size()];
    int end = tokens.size();
    for (int i = tokens.size() - 1; i >= 0; i--) {
      end = tokens.get(i).getType() == SqlBaseLexer.SEMICOLON ? i : end;
      ends[i] = end;
    }
    return ends;
  }

  /** The tokens of a script; none if it is something else. */
  private static List<Token> tokens(String sql) {
    List<Token> tokens = new ArrayList<>();
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
    lexer.removeErrorListeners();
    for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
      if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        if (tokens.isEmpty() && token.getType() != SqlBaseLexer.BEGIN) {
          return List.of();
        }
        tokens.add(token);
      }
    }
    return tokens;
  }

  private static boolean beginsStatement(Token before) {
    return switch (before.getText().toUpperCase(Locale.ROOT)) {
      case ";", "BEGIN", "ATOMIC", "THEN", "ELSE", "DO", "LOOP", "REPEAT" -> true;
      default -> false;
    };
  }
}
