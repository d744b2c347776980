package dev.tarn.govern.grants;

import dev.tarn.platform.database.Epoch;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Whose each securable is and what is granted on it, kept until the epoch rises. */
final class Policies {
  private static final int CACHED_SECURABLES = 50_000;

  /** What does not change anything. */
  private static final Set<Privilege> READING =
      EnumSet.of(
          Privilege.USE_CATALOG,
          Privilege.USE_SCHEMA,
          Privilege.SELECT,
          Privilege.EXECUTE,
          Privilege.READ_VOLUME,
          Privilege.BROWSE);

  private final Jdbi jdbi;
  private final Owners owners;
  private final GrantsStore store;
  private final Epoch.Kept<Securable, Policy> kept;

  /** What is granted on one securable. */
  record Policy(Optional<String> owner, Map<String, EnumSet<Privilege>> privileges) {
    boolean grants(String name, Privilege privilege) {
      Set<Privilege> held = privileges.get(name);
      return held != null
          && (held.contains(privilege)
              || (held.contains(Privilege.ALL_PRIVILEGES) && privilege.inAll()));
    }
  }

  Policies(Jdbi jdbi, Epoch epoch, Owners owners, GrantsStore store) {
    this.jdbi = jdbi;
    this.owners = owners;
    this.store = store;
    this.kept = epoch.kept(CACHED_SECURABLES);
  }

  /**
   * @param now the epoch as it stands
   */
  Policy of(Securable securable, long now) {
    return kept.get(securable, now, () -> read(securable));
  }

  private Policy read(Securable securable) {
    return jdbi.withHandle(
        handle -> {
          Map<String, EnumSet<Privilege>> privileges = new HashMap<>();
          for (Grant grant : store.list(handle, securable)) {
            privileges
                .computeIfAbsent(grant.principal(), name -> EnumSet.noneOf(Privilege.class))
                .add(grant.privilege());
          }
          return new Policy(owners.ownerOf(handle, securable), privileges);
        });
  }

  /** Whether the privilege would change what only the server itself may change. */
  boolean refuses(Privilege privilege, Securable securable, long now) {
    return !READING.contains(privilege) && isServers(securable, now);
  }

  /** Whether it is, or lies in, a catalog of the server's own. */
  boolean isServers(Securable securable, long now) {
    Securable root = securable;
    for (Optional<Securable> at = root.parent(); at.isPresent(); at = root.parent()) {
      root = at.get();
    }
    return root.type() == SecurableType.CATALOG
        && of(root, now).owner().equals(Optional.of(Grants.SYSTEM_USER));
  }
}
