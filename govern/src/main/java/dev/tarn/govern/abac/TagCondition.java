package dev.tarn.govern.abac;

import dev.tarn.kernel.error.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which tables or columns are meant, by their tags: {@code has_tag('pii') AND NOT
 * has_tag_value('region', 'eu')}.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-policy">CREATE
 *     POLICY</a>
 */
public final class TagCondition {
  private static final int LONGEST = 4_000;
  private static final int DEEPEST = 50;

  private static final Pattern TOKEN =
      Pattern.compile("\\s*+(?:([A-Za-z_]++)|('(?:[^']|'')*+')|(\"[^\"]*+\")|([(),]))");

  private final Predicate<Map<String, String>> test;
  private final Set<String> keys;

  private TagCondition(Predicate<Map<String, String>> test, Set<String> keys) {
    this.test = test;
    this.keys = Set.copyOf(keys);
  }

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static TagCondition parse(String text) {
    if (text == null || text.isBlank() || text.length() > LONGEST) {
      throw TarnException.invalid("A condition on tags has 1 to " + LONGEST + " characters.");
    }
    return new Reader(text).read();
  }

  /**
   * @param tags values by key
   */
  public boolean holds(Map<String, String> tags) {
    return test.test(tags);
  }

  /** The tags that it asks for. */
  public Set<String> keys() {
    return keys;
  }

  private static final class Reader {
    private final String text;
    private final List<String> tokens = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private int at;
    private int depth;

    Reader(String text) {
      this.text = text;
      Matcher matcher = TOKEN.matcher(text.strip());
      int end = 0;
      while (matcher.lookingAt()) {
        tokens.add(matcher.group().strip());
        end = matcher.end();
        matcher.region(end, matcher.regionEnd());
      }
      if (end < text.strip().length()) {
        throw wrong();
      }
    }

    TagCondition read() {
      Predicate<Map<String, String>> test = or();
      if (at < tokens.size()) {
        throw wrong();
      }
      return new TagCondition(test, keys);
    }

    private Predicate<Map<String, String>> or() {
      Predicate<Map<String, String>> test = and();
      while (accept("OR")) {
        test = test.or(and());
      }
      return test;
    }

    private Predicate<Map<String, String>> and() {
      Predicate<Map<String, String>> test = not();
      while (accept("AND")) {
        test = test.and(not());
      }
      return test;
    }

    private Predicate<Map<String, String>> not() {
      if (++depth > DEEPEST) {
        throw TarnException.invalid("A condition on tags is nested too deeply.");
      }
      try {
        return accept("NOT") ? not().negate() : one();
      } finally {
        depth--;
      }
    }

    private Predicate<Map<String, String>> one() {
      if (accept("(")) {
        Predicate<Map<String, String>> test = or();
        expect(")");
        return test;
      } else if (accept("TRUE")) {
        return tags -> true;
      } else if (accept("FALSE")) {
        return tags -> false;
      }
      String function = at < tokens.size() ? tokens.get(at++).toLowerCase(Locale.ROOT) : "";
      expect("(");
      String key = string();
      keys.add(key);
      // As the REST API spelled them first.
      if (Set.of("has_tag", "hastag").contains(function)) {
        expect(")");
        return tags -> tags.containsKey(key);
      } else if (Set.of("has_tag_value", "hastagvalue").contains(function)) {
        expect(",");
        String value = string();
        expect(")");
        return tags -> value.equals(tags.get(key));
      }
      throw wrong();
    }

    private boolean accept(String word) {
      if (at < tokens.size() && tokens.get(at).equalsIgnoreCase(word)) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(String word) {
      if (!accept(word)) {
        throw wrong();
      }
    }

    private String string() {
      String token = at < tokens.size() ? tokens.get(at++) : "";
      if (token.startsWith("'")) {
        return token.substring(1, token.length() - 1).replace("''", "'");
      } else if (token.startsWith("\"")) {
        return token.substring(1, token.length() - 1);
      }
      throw wrong();
    }

    private TarnException wrong() {
      return TarnException.invalid(
          "'"
              + text
              + "' is no condition on tags. Write has_tag('key') and has_tag_value('key', 'value'),"
              + " with AND, OR, NOT and parentheses.");
    }
  }
}
