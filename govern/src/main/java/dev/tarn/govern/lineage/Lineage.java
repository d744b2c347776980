package dev.tarn.govern.lineage;

import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.lineage.LineageStore.Edge;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.MetadataDatabase;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** What a table comes from and what comes from it, as far as the asker may know of it. */
public final class Lineage {
  private final Jdbi jdbi;
  private final Tables tables;
  private final Grants grants;
  private final LineageStore store;

  public Lineage(MetadataDatabase database, Tables tables, Grants grants, LineageStore store) {
    this.jdbi = database.jdbi();
    this.tables = tables;
    this.grants = grants;
    this.store = store;
  }

  /**
   * A table or files at one end.
   *
   * @param table empty for files, and for a table that the asker may not know of
   * @param path of files; empty for a table, and for files of which only an administrator knows
   * @param file whether it is files
   * @param entity what brought the rows, if the asker may know of it
   * @param at when that was last, in milliseconds since 1970
   */
  public record Neighbour(
      Optional<TableInfo> table,
      Optional<String> path,
      boolean file,
      Optional<LineageEvent.Entity> entity,
      long at) {}

  /** A column at one end; all are empty if the asker may not know of its table. */
  public record ColumnNeighbour(Optional<TableInfo> table, Optional<String> column, long at) {}

  public record OfTable(List<Neighbour> upstream, List<Neighbour> downstream) {}

  public record OfColumn(List<ColumnNeighbour> upstream, List<ColumnNeighbour> downstream) {}

  /**
   * @throws TarnException PERMISSION_DENIED unless the principal may know of the table;
   *     TABLE_DOES_NOT_EXIST
   */
  public OfTable ofTable(Principal principal, EntityName name) {
    tables.get(principal, name);
    return jdbi.withHandle(
        handle ->
            new OfTable(
                neighbours(principal, store.upstream(handle, name, ""), true),
                neighbours(principal, store.downstream(handle, name, ""), false)));
  }

  /**
   * @throws TarnException as {@link #ofTable}; INVALID_PARAMETER_VALUE if there is no such column
   */
  public OfColumn ofColumn(Principal principal, EntityName name, String column) {
    TableInfo table = tables.get(principal, name);
    if (table.columns().stream().noneMatch(each -> each.name().equalsIgnoreCase(column))) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "42703",
          "Table '"
              + name
              + "' has no column '"
              + column.toLowerCase(Locale.ROOT)
              + "'. Give the name of one that it has as column_name.",
          null);
    }
    return jdbi.withHandle(
        handle ->
            new OfColumn(
                columns(principal, store.upstream(handle, name, column), true),
                columns(principal, store.downstream(handle, name, column), false)));
  }

  private List<Neighbour> neighbours(Principal principal, List<Edge> edges, boolean up) {
    Set<Neighbour> all = new LinkedHashSet<>();
    for (Edge edge : edges) {
      EntityName other = up ? edge.source() : edge.target();
      Optional<LineageEvent.Entity> entity =
          Optional.ofNullable(edge.entity()).filter(e -> knows(principal, edge));
      if (other == null) {
        Optional<String> path =
            principal.administrator() ? Optional.of(edge.path()) : Optional.empty();
        all.add(new Neighbour(Optional.empty(), path, true, entity, edge.updatedAt()));
      } else if (tables.find(other).isPresent()) {
        Optional<TableInfo> table = seen(principal, other);
        all.add(
            new Neighbour(
                table,
                Optional.empty(),
                false,
                table.isPresent() ? entity : Optional.empty(),
                table.isPresent() ? edge.updatedAt() : 0));
      }
    }
    return new ArrayList<>(all);
  }

  /** Of what runs statements of itself know administrators, and whom it ran as. */
  private static boolean knows(Principal principal, Edge edge) {
    return principal.administrator() || principal.name().equals(edge.createdBy());
  }

  private List<ColumnNeighbour> columns(Principal principal, List<Edge> edges, boolean up) {
    Set<ColumnNeighbour> all = new LinkedHashSet<>();
    for (Edge edge : edges) {
      EntityName other = up ? edge.source() : edge.target();
      if (tables.find(other).isEmpty()) {
        // It was dropped, and may come back.
        continue;
      }
      Optional<TableInfo> table = seen(principal, other);
      all.add(
          table.isPresent()
              ? new ColumnNeighbour(
                  table,
                  Optional.of(up ? edge.sourceColumn() : edge.targetColumn()),
                  edge.updatedAt())
              : new ColumnNeighbour(Optional.empty(), Optional.empty(), 0));
    }
    return new ArrayList<>(all);
  }

  private Optional<TableInfo> seen(Principal principal, EntityName name) {
    return grants.sees(principal, Securable.table(name)) ? tables.find(name) : Optional.empty();
  }
}
