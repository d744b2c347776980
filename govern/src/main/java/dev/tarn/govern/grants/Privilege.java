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
  CREATE_MODEL,
  CREATE_MATERIALIZED_VIEW,
  CREATE_STORAGE_CREDENTIAL,
  CREATE_SERVICE_CREDENTIAL,
  CREATE_CONNECTION,
  CREATE_FOREIGN_CATALOG,
  MANAGE_ALLOWLIST,
  CREATE_MANAGED_STORAGE,
  CREATE_EXTERNAL_LOCATION,
  CREATE_EXTERNAL_TABLE,
  CREATE_EXTERNAL_VOLUME,
  READ_VOLUME,
  WRITE_VOLUME,
  READ_FILES,
  WRITE_FILES,
  EXECUTE,
  /** Making foreign catalogs of a connection, and asking what it leads to. */
  USE_CONNECTION,
  /** Using a credential for what is no storage. */
  ACCESS,
  /** Getting temporary credentials for the files of a schema's tables and volumes. */
  EXTERNAL_USE_SCHEMA,
  /** Getting temporary credentials for paths of an external location. */
  EXTERNAL_USE_LOCATION,
  APPLY_TAG,
  /** Granting, changing the owner, renaming and dropping; not reading data. */
  MANAGE,
  /** Seeing that a securable exists, and its metadata, without {@code USE}. */
  BROWSE,
  /** Everything that can be granted on the securable and that is {@link #inAll}. */
  ALL_PRIVILEGES;

  /** Whether who holds all privileges holds this one; it is granted by name otherwise. */
  boolean inAll() {
    return this != MANAGE && !handsOutFiles();
  }

  /** Whether it lets files leave the platform, so that not even owners have it unless granted. */
  public boolean handsOutFiles() {
    return this == EXTERNAL_USE_SCHEMA || this == EXTERNAL_USE_LOCATION;
  }

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
