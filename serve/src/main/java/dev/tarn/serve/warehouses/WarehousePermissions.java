package dev.tarn.serve.warehouses;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.serve.warehouses.AccessControl.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Who may do what with a warehouse. Administrators may everything; everybody else what was given to
 * them, to a group of theirs, or to {@code users}, who are everybody.
 */
final class WarehousePermissions {
  private static final Set<String> EVERYBODY = Set.of("users", "account users");
  private static final int MOST = 1000;
  private static final int LONGEST_NAME = 255;

  private final Jdbi jdbi;
  private final Predicate<String> exists;
  private final WarehousesStore store = new WarehousesStore();

  /**
   * @param exists whether there is a user, service principal or group of a name
   */
  WarehousePermissions(MetadataDatabase database, Predicate<String> exists) {
    this.jdbi = database.jdbi();
    this.exists = exists;
  }

  void own(Handle handle, String warehouseId, String owner) {
    store.give(
        handle, warehouseId, AccessControl.of(Kind.USER, lower(owner), PermissionLevel.IS_OWNER));
  }

  void letEverybodyUse(Handle handle, String warehouseId) {
    store.give(handle, warehouseId, AccessControl.of(Kind.GROUP, "users", PermissionLevel.CAN_USE));
  }

  List<AccessControl> list(String warehouseId) {
    return jdbi.withHandle(handle -> store.permissions(handle, warehouseId));
  }

  Optional<PermissionLevel> level(Principal principal, String warehouseId) {
    if (principal.administrator()) {
      return Optional.of(PermissionLevel.CAN_MANAGE);
    }
    return list(warehouseId).stream()
        .filter(entry -> holds(principal, entry))
        .map(AccessControl::permissionLevel)
        .max(PermissionLevel::compareTo);
  }

  private static boolean holds(Principal principal, AccessControl entry) {
    return entry.kind() == Kind.GROUP
        ? EVERYBODY.contains(entry.name()) || principal.isIn(entry.name())
        : principal.isNamed(entry.name());
  }

  /**
   * @throws TarnException PERMISSION_DENIED
   */
  void require(Principal principal, Warehouse warehouse, PermissionLevel needed) {
    if (!level(principal, warehouse.id()).filter(l -> l.includes(needed)).isPresent()) {
      throw TarnException.permissionDenied(
          principal.name(), needed.name(), "SQL warehouse '" + warehouse.name() + "'");
    }
  }

  /**
   * Gives permissions; whoever is named has exactly that afterwards.
   *
   * @param replace whether everybody else but the owner loses theirs
   * @throws TarnException INVALID_PARAMETER_VALUE for what is not a permission of somebody known
   */
  void change(Principal by, Warehouse warehouse, List<AccessControl> given, boolean replace) {
    if (given.size() > MOST) {
      throw TarnException.invalid("access_control_list has more than " + MOST + " entries.");
    }
    List<AccessControl> checked = new ArrayList<>();
    given.forEach(entry -> checked.add(checked(entry)));
    List<AccessControl> owners =
        checked.stream().filter(e -> e.permissionLevel() == PermissionLevel.IS_OWNER).toList();
    if (owners.size() > 1) {
      throw TarnException.invalid("A warehouse has exactly one owner.");
    }
    AccessControl before =
        list(warehouse.id()).stream()
            .filter(e -> e.permissionLevel() == PermissionLevel.IS_OWNER)
            .findFirst()
            .orElseThrow();
    AccessControl owner = owners.isEmpty() ? before : owners.get(0);
    if (!owner.equals(before) && !by.administrator()) {
      throw TarnException.permissionDenied(
          by.name(), "the right to change the owner", "SQL warehouse '" + warehouse.name() + "'");
    }
    jdbi.useTransaction(
        handle -> {
          if (replace) {
            store.takeAll(handle, warehouse.id());
          } else {
            store.take(handle, warehouse.id(), before);
          }
          checked.stream()
              // Its owner cannot be made less by the way.
              .filter(e -> !(e.kind() == owner.kind() && e.name().equals(owner.name())))
              .forEach(e -> store.give(handle, warehouse.id(), e));
          store.give(handle, warehouse.id(), owner);
        });
  }

  private AccessControl checked(AccessControl entry) {
    long names =
        java.util.stream.Stream.of(
                entry.userName(), entry.groupName(), entry.servicePrincipalName())
            .filter(java.util.Objects::nonNull)
            .count();
    if (names != 1 || entry.permissionLevel() == null) {
      throw TarnException.invalid(
          "An entry of access_control_list needs one of user_name, group_name and"
              + " service_principal_name, and a permission_level.");
    }
    String name = lower(entry.name());
    if (name.length() > LONGEST_NAME || !exists.test(name)) {
      throw TarnException.invalid(
          "There is no user, group or service principal '"
              + name.substring(0, Math.min(name.length(), LONGEST_NAME))
              + "'. Check the spelling.");
    }
    if (entry.kind() == Kind.GROUP && entry.permissionLevel() == PermissionLevel.IS_OWNER) {
      throw TarnException.invalid("A group cannot own a warehouse. Give it CAN_MANAGE.");
    }
    return AccessControl.of(entry.kind(), name, entry.permissionLevel());
  }

  void forget(Handle handle, String warehouseId) {
    store.takeAll(handle, warehouseId);
  }

  private static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
