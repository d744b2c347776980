package dev.tarn.serve.history;

import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A label that a client gives its queries.
 *
 * @param value null for a label that is a key alone
 * @see <a href="https://docs.databricks.com/en/sql/user/queries/query-tags.html">Query tags</a>
 */
public record QueryTag(String key, String value) {
  /** The setting of a session that holds its tags. */
  public static final String SETTING = "query_tags";

  private static final int MOST = 20;
  private static final int LONGEST = 128;

  public QueryTag {
    key = key == null ? "" : key.strip();
    value = value == null || value.isBlank() ? null : value.strip();
    if (key.isEmpty() || key.length() > LONGEST || value != null && value.length() > LONGEST) {
      throw TarnException.invalid(
          "A query tag needs a key; key and value have at most " + LONGEST + " characters each.");
    }
  }

  /**
   * Tags as drivers write them into a setting: {@code key:value,key,key:a\\,b}.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static List<QueryTag> parse(String text) {
    Map<String, QueryTag> tags = new LinkedHashMap<>();
    for (String part : split(text, ',')) {
      if (!part.isBlank()) {
        List<String> halves = split(part, ':');
        QueryTag tag =
            new QueryTag(
                plain(halves.get(0)),
                halves.size() == 1
                    ? null
                    : plain(String.join(":", halves.subList(1, halves.size()))));
        tags.put(tag.key(), tag);
      }
    }
    return bounded(List.copyOf(tags.values()));
  }

  /** Those of a statement before those of its session. */
  public static List<QueryTag> merged(List<QueryTag> statement, List<QueryTag> session) {
    Map<String, QueryTag> tags = new LinkedHashMap<>();
    statement.forEach(tag -> tags.put(tag.key(), tag));
    session.forEach(tag -> tags.putIfAbsent(tag.key(), tag));
    return bounded(List.copyOf(tags.values()));
  }

  private static List<QueryTag> bounded(List<QueryTag> tags) {
    if (tags.size() > MOST) {
      throw TarnException.invalid("A query has at most " + MOST + " query tags.");
    }
    return tags;
  }

  /** Splits at a character that no backslash stands before. */
  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == at) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
        if (c == '\\' && i + 1 < text.length()) {
          part.append(text.charAt(++i));
        }
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static String plain(String escaped) {
    return escaped.replaceAll("\\\\(.)", "$1");
  }
}
