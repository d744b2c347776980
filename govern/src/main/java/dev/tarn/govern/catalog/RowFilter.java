package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;
import java.util.List;

/**
 * Which rows of a table a reader sees: those of which the function says true.
 *
 * @param functionName full name of an SQL function that gives a BOOLEAN
 * @param functionId of that very function: another of the same name is another policy
 * @param arguments in the order of the function's parameters
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-row-filter">ROW
 *     FILTER</a>
 */
public record RowFilter(String functionName, String functionId, List<FilterArgument> arguments) {
  public RowFilter {
    arguments = arguments == null ? List.of() : List.copyOf(arguments);
  }

  public EntityName function() {
    return EntityName.parse(functionName);
  }
}
