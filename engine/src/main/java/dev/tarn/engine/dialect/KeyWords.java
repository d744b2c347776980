package dev.tarn.engine.dialect;

import dev.tarn.engine.constraint.TableKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What Databricks lets a primary or foreign key say and Spark's grammar does not know: words that
 * hold for every key anyway, and which column of a key says when. Blanked, not cut, so that Spark's
 * error positions stay true. And a reference without columns, at which Spark fails, is given one
 * that stands for the primary key.
 *
 * @param text as Spark can parse it
 * @param timeseries the columns of a key that say when
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-constraint">CONSTRAINT
 *     clause</a>
 */
record KeyWords(String text, List<String> timeseries) {
  private static final List<List<String>> OPTIONS =
      List.of(
          List.of("ON", "UPDATE", "NO", "ACTION"),
          List.of("ON", "DELETE", "NO", "ACTION"),
          List.of("INITIALLY", "DEFERRED"),
          List.of("ENABLE", "NOVALIDATE"),
          List.of("MATCH", "FULL"),
          List.of("DEFERRABLE"));

  private static final Set<String> STARTS = Set.of("CREATE", "REPLACE", "ALTER");
  private static final String TIMESERIES = "TIMESERIES";
  private static final String REFERENCES = "REFERENCES";

  static KeyWords of(String sql) {
    String upper = sql.toUpperCase(Locale.ROOT);
    boolean mayHave =
        upper.contains(REFERENCES)
            || (upper.contains("KEY")
                && (upper.contains(TIMESERIES)
                    || OPTIONS.stream().anyMatch(option -> upper.contains(option.get(0)))));
    return mayHave ? blanked(sql) : new KeyWords(sql, List.of());
  }

  private static KeyWords blanked(String sql) {
    StatementTokens tokens = new StatementTokens(sql);
    StringBuilder text = new StringBuilder(sql);
    List<String> timeseries = new ArrayList<>();
    List<Integer> bare = new ArrayList<>();
    int at = 1;
    int depth = 0;
    boolean key = false;
    while (at < tokens.size() && STARTS.contains(tokens.word(0))) {
      String word = tokens.word(at);
      depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
      if (depth == 0 && word.equals("AS")) {
        break;
      }
      key |= word.equals(REFERENCES) || word.equals("KEY");
      if (word.equals(REFERENCES)) {
        int last = lastOfName(tokens, at + 1);
        if (!tokens.word(last + 1).equals("(") && last < tokens.size()) {
          bare.add(tokens.end(last));
        }
      }
      int length = key ? option(tokens, at) : 0;
      boolean says =
          key
              && word.equals(TIMESERIES)
              && Set.of(",", ")").contains(tokens.word(at + 1))
              && !Set.of(",", "(").contains(tokens.word(at - 1));
      if (says) {
        timeseries.add(tokens.name(at - 1));
        length = 1;
      }
      tokens.blank(text, at, at + length);
      at += Math.max(1, length);
    }
    for (int i = bare.size() - 1; i >= 0; i--) {
      text.insert(bare.get(i), " (" + TableKeys.PRIMARY_KEY + ")");
    }
    return new KeyWords(text.toString(), List.copyOf(timeseries));
  }

  private static int lastOfName(StatementTokens tokens, int first) {
    int last = first;
    while (tokens.word(last + 1).equals(".")) {
      last += 2;
    }
    return last;
  }

  /** How many tokens there are in the option that begins here; 0 if none does. */
  private static int option(StatementTokens tokens, int at) {
    if (Set.of(",", "(").contains(tokens.word(at - 1))) {
      return 0;
    }
    for (List<String> option : OPTIONS) {
      boolean all = true;
      for (int i = 0; i < option.size(); i++) {
        all &= tokens.word(at + i).equals(option.get(i));
      }
      if (all) {
        return option.size();
      }
    }
    return 0;
  }
}
