package dev.tarn.serve.warehouses;

/**
 * Who has which permission on a warehouse, or is to get it: one of the three names is set.
 *
 * @param userName of a user
 * @param groupName of a group; {@code users} is everybody
 * @param servicePrincipalName application id
 */
public record AccessControl(
    String userName,
    String groupName,
    String servicePrincipalName,
    PermissionLevel permissionLevel) {

  enum Kind {
    USER,
    GROUP,
    SERVICE_PRINCIPAL
  }

  static AccessControl of(Kind kind, String name, PermissionLevel level) {
    return new AccessControl(
        kind == Kind.USER ? name : null,
        kind == Kind.GROUP ? name : null,
        kind == Kind.SERVICE_PRINCIPAL ? name : null,
        level);
  }

  Kind kind() {
    return userName != null ? Kind.USER : groupName != null ? Kind.GROUP : Kind.SERVICE_PRINCIPAL;
  }

  String name() {
    return switch (kind()) {
      case USER -> userName;
      case GROUP -> groupName;
      case SERVICE_PRINCIPAL -> servicePrincipalName;
    };
  }
}
