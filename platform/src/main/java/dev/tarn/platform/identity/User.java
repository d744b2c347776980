package dev.tarn.platform.identity;

import java.util.List;

/**
 * A user or service principal.
 *
 * @param userId stable number, as text on the wire
 * @param userName e-mail address or application id, in lower case
 * @param groups names, sorted
 */
public record User(long userId, String userName, List<String> groups) {
  public User {
    groups = List.copyOf(groups);
  }
}
