package dev.tarn.govern.constraints;

import dev.tarn.kernel.name.EntityName;
import java.util.List;

/**
 * A constraint of a table. Keys inform, and nobody checks them; Delta checks the others.
 *
 * @param name in lower case; null of a new one that is to get a name of its own
 * @param columns of the table, in the order of the key; of a check empty
 * @param timeseriesColumns those of a primary key that say when
 * @param parentTable that a foreign key refers to; else null
 * @param parentColumns that it refers to, in its order; of a new one empty for the primary key
 * @param rely whether an optimizer may count on it
 * @param expression of a check, as SQL; else null
 */
public record TableConstraint(
    EntityName table,
    String name,
    Kind kind,
    List<String> columns,
    List<String> timeseriesColumns,
    EntityName parentTable,
    List<String> parentColumns,
    boolean rely,
    String expression) {
  /** What it demands. */
  public enum Kind {
    PRIMARY_KEY,
    FOREIGN_KEY,
    CHECK
  }

  public TableConstraint {
    columns = columns == null ? List.of() : List.copyOf(columns);
    timeseriesColumns = timeseriesColumns == null ? List.of() : List.copyOf(timeseriesColumns);
    parentColumns = parentColumns == null ? List.of() : List.copyOf(parentColumns);
  }

  public static TableConstraint primaryKey(
      EntityName table, String name, List<String> columns, boolean rely) {
    return new TableConstraint(
        table, name, Kind.PRIMARY_KEY, columns, List.of(), null, List.of(), rely, null);
  }

  public static TableConstraint foreignKey(
      EntityName table,
      String name,
      List<String> columns,
      EntityName parentTable,
      List<String> parentColumns,
      boolean rely) {
    return new TableConstraint(
        table, name, Kind.FOREIGN_KEY, columns, List.of(), parentTable, parentColumns, rely, null);
  }

  /** What Delta checks of every row. */
  static TableConstraint check(EntityName table, String name, String expression) {
    return new TableConstraint(
        table, name, Kind.CHECK, List.of(), List.of(), null, List.of(), false, expression);
  }

  TableConstraint with(String newName, List<String> newColumns, List<String> newParentColumns) {
    return new TableConstraint(
        table,
        newName,
        kind,
        newColumns,
        timeseriesColumns,
        parentTable,
        newParentColumns,
        rely,
        expression);
  }
}
