package dev.tarn.serve.metadata;

import java.util.List;
import java.util.Locale;

/**
 * A pattern as drivers send it in LIKE: {@code *} for any text, {@code .} for one character, {@code
 * |} between alternatives; letters match in either case.
 */
record NamePattern(List<String> alternatives) {
  static final NamePattern ANY = new NamePattern(List.of("*"));

  static NamePattern of(String text) {
    return new NamePattern(List.of(text.toLowerCase(Locale.ROOT).split("\\|", -1)));
  }

  boolean matches(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return alternatives.stream().anyMatch(pattern -> matches(pattern, lower));
  }

  /** Goes back to the last star only, so the time is bounded by the product of the lengths. */
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int mark = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '.' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
