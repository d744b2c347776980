package dev.tarn.testkit.cases;

import java.util.List;

/**
 * Statements of one session, and what the last of them must answer through every client.
 *
 * @param name unique in its table, for messages
 * @param statements sent one after another; only the last may fail
 * @param rows of the last statement, in order, each value as text; null for SQL NULL
 * @param sqlState that the last statement fails with; null if it succeeds
 */
public record StatementCase(
    String name, List<String> statements, List<List<String>> rows, String sqlState) {
  /** Whether an earlier statement changes what a later one means. */
  public boolean needsSession() {
    return statements.stream()
        .anyMatch(
            s ->
                s.startsWith("USE ")
                    || s.startsWith("DECLARE ")
                    || s.startsWith("SET ")
                    || s.contains(" TEMPORARY VIEW "));
  }

  @Override
  public String toString() {
    return name;
  }
}
