package dev.tarn.engine.catalog;

import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;
import org.apache.spark.sql.connector.catalog.TableChange;

/** The columns of a table that its row filter and masks cannot do without. */
final class FilteredColumns {
  private FilteredColumns() {}

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if a change takes such a column or its name away;
   *     PERMISSION_DENIED if it drops one that a policy goes by, which the principal does not
   *     manage
   */
  static void requireKept(SessionContext context, TableInfo table, TableChange... changes) {
    for (TableChange change : changes) {
      if (change instanceof TableChange.DeleteColumn dropped) {
        context
            .policies()
            .reach()
            .requireDroppable(context.principal(), table, dropped.fieldNames()[0]);
      }
      boolean goes =
          change instanceof TableChange.DeleteColumn || change instanceof TableChange.RenameColumn;
      if (goes && table.filters().uses(((TableChange.ColumnChange) change).fieldNames()[0])) {
        throw new TarnException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "0A000",
            "Column '"
                + ((TableChange.ColumnChange) change).fieldNames()[0]
                + "' of '"
                + table.name()
                + "' is used by its row filter or a column mask. Drop that first: ALTER TABLE …"
                + " DROP ROW FILTER, or ALTER TABLE … ALTER COLUMN … DROP MASK.",
            null);
      }
    }
  }

  /** Without what a definition says of filters: no property that anybody gets to see. */
  static TableChange[] shown(TableChange... changes) {
    return Arrays.stream(changes)
        .filter(
            each ->
                !(each instanceof TableChange.SetProperty set
                    && set.property().equals(NewFilters.PROPERTY)))
        .toArray(TableChange[]::new);
  }
}
