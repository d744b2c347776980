package dev.tarn.govern.grants;

import dev.tarn.platform.database.Epoch;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Whose each securable is and what is granted on it, kept until the epoch rises. */
final class Policies {
  private static final int CACHED_SECURABLES = 50_000;

  /** Names in one statement. */
  private static final int AT_ONCE = 500;

  /** What does not change anything. */
  private static final Set<Privilege> READING =
      EnumSet.of(
          Privilege.USE_CATALOG,
          Privilege.USE_SCHEMA,
          Privilege.SELECT,
          Privilege.EXECUTE,
          Privilege.READ_VOLUME,
          Privilege.READ_FILES,
          Privilege.BROWSE);

  private final Jdbi jdbi;
  private final Owners owners;
  private final GrantsStore store;
  private final Epoch.Kept<Securable, Policy> kept;

  /** What is granted on one securable. */
  record Policy(Optional<String> owner, Map<String, EnumSet<Privilege>> privileges, Reach reach) {
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
    this.kept = epoch.kept(CACHED_SECURABLES, Securable::fullName);
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
          List<Grant> grants = store.list(handle, securable);
          return new Policy(
              owners.ownerOf(handle, securable),
              privileges(grants),
              owners.reach(handle, securable));
        });
  }

  private static Map<String, EnumSet<Privilege>> privileges(List<Grant> grants) {
    Map<String, EnumSet<Privilege>> privileges = new HashMap<>();
    for (Grant grant : grants) {
      privileges
          .computeIfAbsent(grant.principal(), name -> EnumSet.noneOf(Privilege.class))
          .add(grant.privilege());
    }
    return privileges;
  }

  /** As {@link Grants#prepare}. */
  void prepare(Handle handle, Map<Securable, String> owners, long now) {
    List<Securable> missing =
        owners.keySet().stream().filter(each -> !kept.has(each, now)).toList();
    for (int from = 0; from < missing.size(); from += AT_ONCE) {
      List<Securable> some = missing.subList(from, Math.min(from + AT_ONCE, missing.size()));
      Map<Securable, List<Grant>> grants =
          store.list(handle, some).stream().collect(Collectors.groupingBy(Grant::securable));
      for (Securable each : some) {
        kept.put(
            each,
            now,
            new Policy(
                Optional.of(owners.get(each)),
                privileges(grants.getOrDefault(each, List.of())),
                this.owners.reach(handle, each)));
      }
    }
  }

  /**
   * Whether the privilege works for nobody: it would change what only the server itself may change,
   * or go further than the workspace reaches.
   */
  boolean refuses(Privilege privilege, Securable securable, long now) {
    Reach reach = reach(securable, now);
    return reach == Reach.NOTHING
        || (!READING.contains(privilege) && (reach == Reach.READ || isServers(securable, now)));
  }

  /** How far the workspace reaches what the securable is or lies in. */
  Reach reach(Securable securable, long now) {
    return of(root(securable), now).reach();
  }

  private static Securable root(Securable securable) {
    Securable root = securable;
    for (Optional<Securable> at = root.parent(); at.isPresent(); at = root.parent()) {
      root = at.get();
    }
    return root;
  }

  /** Whether it is, or lies in, a catalog of the server's own. */
  boolean isServers(Securable securable, long now) {
    Securable root = root(securable);
    return root.type() == SecurableType.CATALOG
        && of(root, now).owner().equals(Optional.of(Grants.SYSTEM_USER));
  }
}
