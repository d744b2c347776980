package dev.tarn.platform.identity.directory;

import java.util.List;

/**
 * A group as it stands in the directory.
 *
 * @param name in lower case
 * @param externalId id in another directory, or null
 */
public record Group(
    long id,
    String name,
    String externalId,
    List<Member> members,
    List<PrincipalInfo.GroupName> parents) {
  /**
   * A member.
   *
   * @param resource {@code User}, {@code ServicePrincipal} or {@code Group}
   */
  public record Member(long id, String name, String resource) {}

  public Group {
    members = List.copyOf(members);
    parents = List.copyOf(parents);
  }
}
