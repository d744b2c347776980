package dev.tarn.engine.policy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.runtime.BoxedUnit;

/**
 * Refuses options of a table ({@code FROM t WITH (…)}) that say more than which of its rows are
 * meant: others reach the file system, which would load classes and go to addresses that they name.
 * A rule on names, since the file system is made when they are resolved.
 */
public final class TableOptions extends Rule<LogicalPlan> {
  /** In lower case: which rows of a table are read. */
  public static final Set<String> OF_READING =
      Set.of(
          "versionasof",
          "timestampasof",
          "readchangefeed",
          "readchangedata",
          "startingversion",
          "endingversion",
          "startingtimestamp",
          "endingtimestamp");

  /** In lower case: in which parts a table of another system is read. */
  public static final Set<String> OF_PARTS =
      Set.of("partitioncolumn", "lowerbound", "upperbound", "numpartitions", "fetchsize");

  /** In lower case: how a table is written. */
  public static final Set<String> OF_WRITING =
      Set.of(
          "mergeschema",
          "overwriteschema",
          "replacewhere",
          "partitionoverwritemode",
          "usermetadata");

  /** Which Spark itself puts on what a statement writes to. */
  private static final String SPARKS_OWN = UnresolvedRelation.REQUIRED_WRITE_PRIVILEGES();

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    plan.foreach(
        node -> {
          check(node);
          // What a command writes to is a field of it, and no child.
          node.productIterator()
              .foreach(
                  field -> {
                    check(field);
                    return BoxedUnit.UNIT;
                  });
          return BoxedUnit.UNIT;
        });
    return plan;
  }

  private static void check(Object part) {
    if (part instanceof UnresolvedRelation relation) {
      for (String option : relation.options().keySet()) {
        String lower = option.toLowerCase(Locale.ROOT);
        if (!option.equals(SPARKS_OWN)
            && !OF_READING.contains(lower)
            && !OF_PARTS.contains(lower)
            && !OF_WRITING.contains(lower)) {
          throw new TarnException(
              ErrorCode.PERMISSION_DENIED,
              "42501",
              "PERMISSION_DENIED: The option '"
                  + option
                  + "' of a table is not available. Available are: "
                  + Stream.of(OF_READING, OF_PARTS, OF_WRITING)
                      .flatMap(Set::stream)
                      .sorted()
                      .collect(Collectors.joining(", "))
                  + ".",
              null);
        }
      }
    }
  }
}
