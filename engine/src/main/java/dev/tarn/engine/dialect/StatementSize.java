package dev.tarn.engine.dialect;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/**
 * Refuses statements of too many words before anything is built from them. A long text in one
 * literal is nothing to parse; but the parser takes hundreds of bytes for each word, and cannot be
 * stopped.
 */
final class StatementSize {
  private static final int MOST_TOKENS = 500_000;

  private StatementSize() {}

  /**
   * @throws TarnException SQLSTATE 54001
   */
  static void check(String sql) {
    if (sql.length() <= MOST_TOKENS) {
      return;
    }
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
    lexer.removeErrorListeners();
    int tokens = 0;
    for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
      if (token.getChannel() == Token.DEFAULT_CHANNEL && ++tokens > MOST_TOKENS) {
        throw new TarnException(
            ErrorCode.BAD_REQUEST,
            "54001",
            "[STATEMENT_TOO_COMPLEX] The statement has more than "
                + MOST_TOKENS
                + " words and signs. Send it in parts, or load the rows from a file.",
            null);
      }
    }
  }
}
