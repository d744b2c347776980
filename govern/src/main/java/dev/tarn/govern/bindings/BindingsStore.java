package dev.tarn.govern.bindings;

import dev.tarn.govern.grants.Attached;
import dev.tarn.govern.grants.Reach;
import dev.tarn.govern.grants.Securable;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/** Bindings as rows. */
public final class BindingsStore implements Attached {
  private static final long NONE = 0;
  private static final String BY_NAME = " WHERE securable_type = :type AND securable_name = :name";

  private final LongSupplier workspaceId;

  /**
   * @param workspaceId the number of the one workspace
   */
  public BindingsStore(LongSupplier workspaceId) {
    this.workspaceId = workspaceId;
  }

  /** How far the workspace reaches a securable that is isolated. */
  public Reach reach(Handle handle, Securable securable) {
    return list(handle, securable).stream()
        .filter(each -> each.workspaceId() == workspaceId.getAsLong())
        .findFirst()
        .map(each -> each.readOnly() ? Reach.READ : Reach.ALL)
        .orElse(Reach.NOTHING);
  }

  List<Binding> list(Handle handle, Securable securable) {
    List<Binding> kept =
        handle
            .createQuery(
                "SELECT workspace_id, read_only FROM workspace_bindings"
                    + BY_NAME
                    + " ORDER BY workspace_id")
            .bind("type", securable.type().name())
            .bind("name", securable.fullName())
            .map((rows, context) -> new Binding(rows.getLong(1), rows.getInt(2) != 0))
            .list();
    return kept.isEmpty()
        ? List.of(new Binding(workspaceId.getAsLong(), false))
        : kept.stream().filter(each -> each.workspaceId() != NONE).toList();
  }

  void replace(Handle handle, Securable securable, List<Binding> bindings) {
    forget(handle, securable);
    List<Binding> kept = bindings.isEmpty() ? List.of(new Binding(NONE, false)) : bindings;
    for (Binding each : kept) {
      handle
          .createUpdate(
              "INSERT INTO workspace_bindings (securable_type, securable_name, workspace_id,"
                  + " read_only) VALUES (:type, :name, :workspace, :readOnly)")
          .bind("type", securable.type().name())
          .bind("name", securable.fullName())
          .bind("workspace", each.workspaceId())
          .bind("readOnly", each.readOnly() ? 1 : 0)
          .execute();
    }
  }

  /** Whether the securable is isolated; empty if there is no such. */
  Optional<Boolean> isolated(Handle handle, Securable securable) {
    String table =
        switch (securable.type()) {
          case CATALOG -> "catalogs";
          case STORAGE_CREDENTIAL -> "credentials";
          case EXTERNAL_LOCATION -> "external_locations";
          default -> throw new IllegalArgumentException(securable + " cannot be isolated");
        };
    return handle
        .createQuery("SELECT isolated FROM " + table + " WHERE name = :name")
        .bind("name", securable.fullName())
        .mapTo(Integer.class)
        .findOne()
        .map(isolated -> isolated != 0);
  }

  @Override
  public void forget(Handle handle, Securable securable) {
    handle
        .createUpdate("DELETE FROM workspace_bindings" + BY_NAME)
        .bind("type", securable.type().name())
        .bind("name", securable.fullName())
        .execute();
  }

  @Override
  public void moved(Handle handle, Securable from, Securable to) {
    handle
        .createUpdate("UPDATE workspace_bindings SET securable_name = :to" + BY_NAME)
        .bind("to", to.fullName())
        .bind("type", from.type().name())
        .bind("name", from.fullName())
        .execute();
  }
}
