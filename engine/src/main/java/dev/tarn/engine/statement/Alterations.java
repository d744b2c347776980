package dev.tarn.engine.statement;

import org.antlr.v4.runtime.CommonTokenStream;

/** Which of the ALTER statements on a schema, table or view are ours; Spark has the others. */
final class Alterations {
  private static final int LONGEST_NAME = 20;

  private Alterations() {}

  /** A column may have any name; what follows the name of the securable decides. */
  static boolean areOurs(CommonTokenStream tokens) {
    int at = afterName(tokens, 3);
    if (tokens.LA(at) == TarnSqlLexer.ALTER) {
      at += tokens.LA(at + 1) == TarnSqlLexer.COLUMN ? 2 : 1;
      return changesTags(tokens, afterName(tokens, at));
    }
    return setsOwner(tokens, at)
        || setsOfSchema(tokens, at)
        || changesTags(tokens, at)
        || dropsKey(tokens, at);
  }

  private static int afterName(CommonTokenStream tokens, int first) {
    int at = first + 1;
    while (at < first + LONGEST_NAME && tokens.LA(at) == TarnSqlLexer.DOT) {
      at += 2;
    }
    return at;
  }

  private static boolean setsOwner(CommonTokenStream tokens, int first) {
    int at = tokens.LA(first) == TarnSqlLexer.SET ? first + 1 : first;
    return tokens.LA(at) == TarnSqlLexer.OWNER && tokens.LA(at + 1) == TarnSqlLexer.TO;
  }

  /** Of a schema: those of tables Spark has. */
  private static boolean setsOfSchema(CommonTokenStream tokens, int at) {
    return (tokens.LA(2) == TarnSqlLexer.SCHEMA || tokens.LA(2) == TarnSqlLexer.DATABASE)
        && (tokens.LA(at) == TarnSqlLexer.SET || tokens.LA(at) == TarnSqlLexer.UNSET)
        && (tokens.LA(at + 1) == TarnSqlLexer.DBPROPERTIES
            || tokens.LA(at + 1) == TarnSqlLexer.PROPERTIES
            || tokens.LA(at + 1) == TarnSqlLexer.MANAGED);
  }

  private static boolean dropsKey(CommonTokenStream tokens, int at) {
    return tokens.LA(at) == TarnSqlLexer.DROP
        && (tokens.LA(at + 1) == TarnSqlLexer.PRIMARY || tokens.LA(at + 1) == TarnSqlLexer.FOREIGN)
        && tokens.LA(at + 2) == TarnSqlLexer.KEY;
  }

  private static boolean changesTags(CommonTokenStream tokens, int at) {
    return (tokens.LA(at) == TarnSqlLexer.SET || tokens.LA(at) == TarnSqlLexer.UNSET)
        && tokens.LA(at + 1) == TarnSqlLexer.TAGS;
  }
}
