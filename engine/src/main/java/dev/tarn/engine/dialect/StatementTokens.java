package dev.tarn.engine.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/** A statement as Spark's lexer takes it apart. */
final class StatementTokens {
  private final String sql;
  private final List<Token> tokens = new ArrayList<>();

  StatementTokens(String sql) {
    this.sql = sql;
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
    lexer.removeErrorListeners();
    for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
      if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        tokens.add(token);
      }
    }
  }

  int size() {
    return tokens.size();
  }

  /** In upper case; empty behind the end. */
  String word(int at) {
    return at >= 0 && at < tokens.size() ? tokens.get(at).getText().toUpperCase(Locale.ROOT) : "";
  }

  boolean are(int at, String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!word(at + i).equals(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** A name without its back quotes. */
  String name(int at) {
    String name = tokens.get(at).getText();
    return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
  }

  /** The text from one token up to another, that one not in it. */
  String text(int from, int to) {
    return sql.substring(start(from), end(to - 1));
  }

  /** Tokens count code points, Java strings count chars. */
  private int start(int at) {
    return sql.offsetByCodePoints(0, tokens.get(at).getStartIndex());
  }

  /** Where the token ends in the statement. */
  int end(int at) {
    return sql.offsetByCodePoints(0, tokens.get(at).getStopIndex() + 1);
  }

  /** Takes tokens out of a text of the same length, and leaves their places. */
  void blank(StringBuilder text, int from, int to) {
    for (int at = from; at < to; at++) {
      int start = start(at);
      int end = end(at);
      text.replace(start, end, " ".repeat(end - start));
    }
  }
}
