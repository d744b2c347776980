package dev.tarn.engine.statement;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A pattern for names, of literal characters and wildcards; letters match in either case. */
public record NamePattern(List<NamePattern.Alternative> alternatives) {
  private static final char ANY_TEXT = '*';
  private static final char ANY_CHARACTER = '?';
  private static final char LITERAL = 'l';

  /** No character. */
  private static final char NONE = '\uffff';

  public static final NamePattern ANY = of("*");

  /** Each kind is one of the three above; a literal's character stands beside it. */
  public record Alternative(String kinds, String characters) {}

  /** As drivers send it in LIKE: {@code *} for any text, {@code .} for one character, {@code |}. */
  public static NamePattern of(String text) {
    return new NamePattern(
        Arrays.stream(text.split("\\|", -1)).map(each -> parse(each, '*', '.', false)).toList());
  }

  /** As SHOW … LIKE has it: {@code *} for any text, {@code |} between choices. */
  static NamePattern ofShow(String text) {
    return new NamePattern(
        Arrays.stream(text.split("\\|", -1)).map(each -> parse(each, '*', NONE, false)).toList());
  }

  /**
   * As JDBC has it: {@code %} for any text, {@code _} for one character, a backslash before what is
   * meant as it is. A pattern that is null or empty matches everything.
   */
  public static NamePattern ofJdbc(String text) {
    return text == null || text.isEmpty()
        ? ANY
        : new NamePattern(List.of(parse(text, '%', '_', true)));
  }

  public static NamePattern exactly(String name) {
    return new NamePattern(List.of(literal(name)));
  }

  private static Alternative literal(String name) {
    return new Alternative(
        Character.toString(LITERAL).repeat(name.length()), name.toLowerCase(Locale.ROOT));
  }

  private static Alternative parse(String text, char many, char one, boolean escapes) {
    StringBuilder kinds = new StringBuilder();
    StringBuilder characters = new StringBuilder();
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (escapes && c == '\\' && i + 1 < lower.length()) {
        i++;
        c = lower.charAt(i);
        kinds.append(LITERAL);
      } else {
        kinds.append(c == many ? ANY_TEXT : c == one ? ANY_CHARACTER : LITERAL);
      }
      characters.append(c);
    }
    return new Alternative(kinds.toString(), characters.toString());
  }

  public boolean matches(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return alternatives.stream().anyMatch(alternative -> matches(alternative, lower));
  }

  /** Goes back to the last star only, so the time is bounded by the product of the lengths. */
  private static boolean matches(Alternative pattern, String name) {
    String kinds = pattern.kinds();
    int p = 0;
    int n = 0;
    int star = -1;
    int mark = 0;
    while (n < name.length()) {
      char kind = p < kinds.length() ? kinds.charAt(p) : 0;
      if (kind == ANY_TEXT) {
        star = p++;
        mark = n;
      } else if (kind == ANY_CHARACTER
          || kind == LITERAL && pattern.characters().charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < kinds.length() && kinds.charAt(p) == ANY_TEXT) {
      p++;
    }
    return p == kinds.length();
  }
}
