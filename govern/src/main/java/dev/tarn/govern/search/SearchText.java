package dev.tarn.govern.search;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts as words: in lower case, parted where a name in snake_case or camelCase has its parts. */
final class SearchText {
  private static final int MOST_WORDS = 1_000;
  private static final int LONGEST_WORD = 64;
  private static final Pattern BOUNDARY =
      Pattern.compile("[^\\p{L}\\p{N}]+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})");

  private SearchText() {}

  static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * @param text or null
   */
  static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    if (text != null) {
      String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
      for (String part : BOUNDARY.split(normal)) {
        if (!part.isEmpty() && words.size() < MOST_WORDS) {
          words.add(
              part.substring(0, Math.min(part.length(), LONGEST_WORD)).toLowerCase(Locale.ROOT));
        }
      }
    }
    return words;
  }
}
