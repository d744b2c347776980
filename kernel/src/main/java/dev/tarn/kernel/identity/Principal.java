package dev.tarn.kernel.identity;

import java.util.Locale;
import java.util.Set;

/**
 * Who is asking: a user or a service principal, resolved from a token before any facade is entered.
 *
 * @param name user name (an e-mail address by convention) or application id
 * @param groups names of all groups it belongs to, nested ones included
 * @param administrator whether it administers the metastore, and so owns what nobody else owns
 */
public record Principal(String name, Set<String> groups, boolean administrator) {
  public Principal {
    groups = Set.copyOf(groups);
  }

  /**
   * Whether it has this name, or is in a group that has. Names are the same if they are so in lower
   * case, as they are stored; {@code ſam} is not {@code sam}, which upper case would make it.
   */
  public boolean answersTo(String name) {
    return isNamed(name) || isIn(name);
  }

  /** Whether this is its name. */
  public boolean isNamed(String other) {
    return same(name, other);
  }

  /** Whether it is in a group of this name. */
  public boolean isIn(String group) {
    return groups.stream().anyMatch(each -> same(each, group));
  }

  private static boolean same(String one, String other) {
    return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
  }

  public static Principal user(String name) {
    return new Principal(name, Set.of(), false);
  }

  public static Principal administrator(String name) {
    return new Principal(name, Set.of(), true);
  }
}
