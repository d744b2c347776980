package dev.tarn.engine.foreign;

import dev.tarn.kernel.error.TarnException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCOptions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * In which parts a large table is read at once: {@code FROM t WITH ('partitionColumn' = 'id',
 * 'lowerBound' = 0, 'upperBound' = 1000000, 'numPartitions' = 4)}. The bounds decide where it is
 * divided, and leave no row out.
 *
 * @see <a
 *     href="https://spark.apache.org/docs/latest/sql-data-sources-jdbc.html#data-source-option">Options
 *     of JDBC</a>
 */
final class ForeignParts {
  private static final List<String> RANGES =
      List.of("partitionColumn", "lowerBound", "upperBound", "numPartitions");

  private static final int MOST_PARTS = 32;
  private static final int MOST_FETCHED = 1_000_000;

  /** Whose bounds are numbers. */
  private static final Set<DataType> DIVIDED =
      Set.of(DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  private ForeignParts() {}

  /**
   * The options as Spark takes them; none for a table that is read at once.
   *
   * @throws TarnException INVALID_PARAMETER_VALUE for one that is wrong or missing
   */
  static Map<String, String> of(CaseInsensitiveStringMap options, StructType schema) {
    Map<String, String> parts = new HashMap<>();
    if (options.containsKey(JDBCOptions.JDBC_BATCH_FETCH_SIZE())) {
      parts.put(
          JDBCOptions.JDBC_BATCH_FETCH_SIZE(),
          number(options, JDBCOptions.JDBC_BATCH_FETCH_SIZE(), 1, MOST_FETCHED));
    }
    if (RANGES.stream().noneMatch(options::containsKey)) {
      return parts;
    }
    RANGES.stream()
        .filter(name -> !options.containsKey(name))
        .findFirst()
        .ifPresent(
            missing -> {
              throw TarnException.invalid(
                  "The option '"
                      + missing
                      + "' is missing. A table is read in parts by all of: "
                      + String.join(", ", RANGES)
                      + ".");
            });
    String column = options.get(RANGES.get(0));
    StructField divided =
        Arrays.stream(schema.fields())
            .filter(field -> field.name().equalsIgnoreCase(column))
            .filter(field -> DIVIDED.contains(field.dataType()))
            .findFirst()
            .orElseThrow(
                () ->
                    TarnException.invalid(
                        "The option 'partitionColumn' takes a column of whole numbers, and '"
                            + column
                            + "' is none of this table."));
    parts.put(RANGES.get(0), divided.name());
    parts.put(RANGES.get(1), number(options, RANGES.get(1), Long.MIN_VALUE, Long.MAX_VALUE));
    parts.put(RANGES.get(2), number(options, RANGES.get(2), Long.MIN_VALUE, Long.MAX_VALUE));
    parts.put(RANGES.get(3), number(options, RANGES.get(3), 1, MOST_PARTS));
    if (Long.parseLong(parts.get(RANGES.get(1))) >= Long.parseLong(parts.get(RANGES.get(2)))) {
      throw TarnException.invalid("The option 'lowerBound' has to be less than 'upperBound'.");
    }
    return parts;
  }

  private static String number(
      CaseInsensitiveStringMap options, String name, long least, long most) {
    String text = options.get(name).strip();
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return Long.toString(number);
      }
    } catch (NumberFormatException e) {
      // As for one that is too large.
    }
    throw TarnException.invalid(
        "The option '" + name + "' takes a whole number from " + least + " to " + most + ".");
  }
}
