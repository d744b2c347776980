package dev.tarn.govern.bindings;

import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Reach;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/**
 * Which workspaces reach what is isolated: catalogs, credentials and external locations. Here is
 * one workspace; others can be bound, and change nothing here.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/workspacebindings">Databricks REST:
 *     workspace bindings</a>
 */
public final class Bindings {
  private static final Set<SecurableType> ISOLATED =
      Set.of(
          SecurableType.CATALOG, SecurableType.STORAGE_CREDENTIAL, SecurableType.EXTERNAL_LOCATION);

  private final Jdbi jdbi;
  private final Grants grants;
  private final BindingsStore store;

  public Bindings(MetadataDatabase database, Grants grants, BindingsStore store) {
    this.jdbi = database.jdbi();
    this.grants = grants;
    this.store = store;
  }

  /**
   * The workspaces that reach a securable, if it is isolated.
   *
   * @throws TarnException RESOURCE_DOES_NOT_EXIST also to whoever may not see it; PERMISSION_DENIED
   *     unless by its owner or an administrator
   */
  public List<Binding> list(Principal principal, Securable securable) {
    requireOwner(principal, securable);
    return jdbi.withHandle(
        handle ->
            store.isolated(handle, securable).orElse(false)
                ? store.list(handle, securable)
                : List.of());
  }

  /**
   * Whether the workspace does not reach a securable that the principal could bind it to; a listing
   * shows it if asked to.
   */
  public boolean unbound(Principal principal, Securable securable) {
    return grants.owns(principal, securable)
        && jdbi.withHandle(
            handle ->
                store.isolated(handle, securable).orElse(false)
                    && store.reach(handle, securable) == Reach.NOTHING);
  }

  /**
   * What the REST API calls isolation, but for catalogs.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE
   */
  public static boolean isolated(String mode) {
    return switch (mode) {
      case "ISOLATION_MODE_OPEN" -> false;
      case "ISOLATION_MODE_ISOLATED" -> true;
      default ->
          throw TarnException.invalid(
              "Field 'isolation_mode' is ISOLATION_MODE_OPEN or ISOLATION_MODE_ISOLATED.");
    };
  }

  /** As {@link #isolated} reads it. */
  public static String mode(boolean isolated) {
    return isolated ? "ISOLATION_MODE_ISOLATED" : "ISOLATION_MODE_OPEN";
  }

  private void requireOwner(Principal principal, Securable securable) {
    if (!ISOLATED.contains(securable.type())) {
      throw TarnException.invalid(
          securable
              + " cannot be bound to workspaces. Catalogs, credentials and external locations can.");
    }
    if (grants.owns(principal, securable)) {
      grants.requireExists(securable);
      return;
    }
    if (!grants.sees(principal, securable)) {
      throw TarnException.notFound(
          ErrorCode.RESOURCE_DOES_NOT_EXIST, securable.type().title(), securable.fullName());
    }
    throw TarnException.permissionDenied(principal.name(), "to own", securable.toString());
  }

  /**
   * Binds and unbinds workspaces; they count once the securable is isolated.
   *
   * @param add also those that are bound with another right to write
   * @param remove numbers of workspaces
   * @throws TarnException as {@link #list}
   */
  public List<Binding> update(
      Principal principal, Securable securable, List<Binding> add, List<Long> remove) {
    requireOwner(principal, securable);
    if (add.stream().anyMatch(each -> each.workspaceId() <= 0)) {
      throw TarnException.invalid("The number of a workspace is positive.");
    }
    return grants.changing(
        handle -> {
          TreeMap<Long, Binding> bound = new TreeMap<>();
          store.list(handle, securable).forEach(each -> bound.put(each.workspaceId(), each));
          remove.forEach(bound::remove);
          add.forEach(each -> bound.put(each.workspaceId(), each));
          List<Binding> all = List.copyOf(bound.values());
          store.replace(handle, securable, all);
          return all;
        });
  }
}
