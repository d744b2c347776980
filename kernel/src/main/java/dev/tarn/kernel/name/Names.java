package dev.tarn.kernel.name;

import dev.tarn.kernel.error.TarnException;
import java.util.Locale;

/**
 * The rules for a single part of a securable's name: Unity Catalog stores names in lower case,
 * forbids space, {@code /}, {@code .} and control characters, and allows 255 characters.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names">Databricks&nbsp;SQL
 *     names</a>
 */
public final class Names {
  private static final int MAX_LENGTH = 255;

  private Names() {}

  /** Returns the stored form of a name, or refuses it. */
  public static String normalized(String name) {
    if (name == null || name.isEmpty()) {
      throw TarnException.invalid("A name must not be empty.");
    }
    if (name.length() > MAX_LENGTH) {
      throw TarnException.invalid(
          "The name '" + name.substring(0, 40) + "…' has more than 255 characters.");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' || c == '.' || c == ' ' || c == '\\' || Character.isISOControl(c)) {
        throw TarnException.invalid(
            "The name '"
                + name
                + "' contains a character that names may not have: space, '/', '\\', '.' or a"
                + " control character.");
      }
    }
    return name.toLowerCase(Locale.ROOT);
  }

  /** Quotes a part for use in SQL text. */
  public static String quoted(String part) {
    return '`' + part.replace("`", "``") + '`';
  }
}
