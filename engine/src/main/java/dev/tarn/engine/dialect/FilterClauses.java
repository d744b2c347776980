package dev.tarn.engine.dialect;

import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.filter.NewFilters.Clause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The row filter and the masks that a CREATE gives its table, streaming table or materialized view.
 * Spark's grammar knows neither: they are blanked, not cut, so that Spark's error positions stay
 * true.
 *
 * @param text as Spark can parse it
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using">CREATE
 *     TABLE</a>
 */
record FilterClauses(String text, NewFilters.Clauses clauses) {
  private static final Set<String> STARTS = Set.of("CREATE", "REPLACE");

  /** A list behind these is no list of columns. */
  private static final Set<String> STOPS =
      Set.of("USING", "BY", "TBLPROPERTIES", "OPTIONS", "LOCATION", "COMMENT", "CLONE", "LIKE");

  static FilterClauses of(String sql) {
    String upper = sql.toUpperCase(Locale.ROOT);
    boolean mayHave = upper.contains("MASK") || (upper.contains("ROW") && upper.contains("FILTER"));
    return mayHave ? new Reader(sql).read() : new FilterClauses(sql, NewFilters.Clauses.NONE);
  }

  private static final class Reader {
    private final String sql;
    private final StatementTokens tokens;
    private final StringBuilder text;
    private final Map<String, Clause> masks = new TreeMap<>();
    private Clause rowFilter;

    Reader(String sql) {
      this.sql = sql;
      this.tokens = new StatementTokens(sql);
      this.text = new StringBuilder(sql);
    }

    FilterClauses read() {
      int at = STARTS.contains(tokens.word(0)) ? table() : -1;
      int elements = -1;
      while (at >= 0 && at < tokens.size() && !tokens.word(at).equals("AS")) {
        if (tokens.word(at).equals("(")) {
          int close = closing(at);
          if (elements < 0) {
            elements = at;
            columns(at + 1, close);
          }
          at = close + 1;
        } else if (tokens.are(at, "WITH", "ROW", "FILTER")) {
          int end = rowFilter(at + 3);
          tokens.blank(text, at, end);
          at = end;
        } else {
          elements = STOPS.contains(tokens.word(at)) ? at : elements;
          at++;
        }
      }
      boolean none = rowFilter == null && masks.isEmpty();
      return new FilterClauses(
          none ? sql : text.toString(),
          none
              ? NewFilters.Clauses.NONE
              : new NewFilters.Clauses(Optional.ofNullable(rowFilter), masks));
    }

    /** The place behind what is made; -1 if that is no table. */
    private int table() {
      for (int at = 1; at < 5; at++) {
        String kind = tokens.word(at - 1);
        if (tokens.word(at).equals("TABLE")) {
          return kind.equals("TEMPORARY") || kind.equals("TEMP") ? -1 : at + 1;
        } else if (tokens.word(at).equals("VIEW")) {
          return kind.equals("MATERIALIZED") ? at + 1 : -1;
        }
      }
      return -1;
    }

    private void columns(int from, int to) {
      int element = from;
      int angles = 0;
      int at = from;
      while (at < to) {
        String word = tokens.word(at);
        if (word.equals("(")) {
          at = closing(at) + 1;
        } else if (angles == 0 && word.equals(",")) {
          element = ++at;
        } else if (angles == 0 && word.equals("MASK") && at > element) {
          int end = mask(element, at + 1, to);
          tokens.blank(text, at, end);
          at = end;
        } else {
          angles += count(word, '<') - count(word, '>');
          at++;
        }
      }
    }

    private static int count(String word, char c) {
      return word.startsWith("'") || word.startsWith("\"") || word.startsWith("`")
          ? 0
          : (int) word.chars().filter(each -> each == c).count();
    }

    private int mask(int column, int name, int to) {
      int end = nameEnd(name);
      List<String> using = List.of();
      if (end < to && tokens.are(end, "USING", "COLUMNS", "(")) {
        int close = closing(end + 2);
        using = arguments(end + 3, close);
        masks.put(tokens.name(column), new Clause(parts(name, end), using));
        return close + 1;
      }
      masks.put(tokens.name(column), new Clause(parts(name, end), using));
      return end;
    }

    private int rowFilter(int name) {
      int end = nameEnd(name);
      if (!tokens.are(end, "ON", "(")) {
        return name;
      }
      int close = closing(end + 1);
      rowFilter = new Clause(parts(name, end), arguments(end + 2, close));
      return close + 1;
    }

    private int nameEnd(int name) {
      int end = name + 1;
      while (tokens.word(end).equals(".")) {
        end += 2;
      }
      return Math.min(end, tokens.size());
    }

    private List<String> parts(int from, int to) {
      List<String> parts = new ArrayList<>();
      for (int at = from; at < to; at += 2) {
        parts.add(tokens.name(at));
      }
      return List.copyOf(parts);
    }

    private List<String> arguments(int from, int to) {
      List<String> arguments = new ArrayList<>();
      int start = from;
      for (int at = from; at <= to; at++) {
        if (at == to || tokens.word(at).equals(",")) {
          if (at > start) {
            arguments.add(tokens.text(start, at));
          }
          start = at + 1;
        }
      }
      return List.copyOf(arguments);
    }

    /** The last token if nothing closes it, which Spark then says. */
    private int closing(int open) {
      int depth = 0;
      for (int at = open; at < tokens.size(); at++) {
        depth += tokens.word(at).equals("(") ? 1 : tokens.word(at).equals(")") ? -1 : 0;
        if (depth == 0) {
          return at;
        }
      }
      return tokens.size() - 1;
    }
  }
}
