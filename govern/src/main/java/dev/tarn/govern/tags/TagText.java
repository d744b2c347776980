package dev.tarn.govern.tags;

import dev.tarn.kernel.error.TarnException;

/**
 * What the keys and values of tags may be.
 *
 * @see <a href="https://docs.databricks.com/aws/en/database-objects/tags">Constraints of tags</a>
 */
final class TagText {
  private static final int LONGEST_KEY = 255;
  private static final int LONGEST_VALUE = 1_000;
  private static final String NOT_IN_KEYS = ".,-=/:";

  private TagText() {}

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  static String key(String key) {
    if (key == null || key.isEmpty() || key.length() > LONGEST_KEY) {
      throw TarnException.invalid("The key of a tag has 1 to " + LONGEST_KEY + " characters.");
    }
    plain("key", key);
    if (key.chars().anyMatch(c -> NOT_IN_KEYS.indexOf(c) >= 0)) {
      throw TarnException.invalid(
          "The key '" + key + "' of a tag has one of the characters " + NOT_IN_KEYS + " in it.");
    }
    return key;
  }

  /**
   * @param value null for none
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  static String value(String value) {
    if (value == null) {
      return "";
    }
    if (value.length() > LONGEST_VALUE) {
      throw TarnException.invalid(
          "The value of a tag has at most " + LONGEST_VALUE + " characters.");
    }
    plain("value", value);
    return value;
  }

  private static void plain(String what, String text) {
    if (!text.strip().equals(text) || text.chars().anyMatch(Character::isISOControl)) {
      throw TarnException.invalid(
          "The "
              + what
              + " of a tag has no space at its beginning or end, and no control characters.");
    }
  }
}
