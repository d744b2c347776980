package dev.tarn.kernel.identity;

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

  public static Principal user(String name) {
    return new Principal(name, Set.of(), false);
  }

  public static Principal administrator(String name) {
    return new Principal(name, Set.of(), true);
  }
}
