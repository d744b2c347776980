package dev.tarn.govern.constraints;

import dev.tarn.govern.grants.Attached;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Constraints of tables as rows. */
public final class ConstraintsStore implements Attached {
  /** Names in one statement. */
  private static final int AT_ONCE = 500;

  private static final List<String> NAMES = List.of("table_name", "parent_table");

  void insert(Handle handle, TableConstraint constraint) {
    handle
        .createUpdate(
            "INSERT INTO table_constraints (table_name, name, kind, columns_json,"
                + " timeseries_json, parent_table, parent_columns_json, rely, expression,"
                + " created_at) VALUES (:table, :name, :kind, :columns, :timeseries, :parent,"
                + " :parentColumns, :rely, :expression, :at)")
        .bind("table", constraint.table().fullName())
        .bind("name", constraint.name())
        .bind("kind", constraint.kind().name())
        .bind("columns", Json.string(constraint.columns()))
        .bind("timeseries", Json.string(constraint.timeseriesColumns()))
        .bind(
            "parent", constraint.parentTable() == null ? null : constraint.parentTable().fullName())
        .bind("parentColumns", Json.string(constraint.parentColumns()))
        .bind("rely", constraint.rely() ? 1 : 0)
        .bind("expression", constraint.expression())
        .bind("at", System.currentTimeMillis())
        .execute();
  }

  List<TableConstraint> of(Handle handle, String table) {
    return handle
        .createQuery("SELECT * FROM table_constraints WHERE table_name = :table ORDER BY name")
        .bind("table", table)
        .map((rows, context) -> constraint(rows))
        .list();
  }

  /** Those of many tables, by name. */
  Map<EntityName, List<TableConstraint>> of(Handle handle, List<EntityName> tables) {
    Map<EntityName, List<TableConstraint>> all = new HashMap<>();
    for (int from = 0; from < tables.size(); from += AT_ONCE) {
      handle
          .createQuery(
              "SELECT * FROM table_constraints WHERE table_name IN (<tables>) ORDER BY name")
          .bindList(
              "tables",
              tables.subList(from, Math.min(from + AT_ONCE, tables.size())).stream()
                  .map(EntityName::fullName)
                  .toList())
          .map((rows, context) -> constraint(rows))
          .forEach(each -> all.computeIfAbsent(each.table(), t -> new ArrayList<>()).add(each));
    }
    return all;
  }

  /** The foreign keys that refer to a table. */
  List<TableConstraint> referring(Handle handle, String parent) {
    return handle
        .createQuery(
            "SELECT * FROM table_constraints WHERE parent_table = :parent"
                + " ORDER BY table_name, name")
        .bind("parent", parent)
        .map((rows, context) -> constraint(rows))
        .list();
  }

  List<TableConstraint> within(Handle handle, String catalog) {
    return handle
        .createQuery(
            "SELECT * FROM table_constraints WHERE substr(table_name, 1, :length) = :prefix"
                + " ORDER BY table_name, name")
        .bind("length", catalog.length() + 1)
        .bind("prefix", catalog + '.')
        .map((rows, context) -> constraint(rows))
        .list();
  }

  void delete(Handle handle, TableConstraint constraint) {
    handle
        .createUpdate("DELETE FROM table_constraints WHERE table_name = :table AND name = :name")
        .bind("table", constraint.table().fullName())
        .bind("name", constraint.name())
        .execute();
  }

  @Override
  public void columnMoved(Handle handle, Securable securable, String from, String to) {
    UnaryOperator<String> renamed = name -> name.equalsIgnoreCase(from) ? to : name;
    String name = securable.fullName();
    EntityName table = EntityName.parse(name);
    Stream.concat(of(handle, name).stream(), referring(handle, name).stream())
        .distinct()
        .forEach(
            old -> {
              delete(handle, old);
              boolean own = old.table().equals(table);
              boolean parent = table.equals(old.parentTable());
              insert(
                  handle,
                  new TableConstraint(
                      old.table(),
                      old.name(),
                      old.kind(),
                      own ? old.columns().stream().map(renamed).toList() : old.columns(),
                      own
                          ? old.timeseriesColumns().stream().map(renamed).toList()
                          : old.timeseriesColumns(),
                      old.parentTable(),
                      parent
                          ? old.parentColumns().stream().map(renamed).toList()
                          : old.parentColumns(),
                      old.rely(),
                      old.expression()));
            });
  }

  /** Keys that refer to what goes, go too. */
  @Override
  public void forget(Handle handle, Securable securable) {
    for (String name : NAMES) {
      if (securable.type() == SecurableType.TABLE) {
        handle
            .createUpdate("DELETE FROM table_constraints WHERE " + name + " = :table")
            .bind("table", securable.fullName())
            .execute();
      } else if (holds(securable)) {
        handle
            .createUpdate(
                "DELETE FROM table_constraints WHERE substr(" + name + ", 1, :length) = :prefix")
            .bind("length", securable.fullName().length() + 1)
            .bind("prefix", securable.fullName() + '.')
            .execute();
      }
    }
  }

  @Override
  public void moved(Handle handle, Securable from, Securable to) {
    for (String name : NAMES) {
      if (from.type() == SecurableType.TABLE) {
        handle
            .createUpdate(
                "UPDATE table_constraints SET " + name + " = :to WHERE " + name + " = :from")
            .bind("from", from.fullName())
            .bind("to", to.fullName())
            .execute();
      } else if (holds(from)) {
        handle
            .createUpdate(
                "UPDATE table_constraints SET "
                    + name
                    + " = :to || substr("
                    + name
                    + ", :length) WHERE substr("
                    + name
                    + ", 1, :length) = :prefix")
            .bind("to", to.fullName())
            .bind("length", from.fullName().length() + 1)
            .bind("prefix", from.fullName() + '.')
            .execute();
      }
    }
  }

  /** Keys do not come back with their table, as others may rely on what it no longer has. */
  @Override
  public void dropped(Handle handle, Securable table, Securable waiting) {
    forget(handle, table);
  }

  private static boolean holds(Securable securable) {
    return securable.type() == SecurableType.CATALOG || securable.type() == SecurableType.SCHEMA;
  }

  /** A key goes with any of its columns, and with those that it refers to. */
  @Override
  public void columns(Handle handle, Securable table, Collection<String> columns) {
    Set<String> there = new HashSet<>();
    columns.forEach(each -> there.add(each.toLowerCase(Locale.ROOT)));
    of(handle, table.fullName()).stream()
        .filter(each -> !all(there, each.columns()))
        .forEach(each -> delete(handle, each));
    referring(handle, table.fullName()).stream()
        .filter(each -> !all(there, each.parentColumns()))
        .forEach(each -> delete(handle, each));
  }

  private static boolean all(Set<String> there, List<String> columns) {
    return columns.stream().allMatch(each -> there.contains(each.toLowerCase(Locale.ROOT)));
  }

  private static TableConstraint constraint(ResultSet rows) throws SQLException {
    String parent = rows.getString("parent_table");
    return new TableConstraint(
        EntityName.parse(rows.getString("table_name")),
        rows.getString("name"),
        TableConstraint.Kind.valueOf(rows.getString("kind")),
        names(rows.getString("columns_json")),
        names(rows.getString("timeseries_json")),
        parent == null ? null : EntityName.parse(parent),
        names(rows.getString("parent_columns_json")),
        rows.getInt("rely") == 1,
        rows.getString("expression"));
  }

  private static List<String> names(String json) {
    return List.of(Json.read(json, String[].class));
  }
}
