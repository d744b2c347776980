package dev.tarn.govern.catalog;

import java.util.Map;

/**
 * How the system is reached that a foreign catalog is of.
 *
 * @param connection its name, for messages
 * @param type such as {@code POSTGRESQL}
 * @param options of the connection, secrets too, and the database of the catalog; names in lower
 *     case
 */
public record ForeignAddress(String connection, String type, Map<String, String> options) {
  public ForeignAddress {
    options = Map.copyOf(options);
  }

  /** Without the options, which may be secrets. */
  @Override
  public String toString() {
    return "ForeignAddress[connection=" + connection + ", type=" + type + "]";
  }
}
