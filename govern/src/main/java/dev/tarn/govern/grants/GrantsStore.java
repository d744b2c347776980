package dev.tarn.govern.grants;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Grants as rows. */
final class GrantsStore {
  List<Grant> list(Handle handle, Securable securable) {
    return handle
        .createQuery(
            "SELECT principal, privilege, granted_by FROM grants"
                + " WHERE securable_type = :type AND full_name = :name"
                + " ORDER BY principal, privilege")
        .bind("type", securable.type().name())
        .bind("name", securable.fullName())
        .map(
            (rows, context) ->
                new Grant(
                    rows.getString("principal"),
                    securable,
                    Privilege.valueOf(rows.getString("privilege")),
                    rows.getString("granted_by")))
        .list();
  }

  /**
   * @param securables of one type, some hundred at most
   */
  List<Grant> list(Handle handle, List<Securable> securables) {
    return handle
        .createQuery(
            "SELECT full_name, principal, privilege, granted_by FROM grants"
                + " WHERE securable_type = :type AND full_name IN (<names>)")
        .bind("type", securables.get(0).type().name())
        .bindList("names", securables.stream().map(Securable::fullName).toList())
        .map(
            (rows, context) ->
                new Grant(
                    rows.getString("principal"),
                    new Securable(securables.get(0).type(), rows.getString("full_name")),
                    Privilege.valueOf(rows.getString("privilege")),
                    rows.getString("granted_by")))
        .list();
  }

  void add(Handle handle, Securable securable, String grantee, Privilege privilege, String by) {
    handle
        .createUpdate(
            "INSERT INTO grants"
                + " (securable_type, full_name, principal, privilege, granted_by, granted_at)"
                + " VALUES (:type, :name, :principal, :privilege, :by, :at)"
                + " ON CONFLICT DO NOTHING")
        .bind("type", securable.type().name())
        .bind("name", securable.fullName())
        .bind("principal", grantee)
        .bind("privilege", privilege.name())
        .bind("by", by)
        .bind("at", System.currentTimeMillis())
        .execute();
  }

  void remove(Handle handle, Securable securable, String grantee, Privilege privilege) {
    handle
        .createUpdate(
            "DELETE FROM grants WHERE securable_type = :type AND full_name = :name"
                + " AND principal = :principal AND privilege = :privilege")
        .bind("type", securable.type().name())
        .bind("name", securable.fullName())
        .bind("principal", grantee)
        .bind("privilege", privilege.name())
        .execute();
  }

  /** Removes the grants on a securable and on everything inside it. */
  void removeTree(Handle handle, Securable securable) {
    handle
        .createUpdate("DELETE FROM grants WHERE securable_type = :type AND full_name = :name")
        .bind("type", securable.type().name())
        .bind("name", securable.fullName())
        .execute();
    if (securable.type() == SecurableType.CATALOG || securable.type() == SecurableType.SCHEMA) {
      handle
          .createUpdate(
              "DELETE FROM grants WHERE securable_type IN ('SCHEMA', 'TABLE', 'VOLUME', 'FUNCTION')"
                  + " AND substr(full_name, 1, :length) = :prefix")
          .bind("length", securable.fullName().length() + 1)
          .bind("prefix", securable.fullName() + ".")
          .execute();
    }
  }

  /** Moves the grants on a securable and on everything inside it. */
  void move(Handle handle, Securable from, Securable to) {
    handle
        .createUpdate(
            "UPDATE grants SET full_name = :to WHERE securable_type = :type AND full_name = :from")
        .bind("type", from.type().name())
        .bind("from", from.fullName())
        .bind("to", to.fullName())
        .execute();
    if (from.type() == SecurableType.CATALOG || from.type() == SecurableType.SCHEMA) {
      handle
          .createUpdate(
              "UPDATE grants SET full_name = :to || substr(full_name, :rest)"
                  + " WHERE securable_type IN ('SCHEMA', 'TABLE', 'VOLUME', 'FUNCTION')"
                  + " AND substr(full_name, 1, :length) = :prefix")
          .bind("to", to.fullName())
          .bind("rest", from.fullName().length() + 1)
          .bind("length", from.fullName().length() + 1)
          .bind("prefix", from.fullName() + ".")
          .execute();
    }
  }
}
