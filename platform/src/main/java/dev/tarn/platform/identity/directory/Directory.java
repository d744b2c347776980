package dev.tarn.platform.identity.directory;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.DirectoryStore.Row;
import dev.tarn.platform.identity.directory.PrincipalInfo.GroupName;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Users and service principals. Names are kept in lower case and share one namespace with groups.
 * Whatever belongs to a principal (tokens, secrets, memberships) ends with it, in the same
 * transaction.
 */
public final class Directory {
  /** Members administer the metastore. */
  public static final String ADMINISTRATORS = "admins";

  /**
   * Made at first start, and always there after: Tarn itself acts as this user when it starts, so
   * it can neither be deleted nor lose its rights.
   */
  public static final String FIRST_ADMINISTRATOR = "admin";

  private static final int MOST_KEPT = 10_000;

  private final Jdbi jdbi;
  private final Epoch epoch;
  private final Epoch.Kept<String, PrincipalInfo> found;
  private final Clock clock;
  private final DirectoryStore store = new DirectoryStore();

  /**
   * @param epoch rises with every change of principals and groups
   */
  public Directory(MetadataDatabase database, Epoch epoch, Clock clock) {
    this.jdbi = database.jdbi();
    this.epoch = epoch;
    this.found = epoch.kept(MOST_KEPT);
    this.clock = clock;
  }

  /** A user or service principal of any state, with its groups. */
  public Optional<PrincipalInfo> find(String name) {
    String stored = DirectoryNames.lower(name);
    return Optional.ofNullable(found.get(stored, epoch.now(), () -> read(stored)));
  }

  /** Null for nobody: who asks for names that nobody has must not fill the memory. */
  private PrincipalInfo read(String name) {
    return jdbi.withHandle(
            handle -> store.principal(handle, name).map(row -> withGroups(handle, row)))
        .orElse(null);
  }

  /** A group's own name and those of all groups that it is in; empty if there is no such group. */
  public Optional<Set<String>> groupsFrom(String group) {
    String stored = DirectoryNames.lower(group);
    return jdbi.withHandle(
        handle ->
            store.groupId(handle, stored).map(id -> Set.copyOf(store.groupsFrom(handle, stored))));
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public PrincipalInfo get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST,
                    "User '" + name + "' does not exist. An administrator can create it."));
  }

  /** Whether there is a user, service principal or group of this name. */
  public boolean exists(String name) {
    String stored = DirectoryNames.lower(name);
    return DirectoryNames.EVERYBODY.contains(stored)
        || jdbi.withHandle(
            handle ->
                store.principalId(handle, stored).isPresent()
                    || store.groupId(handle, stored).isPresent());
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST; PERMISSION_DENIED unless called by an
   *     administrator
   */
  public PrincipalInfo get(Principal administrator, PrincipalType type, long id) {
    DirectoryNames.requireAdministrator(administrator, "look up users and service principals");
    return jdbi.withHandle(handle -> withGroups(handle, require(handle, type, id)));
  }

  /** All of a type, the oldest first; administrators only. */
  public List<PrincipalInfo> list(Principal administrator, PrincipalType type) {
    DirectoryNames.requireAdministrator(administrator, "list users and service principals");
    return jdbi.withHandle(
        handle ->
            store.principals(handle, type).stream().map(row -> withGroups(handle, row)).toList());
  }

  /**
   * Makes a user, who sees nothing until something is granted.
   *
   * @param groups made if they do not exist; {@code admins} makes an administrator
   * @throws TarnException PERMISSION_DENIED unless called by an administrator;
   *     RESOURCE_ALREADY_EXISTS if a user or group has the name
   */
  public PrincipalInfo createUser(
      Principal administrator, String userName, PrincipalChange with, List<String> groups) {
    DirectoryNames.requireAdministrator(administrator, "create users");
    return create(PrincipalType.USER, userName, with, groups);
  }

  /**
   * Makes a service principal, which sees nothing until something is granted to its application id.
   *
   * @param applicationId a UUID; empty: a new one
   * @param groups as for users
   * @throws TarnException as for users
   */
  public PrincipalInfo createServicePrincipal(
      Principal administrator,
      Optional<String> applicationId,
      PrincipalChange with,
      List<String> groups) {
    DirectoryNames.requireAdministrator(administrator, "create service principals");
    String name = applicationId.orElseGet(() -> UUID.randomUUID().toString());
    try {
      if (!UUID.fromString(name).toString().equals(DirectoryNames.lower(name))) {
        throw new IllegalArgumentException(name);
      }
    } catch (IllegalArgumentException e) {
      throw TarnException.invalid(
          "The application id of a service principal must be a UUID. Leave it out to get one.");
    }
    return create(PrincipalType.SERVICE_PRINCIPAL, name, with, groups);
  }

  /** Makes the first administrator unless it exists. */
  public PrincipalInfo firstAdministrator() {
    return find(FIRST_ADMINISTRATOR)
        .orElseGet(
            () ->
                create(
                    PrincipalType.USER,
                    FIRST_ADMINISTRATOR,
                    PrincipalChange.none(),
                    List.of(ADMINISTRATORS)));
  }

  private PrincipalInfo create(
      PrincipalType type, String givenName, PrincipalChange with, List<String> groups) {
    String name = DirectoryNames.require(givenName);
    List<String> into =
        groups.stream()
            .map(DirectoryNames::require)
            .filter(group -> !DirectoryNames.EVERYBODY.contains(group))
            .toList();
    return epoch.changing(
        handle -> {
          DirectoryNames.requireFree(handle, store, name);
          Row row = changed(new Row(store.newId(handle), type, name, null, true, null), with);
          store.addPrincipal(handle, row, clock.millis());
          for (String group : into) {
            if (store.groupId(handle, group).isEmpty()) {
              DirectoryNames.requireFree(handle, store, group);
              store.addGroup(handle, store.newId(handle), group, null, clock.millis());
            }
            store.addMember(handle, group, name);
          }
          return withGroups(handle, row);
        });
  }

  /**
   * @throws TarnException PERMISSION_DENIED unless called by an administrator;
   *     RESOURCE_DOES_NOT_EXIST; INVALID_STATE to deactivate the first administrator
   */
  public PrincipalInfo change(
      Principal administrator, PrincipalType type, long id, PrincipalChange change) {
    DirectoryNames.requireAdministrator(administrator, "change users and service principals");
    return epoch.changing(
        handle -> {
          Row row = changed(require(handle, type, id), change);
          if (!row.active()) {
            requireNotFirst(row, "deactivated");
          }
          store.changePrincipal(handle, row);
          return withGroups(handle, row);
        });
  }

  /**
   * Deletes a user or service principal with its tokens, secrets and memberships; they stop working
   * at once. What it owns stays its own by name.
   *
   * @throws TarnException as for {@link #change}
   */
  public void delete(Principal administrator, PrincipalType type, long id) {
    DirectoryNames.requireAdministrator(administrator, "delete users and service principals");
    epoch.change(
        handle -> {
          requireNotFirst(require(handle, type, id), "deleted");
          store.deletePrincipal(handle, id);
        });
  }

  private static void requireNotFirst(Row row, String what) {
    if (row.name().equals(FIRST_ADMINISTRATOR)) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "User '"
              + FIRST_ADMINISTRATOR
              + "' cannot be "
              + what
              + ", since Tarn itself acts as this user when it starts. Revoke its tokens instead.");
    }
  }

  private Row require(Handle handle, PrincipalType type, long id) {
    return store
        .principal(handle, type, id)
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST,
                    type.resource()
                        + " with id "
                        + id
                        + " does not exist. List them to see the ids there are."));
  }

  private static Row changed(Row row, PrincipalChange change) {
    return new Row(
        row.id(),
        row.type(),
        row.name(),
        change
            .displayName()
            .map(name -> DirectoryNames.requireText("A display name", name))
            .orElse(row.displayName()),
        change.active().orElse(row.active()),
        change
            .externalId()
            .map(id -> DirectoryNames.requireText("An external id", id))
            .map(id -> id.isEmpty() ? null : id)
            .orElse(change.externalId().isPresent() ? null : row.externalId()));
  }

  private PrincipalInfo withGroups(Handle handle, Row row) {
    List<GroupName> direct = store.groupsOf(handle, row.name());
    List<GroupName> indirect =
        direct.isEmpty()
            ? List.of()
            : store.allGroupsOf(handle, row.name()).stream()
                .filter(group -> !direct.contains(group))
                .toList();
    return new PrincipalInfo(
        row.id(),
        row.type(),
        row.name(),
        row.displayName() == null ? row.name() : row.displayName(),
        row.active(),
        row.externalId(),
        direct,
        indirect);
  }
}
