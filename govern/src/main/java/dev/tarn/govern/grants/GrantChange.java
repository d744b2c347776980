package dev.tarn.govern.grants;

import java.util.Set;

/** What one user or group gets and loses. */
public record GrantChange(String principal, Set<Privilege> add, Set<Privilege> remove) {
  public GrantChange {
    principal = principal == null ? "" : principal;
    add = add == null ? Set.of() : Set.copyOf(add);
    remove = remove == null ? Set.of() : Set.copyOf(remove);
  }
}
