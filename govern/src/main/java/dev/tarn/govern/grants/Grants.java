package dev.tarn.govern.grants;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.database.Touched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Who may do what. Nobody may do anything until it is granted: to a user, to a group, or to {@code
 * account users}, who are everybody. A grant on a catalog or schema holds for everything inside it,
 * and the owner of a securable, or of what it lies in, may do everything with it.
 */
public final class Grants {
  /** The group that every user is in. */
  public static final String EVERYBODY = "account users";

  /**
   * Who owns the catalogs that the server itself makes: nobody, since names of users are stored in
   * lower case. Nobody changes such a catalog either, or what is in it, not even an administrator.
   */
  public static final String SYSTEM_USER = "System user";

  /** The catalog of what the server records. */
  public static final String SYSTEM_CATALOG = "system";

  private final Jdbi jdbi;
  private final Predicate<String> knownPrincipal;
  private final List<Attached> attached;
  private final GrantsStore store = new GrantsStore();
  private final Epoch epoch;
  private final Policies policies;
  private final Owners owners;

  /**
   * @param knownPrincipal whether a user or group of this (lower-case) name exists; a grant to
   *     nobody would wait for whoever takes the name next
   * @param attached what goes and moves with securables, as their grants do
   */
  public Grants(
      MetadataDatabase database,
      Owners owners,
      Predicate<String> knownPrincipal,
      List<Attached> attached) {
    this.attached = List.copyOf(attached);
    this.jdbi = database.jdbi();
    this.knownPrincipal = knownPrincipal;
    this.epoch = database.epoch("policy_epoch", "policy_changes");
    this.owners = owners;
    this.policies = new Policies(jdbi, epoch, owners, store);
  }

  /**
   * Whether the principal holds the privilege on this securable: granted here or on what it lies
   * in, or by owning one of them, or as an administrator. Says nothing about the {@code USE}
   * privileges on the way there: see {@link #requireTable}.
   */
  public boolean allows(Principal principal, Privilege privilege, Securable securable) {
    return of(principal).allows(privilege, securable);
  }

  /** To ask more than one question of the grants as they stand now. */
  private Authorization of(Principal principal) {
    return new Authorization(policies, principal, epoch());
  }

  /** Whether the principal owns the securable or what it lies in, or is an administrator. */
  public boolean owns(Principal principal, Securable securable) {
    return of(principal).owns(securable);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless {@link #allows}
   */
  public void require(Principal principal, Privilege privilege, Securable securable) {
    require(of(principal), privilege, securable);
  }

  private void require(Authorization now, Privilege privilege, Securable securable) {
    if (!now.allows(privilege, securable)) {
      if (policies.refuses(privilege, securable, now.now())) {
        throw new TarnException(
            ErrorCode.PERMISSION_DENIED,
            "42501",
            "PERMISSION_DENIED: "
                + securable
                + switch (policies.reach(securable, epoch())) {
                  case NOTHING ->
                      " is isolated and not bound to this workspace. Its owner can bind it.";
                  case READ ->
                      " is bound to this workspace read-only. Its owner can bind it otherwise.";
                  case ALL ->
                      " belongs to the server and can only be read. Make a copy in a catalog of"
                          + " your own.";
                },
            null);
      }
      throw TarnException.permissionDenied(
          now.principal().name(), privilege.sql(), securable.toString());
    }
  }

  /** Requires {@code USE CATALOG}, then {@code USE SCHEMA}, on what the securable lies in. */
  public void requireUse(Principal principal, Securable securable) {
    requireUse(of(principal), securable);
  }

  private void requireUse(Authorization now, Securable securable) {
    securable
        .parent()
        .ifPresent(
            parent -> {
              requireUse(now, parent);
              require(now, Authorization.use(parent), parent);
            });
  }

  /**
   * Requires {@code USE CATALOG}, {@code USE SCHEMA} and then the privilege on the table.
   *
   * @throws TarnException PERMISSION_DENIED naming the first that is missing
   */
  public void requireTable(Principal principal, Privilege privilege, EntityName table) {
    requireUseOf(principal, privilege, Securable.table(table));
  }

  /** As {@link #requireTable}, for a volume. */
  public void requireVolume(Principal principal, Privilege privilege, EntityName volume) {
    requireUseOf(principal, privilege, Securable.volume(volume));
  }

  /** As {@link #requireTable}, for calling a function. */
  public void requireExecute(Principal principal, EntityName function) {
    requireUseOf(principal, Privilege.EXECUTE, Securable.function(function));
  }

  private void requireUseOf(Principal principal, Privilege privilege, Securable securable) {
    Authorization now = of(principal);
    requireUse(now, securable);
    require(now, privilege, securable);
  }

  /**
   * Whether the principal may know that the securable exists: {@code BROWSE}, or {@code USE} on
   * what it lies in with any privilege that works on it.
   */
  public boolean sees(Principal principal, Securable securable) {
    return of(principal).sees(securable);
  }

  /**
   * Whether the principal {@link #sees} everything of a type in a schema, whatever else is granted.
   */
  public boolean seesAll(Principal principal, Securable schema, SecurableType type) {
    return of(principal).seesAll(schema, type);
  }

  /**
   * Whether nothing of a type in a schema is one that the principal {@link #browsesOnly}, whatever
   * else is granted.
   */
  public boolean usesAll(Principal principal, Securable schema, SecurableType type) {
    return of(principal).usesAll(schema, type);
  }

  /** Whether all that the principal may is to know of it: a listing shows it if asked to only. */
  public boolean browsesOnly(Principal principal, Securable securable) {
    return !of(principal).uses(securable);
  }

  /**
   * Reads in one go what decides over many securables of one type, before they are asked about one
   * by one.
   *
   * @param owners by securable, as read when the epoch stood at {@code now} or later
   */
  public void prepare(Handle handle, Principal principal, Map<Securable, String> owners, long now) {
    if (!principal.administrator()) {
      policies.prepare(handle, owners, now);
    }
  }

  /**
   * Whether a privilege was granted on this securable or on what it lies in: being the owner or an
   * administrator is not enough.
   */
  public boolean grantedByName(Principal principal, Privilege privilege, Securable securable) {
    return of(principal).grantedByName(privilege, securable);
  }

  /**
   * Grants privileges; what is held already stays.
   *
   * @param by owner of the securable or of what it lies in, holder of {@code MANAGE}, or
   *     administrator
   * @throws TarnException PERMISSION_DENIED, INVALID_PARAMETER_VALUE for a privilege that this type
   *     of securable does not take, RESOURCE_DOES_NOT_EXIST for an unknown grantee or securable
   */
  public void grant(Principal by, Securable securable, String grantee, Set<Privilege> privileges) {
    change(by, securable, List.of(new GrantChange(grantee, privileges, Set.of())));
  }

  /** Takes privileges back; what is not held is ignored. Conditions as for {@link #grant}. */
  public void revoke(Principal by, Securable securable, String grantee, Set<Privilege> privileges) {
    change(by, securable, List.of(new GrantChange(grantee, Set.of(), privileges)));
  }

  /** Makes all changes or none. */
  public void change(Principal by, Securable securable, List<GrantChange> changes) {
    requireGrantor(by, securable);
    for (GrantChange change : changes) {
      for (Privilege privilege : change.add()) {
        if (privilege == Privilege.EXTERNAL_USE_SCHEMA) {
          // Owners of schemas may not decide that files leave the platform.
          Securable catalog = securable.parent().orElse(securable);
          require(by, Privilege.MANAGE, catalog);
        }
        if (!securable.type().grantable().contains(privilege)) {
          throw TarnException.invalid(
              "Privilege "
                  + privilege.sql()
                  + " cannot be granted on "
                  + securable
                  + ". It takes: "
                  + String.join(
                      ", ",
                      securable.type().grantable().stream().map(Privilege::sql).sorted().toList())
                  + ".");
        }
      }
      if (!change.add().isEmpty() && !knows(change.principal())) {
        throw new TarnException(
            ErrorCode.RESOURCE_DOES_NOT_EXIST,
            "42704",
            "There is no user or group '"
                + change.principal()
                + "' to grant to. Check the spelling, or have an administrator create it.",
            null);
      }
    }
    epoch.changing(
        List.of(Touched.only(securable.fullName())),
        handle -> {
          for (GrantChange change : changes) {
            String grantee = lower(change.principal());
            change.add().forEach(p -> store.add(handle, securable, grantee, p, by.name()));
            change.remove().forEach(p -> store.remove(handle, securable, grantee, p));
          }
          return null;
        });
  }

  private boolean knows(String principal) {
    return lower(principal).equals(EVERYBODY) || knownPrincipal.test(lower(principal));
  }

  /** The grants made on this very securable, not the inherited ones. Conditions as for granting. */
  public List<Grant> list(Principal by, Securable securable) {
    requireSight(by, securable);
    return jdbi.withHandle(handle -> store.list(handle, securable));
  }

  /**
   * The grants that hold on a securable: its own and those made on what it lies in, each naming
   * where it was made. Conditions as for granting.
   */
  public List<Grant> listEffective(Principal by, Securable securable) {
    requireSight(by, securable);
    return effective(securable);
  }

  private List<Grant> effective(Securable securable) {
    return jdbi.withHandle(
        handle -> {
          List<Grant> grants = new ArrayList<>();
          Optional<Securable> at = Optional.of(securable);
          while (at.isPresent()) {
            grants.addAll(store.list(handle, at.get()));
            at = at.get().parent();
          }
          return grants;
        });
  }

  /**
   * As the other, of one user or group alone; everybody may ask for their own.
   *
   * @throws TarnException PERMISSION_DENIED also for what {@code by} does not see
   */
  public List<Grant> listEffective(Principal by, Securable securable, String principal) {
    String grantee = lower(principal);
    boolean own = Authorization.is(by, grantee) && sees(by, securable) && exists(securable);
    return (own ? effective(securable) : listEffective(by, securable))
        .stream().filter(grant -> grant.principal().equals(grantee)).toList();
  }

  /** An administrator sees also what was granted on what is the server's own. */
  private void requireSight(Principal by, Securable securable) {
    if (by.administrator()) {
      requireExists(securable);
    } else {
      requireManage(by, securable);
    }
  }

  /** What the server records of everybody, an administrator lets others read. */
  private void requireGrantor(Principal by, Securable securable) {
    String catalog = securable.fullName().split("\\.", 2)[0];
    if (by.administrator()
        && catalog.equals(SYSTEM_CATALOG)
        && policies.isServers(securable, epoch())) {
      requireExists(securable);
    } else {
      requireManage(by, securable);
    }
  }

  private void requireManage(Principal by, Securable securable) {
    require(by, Privilege.MANAGE, securable);
    requireExists(securable);
  }

  /** Whether there is such a securable. */
  public boolean exists(Securable securable) {
    if (isRegistered(securable)) {
      return true;
    }
    owners.seek(securable);
    return isRegistered(securable);
  }

  /** As {@link #exists}, without asking another system. */
  public boolean isRegistered(Securable securable) {
    return securable.type() == SecurableType.METASTORE
        || policies.of(securable, epoch()).owner().isPresent();
  }

  /**
   * @throws TarnException that there is no such securable
   */
  public void requireExists(Securable securable) {
    if (!exists(securable)) {
      throw TarnException.notFound(
          switch (securable.type()) {
            case CATALOG -> ErrorCode.CATALOG_DOES_NOT_EXIST;
            case SCHEMA -> ErrorCode.SCHEMA_DOES_NOT_EXIST;
            case TABLE -> ErrorCode.TABLE_DOES_NOT_EXIST;
            case VOLUME -> ErrorCode.VOLUME_DOES_NOT_EXIST;
            default -> ErrorCode.RESOURCE_DOES_NOT_EXIST;
          },
          securable.type().title(),
          securable.fullName());
    }
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST unless a user or group of this name can own
   *     things
   */
  public String requirePrincipal(String name) {
    if (!knownPrincipal.test(lower(name))) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "There is no user or group '" + name + "'. Check the spelling.");
    }
    return lower(name);
  }

  /**
   * Who may get what works with its owner's rights, such as a view: whoever gives it away, a group
   * of theirs, or, by an administrator, anybody. Else a text would gain the rights of whom it is
   * given to.
   *
   * @throws TarnException PERMISSION_DENIED; as {@link #requirePrincipal}
   */
  public String requireHeir(Principal by, String name) {
    String heir = requirePrincipal(name);
    if (!by.administrator() && !Authorization.is(by, heir)) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED,
          "42501",
          "User '"
              + by.name()
              + "' can give a view or function only to themselves or to a group of theirs, since it"
              + " works with its owner's rights. Ask an administrator to give it to '"
              + heir
              + "'.",
          null);
    }
    return heir;
  }

  /** Whose a view or function is once somebody has written it anew. */
  public String ownerAfter(Principal by, String owner) {
    return by.administrator() || Authorization.is(by, owner) ? owner : lower(by.name());
  }

  /** Rises with every change of a grant or a securable: what was cached before it is stale. */
  public long epoch() {
    return epoch.now();
  }

  /**
   * Runs a change of securables in one transaction that raises the epoch. Every write to what
   * {@link Owners} answers goes through here.
   */
  public <R> R changing(Function<Handle, R> change) {
    return epoch.changing(change);
  }

  /**
   * As the other, of a change that is about one securable and what is inside it alone: what was
   * read of others is kept.
   */
  public <R> R changing(Securable about, Function<Handle, R> change) {
    return epoch.changing(List.of(Touched.within(about.fullName())), change);
  }

  /** What changes were about since the epoch stood so; empty if that may be anything. */
  public Optional<Set<Touched>> touchedSince(long then) {
    return epoch.touchedSince(then);
  }

  /** Whether a change was about any of these since the epoch stood so, or may have been. */
  public boolean touched(Collection<String> fullNames, long since) {
    return epoch.touched(fullNames, since);
  }

  /** What a room reads of securables, kept until the epoch rises. */
  public <K, V> Epoch.Kept<K, V> kept(long most) {
    return epoch.kept(most);
  }

  /** As the other, bounded by what the weigher says that each weighs. */
  public <K, V> Epoch.Kept<K, V> keptByWeight(long most, ToIntFunction<V> weigher) {
    return epoch.keptByWeight(most, weigher);
  }

  /**
   * What a room reads of securables, kept until a change is about one of them.
   *
   * @param name the full name of the securable that alone decides what is read
   */
  public <K, V> Epoch.Kept<K, V> kept(long most, Function<K, String> name) {
    return epoch.kept(most, name);
  }

  /** Grants what the server itself grants on what it makes; inside {@link #changing}. */
  public void enter(Handle handle, Securable securable, String grantee, Set<Privilege> privileges) {
    privileges.forEach(p -> store.add(handle, securable, grantee, p, SYSTEM_USER));
  }

  /** Whether nobody has granted anything on this very securable, nor hung anything on it. */
  public boolean untouched(Handle handle, Securable securable) {
    return store.list(handle, securable).isEmpty()
        && attached.stream().noneMatch(each -> each.hangsOn(handle, securable));
  }

  /** Drops the grants of a securable that goes, and of all inside it; inside {@link #changing}. */
  public void forget(Handle handle, Securable securable) {
    store.removeTree(handle, securable);
    attached.forEach(each -> each.forget(handle, securable));
  }

  /**
   * Takes the grants of a securable, and of all inside it, along to its new name; inside {@link
   * #changing}.
   */
  public void moved(Handle handle, Securable from, Securable to) {
    store.removeTree(handle, to);
    store.move(handle, from, to);
    attached.forEach(each -> each.forget(handle, to));
    attached.forEach(each -> each.moved(handle, from, to));
  }

  /** Takes the grants of a dropped table to where they wait for it; inside {@link #changing}. */
  public void dropped(Handle handle, Securable table, Securable waiting) {
    store.move(handle, table, waiting);
    attached.forEach(each -> each.dropped(handle, table, waiting));
  }

  /** Takes what hung on a column along to its new name; inside {@link #changing}. */
  public void columnMoved(Handle handle, Securable table, String from, String to) {
    attached.forEach(each -> each.columnMoved(handle, table, from, to));
  }

  /** Drops what hung on columns that are gone; inside {@link #changing}. */
  public void columns(Handle handle, Securable table, Collection<String> columns) {
    attached.forEach(each -> each.columns(handle, table, columns));
  }
}
