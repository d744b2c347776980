package dev.tarn.engine.catalog;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.constraints.TableConstraint;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.name.EntityName;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableChange;

/** What hangs on the columns of a table while they are changed. */
final class AlteredColumns {
  private AlteredColumns() {}

  /**
   * Makes changes of a table. The tags of columns that are renamed are on their new names before,
   * so that there is no moment in which a policy that goes by tags misses a column.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE if a column of the primary key may be NULL then
   */
  static Table following(
      SessionContext context, EntityName table, Supplier<Table> alter, TableChange... changes) {
    requireKey(context, table, changes);
    List<TableChange.RenameColumn> renamed =
        Arrays.stream(changes)
            .filter(TableChange.RenameColumn.class::isInstance)
            .map(TableChange.RenameColumn.class::cast)
            .filter(each -> each.fieldNames().length == 1)
            .toList();
    renamed.forEach(each -> context.tags().renaming(table, each.fieldNames()[0], each.newName()));
    Table after = alter.get();
    renamed.forEach(
        each -> context.constraints().renamed(table, each.fieldNames()[0], each.newName()));
    return after;
  }

  private static void requireKey(SessionContext context, EntityName table, TableChange... changes) {
    for (TableChange change : changes) {
      if (change instanceof TableChange.UpdateColumnNullability nullability
          && nullability.nullable()
          && nullability.fieldNames().length == 1
          && context.constraints().of(table).stream()
              .filter(each -> each.kind() == TableConstraint.Kind.PRIMARY_KEY)
              .flatMap(each -> each.columns().stream())
              .anyMatch(nullability.fieldNames()[0]::equalsIgnoreCase)) {
        throw TarnException.invalid(
            "Column '"
                + nullability.fieldNames()[0]
                + "' belongs to the primary key of '"
                + table
                + "', and so cannot become NULL. Drop the key first.");
      }
    }
  }
}
