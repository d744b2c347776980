package dev.tarn.engine.copy;

import dev.tarn.kernel.name.EntityName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A COPY INTO as it is written.
 *
 * @param byPosition whether columns are matched by their order
 * @param columns of the target that the source's columns are for, in their order; none for all
 * @param select the expressions that are selected from the files; empty for all their columns
 * @param path where the files are
 * @param files names of files below the path; none for all
 * @param pattern a glob below the path
 * @param validates whether rows are looked at only, and not written
 * @param validatedRows how many of them; all if empty
 * @param formatOptions of the reader, by lower-case name
 * @param mergeSchema whether columns that are new in the files are added to the table
 * @param force whether files are loaded that have been before
 * @see <a href="https://docs.databricks.com/aws/en/sql/language-manual/delta-copy-into">COPY
 *     INTO</a>
 */
public record CopyInto(
    EntityName target,
    boolean byPosition,
    List<String> columns,
    Optional<String> select,
    String path,
    String format,
    List<String> files,
    Optional<String> pattern,
    boolean validates,
    OptionalInt validatedRows,
    Map<String, String> formatOptions,
    boolean mergeSchema,
    boolean force) {
  public CopyInto {
    columns = List.copyOf(columns);
    files = List.copyOf(files);
    formatOptions = Map.copyOf(formatOptions);
  }
}
