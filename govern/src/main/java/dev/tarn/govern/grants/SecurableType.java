package dev.tarn.govern.grants;

import static dev.tarn.govern.grants.Privilege.ACCESS;
import static dev.tarn.govern.grants.Privilege.ALL_PRIVILEGES;
import static dev.tarn.govern.grants.Privilege.APPLY_TAG;
import static dev.tarn.govern.grants.Privilege.BROWSE;
import static dev.tarn.govern.grants.Privilege.CREATE_CATALOG;
import static dev.tarn.govern.grants.Privilege.CREATE_CONNECTION;
import static dev.tarn.govern.grants.Privilege.CREATE_EXTERNAL_LOCATION;
import static dev.tarn.govern.grants.Privilege.CREATE_EXTERNAL_TABLE;
import static dev.tarn.govern.grants.Privilege.CREATE_EXTERNAL_VOLUME;
import static dev.tarn.govern.grants.Privilege.CREATE_FOREIGN_CATALOG;
import static dev.tarn.govern.grants.Privilege.CREATE_FUNCTION;
import static dev.tarn.govern.grants.Privilege.CREATE_MANAGED_STORAGE;
import static dev.tarn.govern.grants.Privilege.CREATE_MATERIALIZED_VIEW;
import static dev.tarn.govern.grants.Privilege.CREATE_MODEL;
import static dev.tarn.govern.grants.Privilege.CREATE_SCHEMA;
import static dev.tarn.govern.grants.Privilege.CREATE_SERVICE_CREDENTIAL;
import static dev.tarn.govern.grants.Privilege.CREATE_STORAGE_CREDENTIAL;
import static dev.tarn.govern.grants.Privilege.CREATE_TABLE;
import static dev.tarn.govern.grants.Privilege.CREATE_VOLUME;
import static dev.tarn.govern.grants.Privilege.EXECUTE;
import static dev.tarn.govern.grants.Privilege.EXTERNAL_USE_LOCATION;
import static dev.tarn.govern.grants.Privilege.EXTERNAL_USE_SCHEMA;
import static dev.tarn.govern.grants.Privilege.MANAGE;
import static dev.tarn.govern.grants.Privilege.MANAGE_ALLOWLIST;
import static dev.tarn.govern.grants.Privilege.MODIFY;
import static dev.tarn.govern.grants.Privilege.READ_FILES;
import static dev.tarn.govern.grants.Privilege.READ_VOLUME;
import static dev.tarn.govern.grants.Privilege.REFRESH;
import static dev.tarn.govern.grants.Privilege.SELECT;
import static dev.tarn.govern.grants.Privilege.USE_CATALOG;
import static dev.tarn.govern.grants.Privilege.USE_CONNECTION;
import static dev.tarn.govern.grants.Privilege.USE_SCHEMA;
import static dev.tarn.govern.grants.Privilege.WRITE_FILES;
import static dev.tarn.govern.grants.Privilege.WRITE_VOLUME;

import dev.tarn.kernel.error.TarnException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kinds of things that grants are made on, and the privileges each takes. */
public enum SecurableType {
  METASTORE(
      "Metastore",
      List.of(),
      List.of(
          CREATE_CATALOG,
          CREATE_EXTERNAL_LOCATION,
          CREATE_STORAGE_CREDENTIAL,
          CREATE_SERVICE_CREDENTIAL,
          CREATE_CONNECTION,
          MANAGE_ALLOWLIST)),
  CATALOG("Catalog", List.of(USE_CATALOG), catalog()),
  SCHEMA("Schema", List.of(USE_SCHEMA), schema()),
  TABLE("Table", List.of(SELECT, MODIFY, REFRESH), List.of(APPLY_TAG, BROWSE)),
  VOLUME("Volume", List.of(READ_VOLUME, WRITE_VOLUME), List.of(APPLY_TAG, BROWSE)),
  /** Registered models too: they share the names and the privileges of functions. */
  FUNCTION("Function", List.of(EXECUTE), List.of(APPLY_TAG, BROWSE)),
  EXTERNAL_LOCATION(
      "External Location",
      List.of(READ_FILES, WRITE_FILES, CREATE_EXTERNAL_TABLE, CREATE_EXTERNAL_VOLUME),
      List.of(CREATE_MANAGED_STORAGE, EXTERNAL_USE_LOCATION, BROWSE)),
  /** Those for storage and those for other services. */
  STORAGE_CREDENTIAL(
      "Credential",
      List.of(CREATE_EXTERNAL_LOCATION, CREATE_CONNECTION, ACCESS, READ_FILES, WRITE_FILES),
      List.of(CREATE_EXTERNAL_TABLE)),
  CONNECTION("Connection", List.of(USE_CONNECTION), List.of(CREATE_FOREIGN_CATALOG));

  private final String title;
  private final Set<Privilege> uses;
  private final Set<Privilege> grantable;

  /**
   * @param uses the privileges that let their holder do something with it, and so know of it
   * @param others that it takes too
   */
  SecurableType(String title, List<Privilege> uses, List<Privilege> others) {
    this.title = title;
    EnumSet<Privilege> all = EnumSet.noneOf(Privilege.class);
    all.addAll(uses);
    all.addAll(others);
    EnumSet<Privilege> shows = EnumSet.of(MANAGE);
    shows.addAll(uses);
    this.uses = Set.copyOf(shows);
    if (!title.equals("Metastore")) {
      all.add(MANAGE);
      all.add(ALL_PRIVILEGES);
    }
    this.grantable = Set.copyOf(all);
  }

  private static List<Privilege> schema() {
    return List.of(
        USE_SCHEMA,
        SELECT,
        MODIFY,
        REFRESH,
        CREATE_TABLE,
        CREATE_VOLUME,
        CREATE_FUNCTION,
        CREATE_MODEL,
        CREATE_MATERIALIZED_VIEW,
        READ_VOLUME,
        WRITE_VOLUME,
        EXECUTE,
        APPLY_TAG,
        BROWSE,
        EXTERNAL_USE_SCHEMA);
  }

  private static List<Privilege> catalog() {
    EnumSet<Privilege> all = EnumSet.of(USE_CATALOG, CREATE_SCHEMA);
    all.addAll(schema());
    return List.copyOf(all);
  }

  /**
   * @param text as REST ({@code external_location}) or SQL spells it, in any case
   * @throws TarnException INVALID_PARAMETER_VALUE for an unknown type
   */
  public static SecurableType parse(String text) {
    String name = text == null ? "" : text.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", "_");
    switch (name) {
      case "CREDENTIAL", "SERVICE_CREDENTIAL" -> {
        return STORAGE_CREDENTIAL;
      }
      case "REGISTERED_MODEL", "MODEL" -> {
        return FUNCTION;
      }
      default -> {
        for (SecurableType type : values()) {
          if (type.name().equals(name)) {
            return type;
          }
        }
      }
    }
    throw TarnException.invalid(
        "'"
            + text
            + "' is not a type of securable. Use catalog, schema, table, volume, function,"
            + " external_location, storage_credential, connection or metastore.");
  }

  /** The word for it in messages. */
  public String title() {
    return title;
  }

  /** The privileges any of which shows it to its holder. */
  public Set<Privilege> uses() {
    return uses;
  }

  /** The privileges that may be granted on it: its own and those that its children inherit. */
  public Set<Privilege> grantable() {
    return grantable;
  }
}
