package dev.tarn.engine.statement;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Objects;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;

/** Recognises the statements that are Tarn's own, and leaves all others to Spark. */
final class StatementParser {
  private static final int LONGEST_DESCRIBE = 20;
  private static final int LONGEST_MESSAGE = 200;

  private final SqlNames names;

  StatementParser(String currentCatalog, String currentSchema) {
    this.names = new SqlNames(currentCatalog, currentSchema);
  }

  /** Whether the statement begins like one of ours; all others are Spark's. */
  static boolean isOurs(String sql) {
    CommonTokenStream tokens = tokens(sql);
    return isOurs(tokens)
        || SecurableSyntax.begins(tokens)
        || StorageSyntax.begins(tokens)
        || ConnectionSyntax.begins(tokens);
  }

  private static CommonTokenStream tokens(String sql) {
    TarnSqlLexer lexer = new TarnSqlLexer(CharStreams.fromString(sql));
    lexer.removeErrorListeners();
    return new CommonTokenStream(lexer);
  }

  /**
   * Parses a statement of ours.
   *
   * @throws TarnException SQLSTATE 42601 if it is none
   */
  Statement parse(String sql) {
    CommonTokenStream tokens = tokens(sql);
    TarnSqlParser parser = new TarnSqlParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(
        new BaseErrorListener() {
          @Override
          public void syntaxError(
              Recognizer<?, ?> recognizer,
              Object symbol,
              int line,
              int column,
              String message,
              RecognitionException e) {
            throw new TarnException(
                ErrorCode.BAD_REQUEST,
                "42601",
                "[PARSE_SYNTAX_ERROR] Syntax error at line "
                    + line
                    + ", column "
                    + (column + 1)
                    + ": "
                    + shortened(message)
                    + ".",
                null);
          }
        });
    TarnSqlParser.StatementContext statement = parser.single().statement();
    return Stream.of(
            new NamespaceSyntax(names),
            new GrantSyntax(names),
            new TableSyntax(names),
            new StorageSyntax(),
            new ConnectionSyntax(),
            new CopySyntax(names))
        .map(syntax -> syntax.visit(statement))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /** Without the list of all that could stand there, where that is a hundred words. */
  private static String shortened(String message) {
    int list = message.indexOf(" expecting {");
    return list < 0 || message.length() <= LONGEST_MESSAGE ? message : message.substring(0, list);
  }

  private static boolean isOurs(CommonTokenStream tokens) {
    int first = tokens.LA(1);
    int second = tokens.LA(2);
    return switch (first) {
      case TarnSqlLexer.GRANT, TarnSqlLexer.REVOKE -> true;
      case TarnSqlLexer.COPY -> second == TarnSqlLexer.INTO;
      case TarnSqlLexer.SET, TarnSqlLexer.UNSET ->
          second == TarnSqlLexer.TAG && tokens.LA(3) == TarnSqlLexer.ON;
      case TarnSqlLexer.CREATE ->
          PolicySyntax.creates(tokens)
              || second == TarnSqlLexer.CATALOG
              || second == TarnSqlLexer.VOLUME
              || NewNamespace.begins(tokens)
              || (second == TarnSqlLexer.EXTERNAL && tokens.LA(3) == TarnSqlLexer.VOLUME);
      case TarnSqlLexer.DROP ->
          second == TarnSqlLexer.CATALOG
              || second == TarnSqlLexer.VOLUME
              || second == TarnSqlLexer.POLICY
              || computed(tokens);
      case TarnSqlLexer.SHOW ->
          second == TarnSqlLexer.CATALOGS
              || second == TarnSqlLexer.POLICIES
              || (second == TarnSqlLexer.EFFECTIVE && tokens.LA(3) == TarnSqlLexer.POLICIES)
              || second == TarnSqlLexer.VOLUMES
              || second == TarnSqlLexer.VIEWS
              || second == TarnSqlLexer.GRANTS
              || second == TarnSqlLexer.GRANT
              || (second == TarnSqlLexer.CREATE && tokens.LA(3) == TarnSqlLexer.TABLE);
      case TarnSqlLexer.USE -> second == TarnSqlLexer.CATALOG && !ends(tokens, 3);
      case TarnSqlLexer.DESC, TarnSqlLexer.DESCRIBE ->
          ((second == TarnSqlLexer.CATALOG || second == TarnSqlLexer.VOLUME) && !ends(tokens, 3))
              || (second == TarnSqlLexer.POLICY && tokens.LA(4) == TarnSqlLexer.ON)
              || endsAsJson(tokens);
      case TarnSqlLexer.COMMENT ->
          second == TarnSqlLexer.ON
              && switch (tokens.LA(3)) {
                case TarnSqlLexer.CATALOG,
                    TarnSqlLexer.SCHEMA,
                    TarnSqlLexer.DATABASE,
                    TarnSqlLexer.VOLUME,
                    TarnSqlLexer.TABLE,
                    TarnSqlLexer.VIEW,
                    TarnSqlLexer.FUNCTION,
                    TarnSqlLexer.COLUMN,
                    TarnSqlLexer.MATERIALIZED,
                    TarnSqlLexer.STREAMING ->
                    true;
                default -> false;
              };
      case TarnSqlLexer.ALTER ->
          switch (second) {
            case TarnSqlLexer.CATALOG, TarnSqlLexer.VOLUME, TarnSqlLexer.FUNCTION -> true;
            case TarnSqlLexer.MATERIALIZED, TarnSqlLexer.STREAMING -> computed(tokens);
            case TarnSqlLexer.SCHEMA,
                TarnSqlLexer.DATABASE,
                TarnSqlLexer.TABLE,
                TarnSqlLexer.VIEW ->
                Alterations.areOurs(tokens) || FilterStatements.begin(tokens);
            default -> false;
          };
      default -> false;
    };
  }

  /** What a pipeline makes; Spark has no statements to change or drop it. */
  private static boolean computed(CommonTokenStream tokens) {
    return (tokens.LA(2) == TarnSqlLexer.MATERIALIZED && tokens.LA(3) == TarnSqlLexer.VIEW)
        || (tokens.LA(2) == TarnSqlLexer.STREAMING && tokens.LA(3) == TarnSqlLexer.TABLE);
  }

  private static boolean ends(CommonTokenStream tokens, int ahead) {
    int token = tokens.LA(ahead);
    return token == Token.EOF || token == TarnSqlLexer.SEMICOLON;
  }

  private static boolean endsAsJson(CommonTokenStream tokens) {
    int at = 1;
    while (at < LONGEST_DESCRIBE && !ends(tokens, at)) {
      at++;
    }
    return at > 2 && tokens.LA(at - 1) == TarnSqlLexer.JSON && tokens.LA(at - 2) == TarnSqlLexer.AS;
  }
}
