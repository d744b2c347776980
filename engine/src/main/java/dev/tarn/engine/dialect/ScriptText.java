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
  private ScriptText() {}

  static String rewritten(String sql) {
    List<Token> tokens = tokens(sql);
    if (tokens.isEmpty()) {
      return sql;
    }
    StringBuilder text = new StringBuilder();
    int copied = 0;
    for (int i = 1; i < tokens.size(); i++) {
      if (!beginsStatement(tokens.get(i - 1))) {
        continue;
      }
      int end = i;
      while (end < tokens.size() && tokens.get(end).getType() != SqlBaseLexer.SEMICOLON) {
        end++;
      }
      int from = start(sql, tokens.get(i));
      int to = end < tokens.size() ? start(sql, tokens.get(end)) : sql.length();
      String statement = sql.substring(from, to);
      if (Statements.isOurs(statement)) {
        text.append(sql, copied, from)
            .append("EXECUTE IMMEDIATE '")
            .append(statement.strip().replace("\\", "\\\\").replace("'", "\\'"))
            .append('\'');
        copied = to;
      }
    }
    return text.append(sql, copied, sql.length()).toString();
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

  /** Tokens count code points, strings count chars. */
  private static int start(String sql, Token token) {
    return sql.offsetByCodePoints(0, token.getStartIndex());
  }
}
