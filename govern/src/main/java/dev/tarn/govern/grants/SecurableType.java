package dev.tarn.govern.grants;

import dev.tarn.kernel.error.TarnException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The kinds of things that grants are made on, and the privileges each takes. */
public enum SecurableType {
  METASTORE("Metastore", EnumSet.of(Privilege.CREATE_CATALOG, Privilege.CREATE_EXTERNAL_LOCATION)),
  CATALOG(
      "Catalog",
      EnumSet.complementOf(
          EnumSet.of(
              Privilege.CREATE_CATALOG,
              Privilege.CREATE_EXTERNAL_LOCATION,
              Privilege.CREATE_EXTERNAL_TABLE,
              Privilege.CREATE_EXTERNAL_VOLUME,
              Privilege.READ_FILES,
              Privilege.WRITE_FILES))),
  SCHEMA(
      "Schema",
      EnumSet.complementOf(
          EnumSet.of(
              Privilege.CREATE_CATALOG,
              Privilege.CREATE_EXTERNAL_LOCATION,
              Privilege.CREATE_EXTERNAL_TABLE,
              Privilege.CREATE_EXTERNAL_VOLUME,
              Privilege.READ_FILES,
              Privilege.WRITE_FILES,
              Privilege.USE_CATALOG,
              Privilege.CREATE_SCHEMA))),
  TABLE(
      "Table",
      EnumSet.of(
          Privilege.SELECT,
          Privilege.MODIFY,
          Privilege.REFRESH,
          Privilege.APPLY_TAG,
          Privilege.MANAGE,
          Privilege.BROWSE,
          Privilege.ALL_PRIVILEGES)),
  VOLUME(
      "Volume",
      EnumSet.of(
          Privilege.READ_VOLUME,
          Privilege.WRITE_VOLUME,
          Privilege.APPLY_TAG,
          Privilege.MANAGE,
          Privilege.BROWSE,
          Privilege.ALL_PRIVILEGES)),
  FUNCTION(
      "Function",
      EnumSet.of(
          Privilege.EXECUTE,
          Privilege.APPLY_TAG,
          Privilege.MANAGE,
          Privilege.BROWSE,
          Privilege.ALL_PRIVILEGES)),
  EXTERNAL_LOCATION(
      "External Location",
      EnumSet.of(
          Privilege.CREATE_EXTERNAL_TABLE,
          Privilege.CREATE_EXTERNAL_VOLUME,
          Privilege.READ_FILES,
          Privilege.WRITE_FILES,
          Privilege.MANAGE,
          Privilege.BROWSE,
          Privilege.ALL_PRIVILEGES));

  private final String title;
  private final Set<Privilege> grantable;

  SecurableType(String title, Set<Privilege> grantable) {
    this.title = title;
    this.grantable = Set.copyOf(grantable);
  }

  /**
   * @param text as REST ({@code external_location}) or SQL spells it, in any case
   * @throws TarnException INVALID_PARAMETER_VALUE for an unknown type
   */
  public static SecurableType parse(String text) {
    String name = text == null ? "" : text.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", "_");
    for (SecurableType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw TarnException.invalid(
        "'"
            + text
            + "' is not a type of securable. Use catalog, schema, table, volume, function or"
            + " metastore.");
  }

  /** The word for it in messages. */
  public String title() {
    return title;
  }

  /** The privileges that may be granted on it: its own and those that its children inherit. */
  public Set<Privilege> grantable() {
    return grantable;
  }
}
