package dev.tarn.platform.identity.directory;

import java.util.Optional;

/**
 * What to change of a user or service principal; empty leaves it as it is.
 *
 * @param externalId an empty text removes it
 */
public record PrincipalChange(
    Optional<String> displayName, Optional<Boolean> active, Optional<String> externalId) {
  public static PrincipalChange none() {
    return new PrincipalChange(Optional.empty(), Optional.empty(), Optional.empty());
  }

  PrincipalChange and(PrincipalChange later) {
    return new PrincipalChange(
        later.displayName.or(() -> displayName),
        later.active.or(() -> active),
        later.externalId.or(() -> externalId));
  }
}
