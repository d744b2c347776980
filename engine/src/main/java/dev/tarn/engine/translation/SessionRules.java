package dev.tarn.engine.translation;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the session decides about the meaning of expressions.
 *
 * @param ansi Spark's {@code spark.sql.ansi.enabled}; only true is translated
 * @param timeZone the session's zone as an IANA name; DuckDB's connection must be set to the same
 * @param caseSensitive whether names of columns and fields differ by case
 */
public record SessionRules(boolean ansi, String timeZone, boolean caseSensitive) {
  private static final Set<String> WITH_A_MEANING =
      Set.of("spark.sql.mapkeydeduppolicy", "spark.sql.legacy.timeparserpolicy");

  /**
   * @param settings that the body of a view was written under
   * @throws Untranslatable if they give its expressions another meaning than the session does
   */
  void requireSame(Map<String, String> settings) {
    settings.forEach(
        (key, value) -> {
          boolean same =
              switch (key.toLowerCase(Locale.ROOT)) {
                case "spark.sql.ansi.enabled" -> Boolean.parseBoolean(value) == ansi;
                case "spark.sql.session.timezone" -> value.equals(timeZone);
                case "spark.sql.casesensitive" -> Boolean.parseBoolean(value) == caseSensitive;
                default -> !WITH_A_MEANING.contains(key.toLowerCase(Locale.ROOT));
              };
          if (!same) {
            throw new Untranslatable("a view that was written under another " + key);
          }
        });
  }
}
