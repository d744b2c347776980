package dev.tarn.engine.catalog;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.kernel.name.EntityName;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableChange;

/** What hangs on the columns of a table while they get other names. */
final class RenamedColumns {
  private RenamedColumns() {}

  /**
   * Makes changes of a table. The tags of columns that are renamed are on their new names before,
   * so that there is no moment in which a policy that goes by tags misses a column; those on the
   * old names go when the table is registered anew, or those on the new ones if the change fails.
   */
  static Table following(
      SessionContext context, EntityName table, Supplier<Table> alter, TableChange... changes) {
    boolean renames = false;
    for (TableChange change : changes) {
      if (change instanceof TableChange.RenameColumn rename && rename.fieldNames().length == 1) {
        renames = true;
        context.tags().renaming(table, rename.fieldNames()[0], rename.newName());
      }
    }
    boolean altered = false;
    try {
      Table after = alter.get();
      altered = true;
      return after;
    } finally {
      if (renames && !altered) {
        context.tags().notRenamed(table);
      }
    }
  }
}
