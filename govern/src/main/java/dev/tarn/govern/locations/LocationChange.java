package dev.tarn.govern.locations;

import java.util.Optional;

/**
 * What is to change of a location; what is empty stays.
 *
 * @param credential the name of one, or {@code server}
 * @param force whether the URL may change although tables or volumes lie in the old one
 */
public record LocationChange(
    Optional<String> name,
    Optional<String> url,
    Optional<String> comment,
    Optional<String> owner,
    Optional<Boolean> readOnly,
    Optional<String> credential,
    Optional<Boolean> isolated,
    boolean force) {
  /** Of a location that stays open, or isolated. */
  public LocationChange(
      Optional<String> name,
      Optional<String> url,
      Optional<String> comment,
      Optional<String> owner,
      Optional<Boolean> readOnly,
      Optional<String> credential,
      boolean force) {
    this(name, url, comment, owner, readOnly, credential, Optional.empty(), force);
  }
}
