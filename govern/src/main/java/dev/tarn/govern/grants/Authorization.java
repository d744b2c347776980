package dev.tarn.govern.grants;

import dev.tarn.kernel.identity.Principal;
import java.util.Locale;
import java.util.Optional;

/**
 * What follows from grants and owners, at one epoch, which is asked for once however many levels a
 * question goes through.
 */
record Authorization(Policies policies, Principal principal, long now) {
  boolean allows(Privilege privilege, Securable securable) {
    if (policies.refuses(privilege, securable, now)) {
      return false;
    }
    if (principal.administrator()) {
      return true;
    }
    return held(privilege, securable);
  }

  /** From the top, where most is granted: what is asked of many tables is found in few places. */
  private boolean held(Privilege privilege, Securable securable) {
    Optional<Securable> parent = securable.parent();
    if (parent.isPresent() && held(privilege, parent.get())) {
      return true;
    }
    Policies.Policy policy = policies.of(securable, now);
    return owns(policy) || granted(privilege, policy);
  }

  boolean owns(Securable securable) {
    if (principal.administrator()) {
      return true;
    }
    Optional<Securable> at = Optional.of(securable);
    while (at.isPresent()) {
      if (owns(policies.of(at.get(), now))) {
        return true;
      }
      at = at.get().parent();
    }
    return false;
  }

  boolean grantedByName(Privilege privilege, Securable securable) {
    Optional<Securable> at = Optional.of(securable);
    while (at.isPresent()) {
      if (granted(privilege, policies.of(at.get(), now))) {
        return true;
      }
      at = at.get().parent();
    }
    return false;
  }

  boolean sees(Securable securable) {
    return allows(Privilege.BROWSE, securable) || uses(securable);
  }

  /** Whether all of a type in a schema are seen, whatever is granted on them one by one. */
  boolean seesAll(Securable schema, SecurableType type) {
    return allows(Privilege.BROWSE, schema) || usesAll(schema, type);
  }

  /** Whether all of a type in a schema may be used, whatever is granted on them one by one. */
  boolean usesAll(Securable schema, SecurableType type) {
    return reaches(schema)
        && allows(Privilege.USE_SCHEMA, schema)
        && type.uses().stream().anyMatch(p -> allows(p, schema));
  }

  boolean uses(Securable securable) {
    if (!reaches(securable)) {
      return false;
    }
    return securable.type() == SecurableType.METASTORE
        || securable.type().uses().stream().anyMatch(p -> allows(p, securable));
  }

  /** Whether what it lies in may be used. */
  private boolean reaches(Securable securable) {
    Optional<Securable> parent = securable.parent();
    while (parent.isPresent()) {
      if (!allows(use(parent.get()), parent.get())) {
        return false;
      }
      parent = parent.get().parent();
    }
    return true;
  }

  static Privilege use(Securable container) {
    return container.type() == SecurableType.CATALOG ? Privilege.USE_CATALOG : Privilege.USE_SCHEMA;
  }

  private boolean owns(Policies.Policy policy) {
    return policy.owner().map(owner -> is(principal, owner)).orElse(false);
  }

  static boolean is(Principal principal, String name) {
    return name.equals(lower(principal.name()))
        || principal.groups().stream().anyMatch(group -> name.equals(lower(group)));
  }

  private boolean granted(Privilege privilege, Policies.Policy policy) {
    return policy.grants(Grants.EVERYBODY, privilege)
        || policy.grants(lower(principal.name()), privilege)
        || principal.groups().stream().anyMatch(group -> policy.grants(lower(group), privilege));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
