package dev.tarn.govern.connections;

import java.util.Map;
import java.util.Optional;

/**
 * What is to change of a connection; what is empty stays.
 *
 * @param options all of them, secrets too: what is not among them goes
 */
public record ConnectionChange(
    Optional<String> name,
    Optional<Map<String, String>> options,
    Optional<String> owner,
    Optional<String> comment) {
  /** Without the options, which may be secrets. */
  @Override
  public String toString() {
    return "ConnectionChange[name=" + name + ", owner=" + owner + "]";
  }
}
