package dev.tarn.govern.lineage;

import dev.tarn.govern.grants.Attached;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.name.EntityName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Which table comes from which, as rows. */
public final class LineageStore implements Attached {
  private static final List<String> SIDES = List.of("target", "source");

  /**
   * That a table, or one of its columns, comes from another, or from files.
   *
   * @param targetColumn empty where the whole table is meant; so is the source's then
   * @param source null for files
   * @param path null for a table or view
   * @param entity what ran the last statement that said so; null if a client did
   * @param updatedAt of that statement, in milliseconds since 1970
   */
  record Edge(
      EntityName target,
      String targetColumn,
      EntityName source,
      String sourceColumn,
      String path,
      LineageEvent.Entity entity,
      String createdBy,
      long updatedAt) {
    static Edge of(
        LineageEvent event,
        EntityName target,
        String targetColumn,
        EntityName source,
        String sourceColumn,
        String path) {
      return new Edge(
          target,
          targetColumn,
          source,
          sourceColumn,
          path,
          event.entity(),
          event.user(),
          event.time().toEpochMilli());
    }

    /** Tells it from all others. */
    String key() {
      return String.join(
          "\n",
          target.fullName(),
          targetColumn,
          source == null ? "" : source.fullName(),
          sourceColumn,
          path == null ? "" : path,
          entity == null ? "" : entity.id());
    }
  }

  void put(Handle handle, Edge edge) {
    LineageEvent.Entity entity = edge.entity();
    handle
        .createUpdate(
            "INSERT INTO lineage (target_table, target_column, source_table, source_column,"
                + " source_path, entity_type, entity_id, entity_run_id, created_by, updated_at)"
                + " VALUES (:target, :targetColumn, :source, :sourceColumn, :path, :entityType,"
                + " :entityId, :runId, :by, :at)"
                + " ON CONFLICT (target_table, target_column, source_table, source_column,"
                + " source_path) DO UPDATE SET entity_type = excluded.entity_type,"
                + " entity_id = excluded.entity_id, entity_run_id = excluded.entity_run_id,"
                + " created_by = excluded.created_by, updated_at = excluded.updated_at")
        .bind("target", edge.target().fullName())
        .bind("targetColumn", edge.targetColumn())
        .bind("source", edge.source() == null ? "" : edge.source().fullName())
        .bind("sourceColumn", edge.sourceColumn())
        .bind("path", edge.path() == null ? "" : edge.path())
        .bind("entityType", entity == null ? null : entity.type())
        .bind("entityId", entity == null ? null : entity.id())
        .bind("runId", entity == null ? null : entity.runId())
        .bind("by", edge.createdBy())
        .bind("at", edge.updatedAt())
        .execute();
  }

  /** What a table comes from; of a column if one is given, else of the whole. */
  List<Edge> upstream(Handle handle, EntityName table, String column) {
    return edges(handle, "target", table, column);
  }

  /** What comes from a table, or from a column of it. */
  List<Edge> downstream(Handle handle, EntityName table, String column) {
    return edges(handle, "source", table, column);
  }

  private static List<Edge> edges(Handle handle, String side, EntityName table, String column) {
    return handle
        .createQuery(
            "SELECT * FROM lineage WHERE "
                + side
                + "_table = :table AND lower("
                + side
                + "_column) = :column ORDER BY target_table, target_column, source_table,"
                + " source_column, source_path")
        .bind("table", table.fullName())
        .bind("column", column.toLowerCase(Locale.ROOT))
        .map((rows, context) -> edge(rows))
        .list();
  }

  private static Edge edge(ResultSet rows) throws SQLException {
    String source = rows.getString("source_table");
    String path = rows.getString("source_path");
    String type = rows.getString("entity_type");
    return new Edge(
        EntityName.parse(rows.getString("target_table")),
        rows.getString("target_column"),
        source.isEmpty() ? null : EntityName.parse(source),
        rows.getString("source_column"),
        path.isEmpty() ? null : path,
        type == null
            ? null
            : new LineageEvent.Entity(
                type, rows.getString("entity_id"), rows.getString("entity_run_id")),
        rows.getString("created_by"),
        rows.getLong("updated_at"));
  }

  private static boolean holds(Securable securable) {
    return securable.type() == SecurableType.CATALOG || securable.type() == SecurableType.SCHEMA;
  }

  @Override
  public void forget(Handle handle, Securable securable) {
    for (String side : SIDES) {
      if (securable.type() == SecurableType.TABLE) {
        handle
            .createUpdate("DELETE FROM lineage WHERE " + side + "_table = :table")
            .bind("table", securable.fullName())
            .execute();
      } else if (holds(securable)) {
        handle
            .createUpdate(
                "DELETE FROM lineage WHERE substr(" + side + "_table, 1, :length) = :prefix")
            .bind("length", securable.fullName().length() + 1)
            .bind("prefix", securable.fullName() + '.')
            .execute();
      }
    }
  }

  @Override
  public void moved(Handle handle, Securable from, Securable to) {
    for (String side : SIDES) {
      if (from.type() == SecurableType.TABLE) {
        handle
            .createUpdate(
                "UPDATE lineage SET " + side + "_table = :to WHERE " + side + "_table = :from")
            .bind("from", from.fullName())
            .bind("to", to.fullName())
            .execute();
      } else if (holds(from)) {
        String column = side + "_table";
        handle
            .createUpdate(
                "UPDATE lineage SET "
                    + column
                    + " = :to || substr("
                    + column
                    + ", :length) WHERE substr("
                    + column
                    + ", 1, :length) = :prefix")
            .bind("to", to.fullName())
            .bind("length", from.fullName().length() + 1)
            .bind("prefix", from.fullName() + '.')
            .execute();
      }
    }
  }

  @Override
  public void columnMoved(Handle handle, Securable table, String from, String to) {
    for (String side : SIDES) {
      String of = side + "_table = :table AND lower(" + side + "_column) = :column";
      if (!from.equalsIgnoreCase(to)) {
        handle
            .createUpdate("DELETE FROM lineage WHERE " + of)
            .bind("table", table.fullName())
            .bind("column", to.toLowerCase(Locale.ROOT))
            .execute();
      }
      handle
          .createUpdate("UPDATE lineage SET " + side + "_column = :to WHERE " + of)
          .bind("to", to)
          .bind("table", table.fullName())
          .bind("column", from.toLowerCase(Locale.ROOT))
          .execute();
    }
  }

  /** What is said of a column goes with it. */
  @Override
  public void columns(Handle handle, Securable table, Collection<String> columns) {
    Set<String> there = new HashSet<>();
    columns.forEach(each -> there.add(each.toLowerCase(Locale.ROOT)));
    for (String side : SIDES) {
      List<String> known =
          handle
              .createQuery(
                  "SELECT DISTINCT "
                      + side
                      + "_column FROM lineage WHERE "
                      + side
                      + "_table = :table AND "
                      + side
                      + "_column <> ''")
              .bind("table", table.fullName())
              .mapTo(String.class)
              .list();
      for (String column : known) {
        if (!there.contains(column.toLowerCase(Locale.ROOT))) {
          handle
              .createUpdate(
                  "DELETE FROM lineage WHERE "
                      + side
                      + "_table = :table AND "
                      + side
                      + "_column = :column")
              .bind("table", table.fullName())
              .bind("column", column)
              .execute();
        }
      }
    }
  }
}
