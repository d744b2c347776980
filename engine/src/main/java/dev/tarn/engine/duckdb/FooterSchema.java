package dev.tarn.engine.duckdb;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The schema in a Parquet file's footer, taken down row by row as {@code parquet_schema} gives it.
 */
final class FooterSchema {
  /** Stands for a name where an id says nothing: several columns have it. */
  static final String SEVERAL = "";

  private final StringBuilder text = new StringBuilder();
  private final Map<Integer, String> ids = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /** How many children each of the open groups still has; the first is the root. */
  private final Deque<Integer> open = new ArrayDeque<>();

  private boolean alike;

  /**
   * The next element, depth first.
   *
   * @param children of a group; 0 of a column without any
   * @param fieldId null if it has none
   * @param rest of what tells it from others
   */
  void add(String name, int children, Integer fieldId, String... rest) {
    text.append(name).append('\t').append(children).append('\t').append(fieldId);
    for (String each : rest) {
      text.append('\t').append(Objects.toString(each));
    }
    text.append('\n');
    if (open.size() == 1) {
      column(name, fieldId);
    }
    if (!open.isEmpty()) {
      open.push(open.pop() - 1);
    }
    if (children > 0) {
      open.push(children);
    }
    while (open.size() > 1 && open.peek() == 0) {
      open.pop();
    }
  }

  private void column(String name, Integer fieldId) {
    alike |= !names.add(name.toLowerCase(Locale.ROOT));
    if (fieldId != null) {
      ids.merge(fieldId, name, (one, other) -> SEVERAL);
    }
  }

  /** Equal for files with equal schemas. */
  String text() {
    return text.toString();
  }

  /** The names of the columns by field id; empty if there are no ids, or names are alike. */
  Map<Integer, String> namesById() {
    return alike ? Map.of() : Map.copyOf(ids);
  }
}
