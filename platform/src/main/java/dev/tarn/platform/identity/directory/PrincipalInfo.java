package dev.tarn.platform.identity.directory;

import java.util.List;
import java.util.stream.Stream;

/**
 * A user or service principal as it stands in the directory.
 *
 * @param id stable number, as text on the wire; shared with groups and never used again
 * @param name what grants and statements call it, in lower case: e-mail address of a user,
 *     application id of a service principal
 * @param active false: its tokens do not work
 * @param externalId id in another directory, or null
 * @param groups groups it was put into, sorted by name
 * @param indirectGroups groups that those are in, at any depth, sorted by name
 */
public record PrincipalInfo(
    long id,
    PrincipalType type,
    String name,
    String displayName,
    boolean active,
    String externalId,
    List<GroupName> groups,
    List<GroupName> indirectGroups) {

  /** A group by id and name. */
  public record GroupName(long id, String name) {}

  public PrincipalInfo {
    groups = List.copyOf(groups);
    indirectGroups = List.copyOf(indirectGroups);
  }

  /** Names of all groups it belongs to. */
  public List<String> groupNames() {
    return Stream.concat(groups.stream(), indirectGroups.stream())
        .map(GroupName::name)
        .distinct()
        .sorted()
        .toList();
  }
}
