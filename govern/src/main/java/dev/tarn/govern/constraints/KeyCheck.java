package dev.tarn.govern.constraints;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.constraints.TableConstraint.Kind;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Whether keys fit the columns of their tables and the keys that they refer to. */
record KeyCheck(
    Grants grants, Tables tables, Function<EntityName, List<TableConstraint>> constraints) {
  /**
   * The key as it is to be kept, its columns spelled as the tables do.
   *
   * @param siblings the other constraints of the table
   * @throws TarnException INVALID_PARAMETER_VALUE if it does not fit
   */
  TableConstraint fits(
      Principal by, TableConstraint constraint, TableInfo table, List<TableConstraint> siblings) {
    String name = constraint.name() == null ? null : Names.normalized(constraint.name());
    List<ColumnInfo> columns = columns(table, constraint.columns());
    List<String> spelled = columns.stream().map(ColumnInfo::name).toList();
    if (constraint.kind() == Kind.PRIMARY_KEY) {
      columns.stream()
          .filter(ColumnInfo::nullable)
          .findFirst()
          .ifPresent(
              column -> {
                throw TarnException.invalid(
                    "Column '"
                        + column.name()
                        + "' of '"
                        + table.name()
                        + "' may be NULL, and those of a primary key may not. Say ALTER COLUMN "
                        + column.name()
                        + " SET NOT NULL first.");
              });
      columns(table, constraint.timeseriesColumns());
      return constraint.with(name, spelled, List.of());
    }
    List<ColumnInfo> parents = parentColumns(by, constraint, table, siblings);
    if (parents.size() != columns.size()) {
      throw TarnException.invalid(
          "A foreign key of '"
              + table.name()
              + "' has "
              + columns.size()
              + " columns, and the primary key of '"
              + constraint.parentTable()
              + "' has "
              + parents.size()
              + ".");
    }
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).typeText().equalsIgnoreCase(parents.get(i).typeText())) {
        throw TarnException.invalid(
            "Column '"
                + columns.get(i).name()
                + "' of '"
                + table.name()
                + "' is not of the type of '"
                + parents.get(i).name()
                + "', which it refers to.");
      }
    }
    return constraint.with(name, spelled, parents.stream().map(ColumnInfo::name).toList());
  }

  /**
   * @throws TarnException PERMISSION_DENIED without {@code SELECT} on the other table;
   *     TABLE_DOES_NOT_EXIST; INVALID_PARAMETER_VALUE if it has no such key
   */
  void requireParent(Principal by, TableConstraint key) {
    parentColumns(by, key, null, List.of());
  }

  private List<ColumnInfo> parentColumns(
      Principal by, TableConstraint key, TableInfo own, List<TableConstraint> siblings) {
    EntityName name = key.parentTable();
    grants.requireTable(by, Privilege.SELECT, name);
    boolean itself = name.equals(key.table());
    TableInfo parent = itself ? own : tables.get(by, name);
    List<String> primary =
        (itself ? siblings : constraints.apply(name))
            .stream()
                .filter(each -> each.kind() == Kind.PRIMARY_KEY)
                .findFirst()
                .map(TableConstraint::columns)
                .orElseThrow(
                    () ->
                        TarnException.invalid(
                            "Table '"
                                + name
                                + "' has no primary key to refer to. Add one: ALTER TABLE … ADD"
                                + " PRIMARY KEY (…)."));
    List<ColumnInfo> columns =
        columns(parent, key.parentColumns().isEmpty() ? primary : key.parentColumns());
    Set<String> named = lower(columns.stream().map(ColumnInfo::name).toList());
    if (!named.equals(lower(primary))) {
      throw TarnException.invalid(
          "The columns of '"
              + name
              + "' that are referred to are not its primary key, which is ("
              + String.join(", ", primary)
              + ").");
    }
    return columns;
  }

  static Set<String> lower(List<String> names) {
    Set<String> lower = new HashSet<>();
    names.forEach(each -> lower.add(each.toLowerCase(Locale.ROOT)));
    return lower;
  }

  private static List<ColumnInfo> columns(TableInfo table, List<String> names) {
    Map<String, ColumnInfo> there = new HashMap<>();
    table.columns().forEach(each -> there.put(each.name().toLowerCase(Locale.ROOT), each));
    List<ColumnInfo> columns = new ArrayList<>();
    for (String name : names) {
      ColumnInfo column = there.get(name.toLowerCase(Locale.ROOT));
      if (column == null || columns.contains(column)) {
        throw new TarnException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "42703",
            "A key of '"
                + table.name()
                + "' names column '"
                + name
                + "', which "
                + (column == null ? "the table does not have." : "it has already."),
            null);
      }
      columns.add(column);
    }
    return columns;
  }
}
