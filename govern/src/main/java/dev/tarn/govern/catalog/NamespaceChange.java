package dev.tarn.govern.catalog;

import java.util.Map;
import java.util.Optional;

/**
 * What to change of a catalog or schema; what is empty stays as it is.
 *
 * @param name the new one, without the catalog's for a schema
 * @param properties all of them: what is not among them goes
 * @param options of a foreign catalog, all of them
 * @param storageRoot below which new managed tables, volumes and models shall lie
 */
public record NamespaceChange(
    Optional<String> name,
    Optional<String> comment,
    Optional<String> owner,
    Optional<Map<String, String>> properties,
    Optional<Boolean> isolated,
    Optional<Map<String, String>> options,
    Optional<String> storageRoot) {
  /** What only foreign catalogs have left out. */
  public NamespaceChange(
      Optional<String> name,
      Optional<String> comment,
      Optional<String> owner,
      Optional<Map<String, String>> properties,
      Optional<Boolean> isolated) {
    this(name, comment, owner, properties, isolated, Optional.empty(), Optional.empty());
  }

  public static NamespaceChange of(Optional<String> comment, Optional<String> owner) {
    return new NamespaceChange(
        Optional.empty(), comment, owner, Optional.empty(), Optional.empty());
  }

  /** Of a foreign catalog, all of its options. */
  public static NamespaceChange ofOptions(Map<String, String> options) {
    return new NamespaceChange(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(options),
        Optional.empty());
  }

  /** Of where new managed tables, volumes and models lie. */
  public static NamespaceChange ofStorageRoot(String url) {
    return new NamespaceChange(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(url));
  }
}
