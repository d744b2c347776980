package dev.tarn.govern.grants;

import dev.tarn.kernel.error.TarnException;
import java.util.Locale;

/**
 * What a principal may be allowed to do with a securable.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges">Unity
 *     Catalog privileges</a>
 */
public enum Privilege {
  USE_CATALOG,
  USE_SCHEMA,
  SELECT,
  MODIFY,
  REFRESH,
  CREATE_CATALOG,
  CREATE_SCHEMA,
  CREATE_TABLE,
  CREATE_VOLUME,
  CREATE_FUNCTION,
  CREATE_MATERIALIZED_VIEW,
  CREATE_EXTERNAL_LOCATION,
  CREATE_EXTERNAL_TABLE,
  CREATE_EXTERNAL_VOLUME,
  READ_VOLUME,
  WRITE_VOLUME,
  READ_FILES,
  WRITE_FILES,
  EXECUTE,
  APPLY_TAG,
  /** Granting, changing the owner, renaming and dropping; not reading data. */
  MANAGE,
  /** Seeing that a securable exists, and its metadata, without {@code USE}. */
  BROWSE,
  /** Everything that can be granted on the securable, except {@link #MANAGE}. */
  ALL_PRIVILEGES;

  /**
   * @param text as SQL ({@code USE CATALOG}) or REST ({@code USE_CATALOG}) spells it, in any case
   * @throws TarnException INVALID_PARAMETER_VALUE for an unknown privilege
   */
  public static Privilege parse(String text) {
    String name = text == null ? "" : text.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", "_");
    if (name.equals("ALL")) {
      return ALL_PRIVILEGES;
    }
    for (Privilege privilege : values()) {
      if (privilege.name().equals(name)) {
        return privilege;
      }
    }
    throw TarnException.invalid(
        "'" + text + "' is not a privilege. Use one such as SELECT, MODIFY or USE SCHEMA.");
  }

  /** The privilege as SQL writes it: {@code USE CATALOG}. */
  public String sql() {
    return name().replace('_', ' ');
  }
}
