package dev.tarn.engine.statement;

/** What the parser of Tarn's own statements keeps of those that it has seen. */
public final class SqlCaches {
  private SqlCaches() {}

  /** Forgets it; the next statements are parsed a little slower. */
  public static void clear() {
    new TarnSqlParser(null).getInterpreter().clearDFA();
    new TarnSqlLexer(null).getInterpreter().clearDFA();
  }
}
