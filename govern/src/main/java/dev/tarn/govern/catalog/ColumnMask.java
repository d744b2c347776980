package dev.tarn.govern.catalog;

import dev.tarn.kernel.name.EntityName;
import java.util.List;

/**
 * What a reader sees in place of a column: what the function gives.
 *
 * @param functionName full name of an SQL function
 * @param functionId of that very function: another of the same name is another policy
 * @param using what the function is called with after the column itself
 * @see <a
 *     href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask">MASK</a>
 */
public record ColumnMask(String functionName, String functionId, List<FilterArgument> using) {
  public ColumnMask {
    using = using == null ? List.of() : List.copyOf(using);
  }

  public EntityName function() {
    return EntityName.parse(functionName);
  }
}
