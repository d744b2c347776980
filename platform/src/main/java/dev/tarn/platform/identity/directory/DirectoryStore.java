package dev.tarn.platform.identity.directory;

import dev.tarn.platform.identity.directory.PrincipalInfo.GroupName;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Users, service principals, groups and who is in which, as rows. */
final class DirectoryStore {
  /** A row of {@code users}. */
  record Row(
      long id,
      PrincipalType type,
      String name,
      String displayName,
      boolean active,
      String externalId) {}

  /** A row of {@code user_groups}. */
  record GroupRow(long id, String name, String externalId) {}

  private static final String COLUMNS =
      "SELECT user_id, principal_type, user_name, display_name, active, external_id FROM users ";
  private static final RowMapper<Row> ROW =
      (rows, context) ->
          new Row(
              rows.getLong("user_id"),
              PrincipalType.valueOf(rows.getString("principal_type")),
              rows.getString("user_name"),
              rows.getString("display_name"),
              rows.getInt("active") != 0,
              rows.getString("external_id"));
  private static final RowMapper<GroupRow> GROUP =
      (rows, context) ->
          new GroupRow(
              rows.getLong("group_id"),
              rows.getString("group_name"),
              rows.getString("external_id"));
  private static final RowMapper<GroupName> GROUP_NAME =
      (rows, context) -> new GroupName(rows.getLong("group_id"), rows.getString("group_name"));

  long newId(Handle handle) {
    return handle
        .createQuery("UPDATE directory_ids SET last_id = last_id + 1 RETURNING last_id")
        .mapTo(Long.class)
        .one();
  }

  void addPrincipal(Handle handle, Row row, long at) {
    handle
        .createUpdate(
            "INSERT INTO users (user_name, user_id, created_at, principal_type, display_name,"
                + " external_id, active) VALUES (:name, :id, :at, :type, :display, :external,"
                + " :active)")
        .bind("name", row.name())
        .bind("id", row.id())
        .bind("at", at)
        .bind("type", row.type().name())
        .bind("display", row.displayName())
        .bind("external", row.externalId())
        .bind("active", row.active() ? 1 : 0)
        .execute();
  }

  void changePrincipal(Handle handle, Row row) {
    handle
        .createUpdate(
            "UPDATE users SET display_name = :display, external_id = :external, active = :active"
                + " WHERE user_id = :id")
        .bind("id", row.id())
        .bind("display", row.displayName())
        .bind("external", row.externalId())
        .bind("active", row.active() ? 1 : 0)
        .execute();
  }

  void deletePrincipal(Handle handle, long id) {
    handle.createUpdate("DELETE FROM users WHERE user_id = :id").bind("id", id).execute();
  }

  Optional<Row> principal(Handle handle, String name) {
    return handle
        .createQuery(COLUMNS + "WHERE user_name = :name")
        .bind("name", name)
        .map(ROW)
        .findOne();
  }

  Optional<Row> principal(Handle handle, PrincipalType type, long id) {
    return handle
        .createQuery(COLUMNS + "WHERE user_id = :id AND principal_type = :type")
        .bind("id", id)
        .bind("type", type.name())
        .map(ROW)
        .findOne();
  }

  List<Row> principals(Handle handle, PrincipalType type) {
    return handle
        .createQuery(COLUMNS + "WHERE principal_type = :type ORDER BY user_id")
        .bind("type", type.name())
        .map(ROW)
        .list();
  }

  Optional<Long> principalId(Handle handle, String name) {
    return principal(handle, name).map(Row::id);
  }

  void addGroup(Handle handle, long id, String name, String externalId, long at) {
    handle
        .createUpdate(
            "INSERT INTO user_groups (group_name, created_at, group_id, external_id)"
                + " VALUES (:name, :at, :id, :external)")
        .bind("name", name)
        .bind("at", at)
        .bind("id", id)
        .bind("external", externalId)
        .execute();
  }

  void changeGroup(Handle handle, long id, String externalId) {
    handle
        .createUpdate("UPDATE user_groups SET external_id = :external WHERE group_id = :id")
        .bind("id", id)
        .bind("external", externalId)
        .execute();
  }

  void deleteGroup(Handle handle, long id) {
    handle.createUpdate("DELETE FROM user_groups WHERE group_id = :id").bind("id", id).execute();
  }

  Optional<Long> groupId(Handle handle, String name) {
    return handle
        .createQuery("SELECT group_id FROM user_groups WHERE group_name = :name")
        .bind("name", name)
        .mapTo(Long.class)
        .findOne();
  }

  Optional<GroupRow> group(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT group_id, group_name, external_id FROM user_groups WHERE group_id = :id")
        .bind("id", id)
        .map(GROUP)
        .findOne();
  }

  List<GroupRow> groups(Handle handle) {
    return handle
        .createQuery("SELECT group_id, group_name, external_id FROM user_groups ORDER BY group_id")
        .map(GROUP)
        .list();
  }

  /** The groups that a principal was put into. */
  List<GroupName> groupsOf(Handle handle, String userName) {
    return handle
        .createQuery(
            "SELECT g.group_id, g.group_name FROM memberships m"
                + " JOIN user_groups g ON g.group_name = m.group_name"
                + " WHERE m.user_name = :user ORDER BY g.group_name")
        .bind("user", userName)
        .map(GROUP_NAME)
        .list();
  }

  /** All groups of a principal, at any depth; ends on cycles too, since UNION drops repetitions. */
  List<GroupName> allGroupsOf(Handle handle, String userName) {
    return handle
        .createQuery(
            "WITH RECURSIVE belongs (group_name) AS ("
                + " SELECT group_name FROM memberships WHERE user_name = :user"
                + " UNION SELECT n.group_name FROM nested_groups n"
                + " JOIN belongs b ON n.member_group = b.group_name)"
                + " SELECT g.group_id, g.group_name FROM belongs b"
                + " JOIN user_groups g ON g.group_name = b.group_name ORDER BY g.group_name")
        .bind("user", userName)
        .map(GROUP_NAME)
        .list();
  }

  /** A group and all groups that it is in, at any depth. */
  List<String> groupsFrom(Handle handle, String group) {
    return handle
        .createQuery(
            "WITH RECURSIVE belongs (group_name) AS ("
                + " SELECT group_name FROM user_groups WHERE group_name = :group"
                + " UNION SELECT n.group_name FROM nested_groups n"
                + " JOIN belongs b ON n.member_group = b.group_name)"
                + " SELECT group_name FROM belongs")
        .bind("group", group)
        .mapTo(String.class)
        .list();
  }

  List<GroupName> parentsOf(Handle handle, String group) {
    return handle
        .createQuery(
            "SELECT g.group_id, g.group_name FROM nested_groups n"
                + " JOIN user_groups g ON g.group_name = n.group_name"
                + " WHERE n.member_group = :group ORDER BY g.group_name")
        .bind("group", group)
        .map(GROUP_NAME)
        .list();
  }

  List<Group.Member> membersOf(Handle handle, String group) {
    return handle
        .createQuery(
            "SELECT u.user_id AS id, coalesce(u.display_name, u.user_name) AS name,"
                + " u.principal_type AS type FROM memberships m"
                + " JOIN users u ON u.user_name = m.user_name WHERE m.group_name = :group"
                + " UNION ALL SELECT g.group_id, g.group_name, 'GROUP' FROM nested_groups n"
                + " JOIN user_groups g ON g.group_name = n.member_group"
                + " WHERE n.group_name = :group ORDER BY 1")
        .bind("group", group)
        .map(
            (rows, context) -> {
              String type = rows.getString("type");
              return new Group.Member(
                  rows.getLong("id"),
                  rows.getString("name"),
                  type.equals("GROUP") ? "Group" : PrincipalType.valueOf(type).resource());
            })
        .list();
  }

  void addMember(Handle handle, String group, String userName) {
    handle
        .createUpdate(
            "INSERT INTO memberships (group_name, user_name) VALUES (:group, :member)"
                + " ON CONFLICT DO NOTHING")
        .bind("group", group)
        .bind("member", userName)
        .execute();
  }

  void addNested(Handle handle, String group, String member) {
    handle
        .createUpdate(
            "INSERT INTO nested_groups (group_name, member_group) VALUES (:group, :member)"
                + " ON CONFLICT DO NOTHING")
        .bind("group", group)
        .bind("member", member)
        .execute();
  }

  /** Removes a principal or group, whichever has the id. */
  void removeMember(Handle handle, String group, long id) {
    handle
        .createUpdate(
            "DELETE FROM memberships WHERE group_name = :group"
                + " AND user_name IN (SELECT user_name FROM users WHERE user_id = :id)")
        .bind("group", group)
        .bind("id", id)
        .execute();
    handle
        .createUpdate(
            "DELETE FROM nested_groups WHERE group_name = :group"
                + " AND member_group IN (SELECT group_name FROM user_groups WHERE group_id = :id)")
        .bind("group", group)
        .bind("id", id)
        .execute();
  }

  Optional<String> nameOfPrincipal(Handle handle, long id) {
    return handle
        .createQuery("SELECT user_name FROM users WHERE user_id = :id")
        .bind("id", id)
        .mapTo(String.class)
        .findOne();
  }
}
