package dev.tarn.govern.catalog;

import java.util.Locale;
import java.util.Optional;

/** A pattern of SQL's LIKE for names: {@code %} for any text, {@code _} for one character. */
record LikePattern(String text) {
  static LikePattern of(Optional<String> text) {
    return new LikePattern(text.filter(t -> !t.isEmpty()).orElse("%").toLowerCase(Locale.ROOT));
  }

  /** Goes back to the last {@code %} only, so the time is bounded by the product of the lengths. */
  boolean matches(String name) {
    int p = 0;
    int n = 0;
    int many = -1;
    int mark = 0;
    while (n < name.length()) {
      char c = p < text.length() ? text.charAt(p) : 0;
      if (c == '%') {
        many = p++;
        mark = n;
      } else if (p < text.length() && (c == '_' || c == name.charAt(n))) {
        p++;
        n++;
      } else if (many >= 0) {
        p = many + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < text.length() && text.charAt(p) == '%') {
      p++;
    }
    return p == text.length();
  }
}
