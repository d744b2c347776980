package dev.tarn.platform.identity.directory;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.Epoch;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.DirectoryStore.GroupRow;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Groups of users, service principals and other groups. A member of a group's member is in the
 * group too. All calls are for administrators.
 */
public final class Groups {
  private final Jdbi jdbi;
  private final Epoch epoch;
  private final Clock clock;
  private final DirectoryStore store = new DirectoryStore();

  /**
   * What to change; members by id.
   *
   * @param replace empty: {@code add} and {@code remove} apply to the members there are
   * @param externalId an empty text removes it
   */
  public record Change(
      Optional<Set<Long>> replace, Set<Long> add, Set<Long> remove, Optional<String> externalId) {
    public Change {
      add = Set.copyOf(add);
      remove = Set.copyOf(remove);
    }
  }

  /**
   * @param epoch rises with every change of principals and groups
   */
  public Groups(MetadataDatabase database, Epoch epoch, Clock clock) {
    this.jdbi = database.jdbi();
    this.epoch = epoch;
    this.clock = clock;
  }

  /** All groups, the oldest first. */
  public List<Group> list(Principal administrator) {
    DirectoryNames.requireAdministrator(administrator, "list groups");
    return jdbi.withHandle(
        handle -> store.groups(handle).stream().map(row -> full(handle, row)).toList());
  }

  /**
   * @throws TarnException RESOURCE_DOES_NOT_EXIST
   */
  public Group get(Principal administrator, long id) {
    DirectoryNames.requireAdministrator(administrator, "look up groups");
    return jdbi.withHandle(handle -> full(handle, require(handle, id)));
  }

  /**
   * @param members ids of users, service principals and groups
   * @throws TarnException RESOURCE_ALREADY_EXISTS if a user or group has the name;
   *     RESOURCE_DOES_NOT_EXIST for an unknown member
   */
  public Group create(
      Principal administrator, String givenName, String externalId, Set<Long> members) {
    DirectoryNames.requireAdministrator(administrator, "create groups");
    String name = DirectoryNames.require(givenName);
    if (externalId != null) {
      DirectoryNames.requireText("An external id", externalId);
    }
    return epoch.changing(
        handle -> {
          DirectoryNames.requireFree(handle, store, name);
          long id = store.newId(handle);
          store.addGroup(handle, id, name, externalId, clock.millis());
          members.forEach(member -> addMember(handle, name, member));
          return full(handle, require(handle, id));
        });
  }

  /**
   * Changes members and external id; a name stays, since grants are made to it.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST for an unknown group or member; INVALID_STATE to
   *     take the first administrator out of the administrators
   */
  public Group change(Principal administrator, long id, Change change) {
    DirectoryNames.requireAdministrator(administrator, "change groups");
    return epoch.changing(
        handle -> {
          GroupRow group = require(handle, id);
          change
              .replace()
              .ifPresent(
                  members ->
                      store.membersOf(handle, group.name()).stream()
                          .map(Group.Member::id)
                          .filter(member -> !members.contains(member))
                          .forEach(member -> store.removeMember(handle, group.name(), member)));
          change.replace().orElse(Set.of()).forEach(m -> addMember(handle, group.name(), m));
          change.add().forEach(member -> addMember(handle, group.name(), member));
          change.remove().forEach(member -> store.removeMember(handle, group.name(), member));
          change
              .externalId()
              .map(text -> DirectoryNames.requireText("An external id", text))
              .ifPresent(text -> store.changeGroup(handle, id, text.isEmpty() ? null : text));
          requireFirstAdministrator(handle, group);
          return full(handle, require(handle, id));
        });
  }

  /**
   * Deletes a group; its members stay.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST; INVALID_STATE for the administrators
   */
  public void delete(Principal administrator, long id) {
    DirectoryNames.requireAdministrator(administrator, "delete groups");
    epoch.change(
        handle -> {
          if (require(handle, id).name().equals(Directory.ADMINISTRATORS)) {
            throw new TarnException(
                ErrorCode.INVALID_STATE,
                "Group '"
                    + Directory.ADMINISTRATORS
                    + "' cannot be deleted: nobody could make it"
                    + " again.");
          }
          store.deleteGroup(handle, id);
        });
  }

  private void requireFirstAdministrator(Handle handle, GroupRow group) {
    if (group.name().equals(Directory.ADMINISTRATORS)
        && store.groupsOf(handle, Directory.FIRST_ADMINISTRATOR).stream()
            .noneMatch(of -> of.id() == group.id())) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "User '"
              + Directory.FIRST_ADMINISTRATOR
              + "' cannot leave group '"
              + Directory.ADMINISTRATORS
              + "', since Tarn itself acts as this user when it starts.");
    }
  }

  private void addMember(Handle handle, String group, long id) {
    Optional<String> principal = store.nameOfPrincipal(handle, id);
    if (principal.isPresent()) {
      store.addMember(handle, group, principal.get());
      return;
    }
    String nested =
        store
            .group(handle, id)
            .map(GroupRow::name)
            .orElseThrow(
                () ->
                    new TarnException(
                        ErrorCode.RESOURCE_DOES_NOT_EXIST,
                        "No user, service principal or group has the id "
                            + id
                            + ". Members are given by id."));
    if (nested.equals(group)) {
      throw TarnException.invalid("Group '" + group + "' cannot be a member of itself.");
    }
    store.addNested(handle, group, nested);
  }

  private GroupRow require(Handle handle, long id) {
    return store
        .group(handle, id)
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.RESOURCE_DOES_NOT_EXIST,
                    "Group with id " + id + " does not exist. List groups to see their ids."));
  }

  private Group full(Handle handle, GroupRow row) {
    return new Group(
        row.id(),
        row.name(),
        row.externalId(),
        store.membersOf(handle, row.name()),
        store.parentsOf(handle, row.name()));
  }
}
