package dev.tarn.engine.catalog;

import dev.tarn.engine.filter.NewFilters;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.Filters;
import dev.tarn.govern.catalog.TableFilters;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.error.TarnException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * The row filter and masks that a statement gives a table that is there already. A statement that
 * names none leaves the table those that it has.
 */
record ReplacedFilters(SessionContext context, TableInfo table, TableFilters filters) {
  /**
   * @param columns of the table as it will be
   * @throws TarnException as {@link NewFilters#of}; INVALID_PARAMETER_VALUE with rows too
   */
  static Optional<ReplacedFilters> of(
      SessionContext context, TableInfo table, StructType columns, Map<String, String> properties) {
    if (!NewFilters.named(properties)) {
      return Optional.empty();
    }
    Filters filters = context.tables().filters();
    TableInfo made = table.with(RegisteredTable.columns(columns));
    TableFilters given = NewFilters.of(properties, filters, context.principal(), made);
    if (NewFilters.withOtherRows(properties)) {
      throw TarnException.invalid(
          "Table '"
              + table.name()
              + "' is there, and its rows, its row filter and its masks are not replaced at once."
              + " Replace it by its columns alone, then add the rows with INSERT INTO.");
    }
    return Optional.of(new ReplacedFilters(context, table, given));
  }

  /**
   * Empties the table, and only then changes what hides its rows: the rows that were there are
   * never shown as the new ones will be.
   */
  void after(Runnable commit) {
    commit.run();
    context.tables().filters().replace(context.principal(), table.name(), filters);
  }
}
