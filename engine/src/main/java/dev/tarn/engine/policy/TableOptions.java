package dev.tarn.engine.policy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.Locale;
import java.util.Set;
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
  private static final Set<String> ALLOWED =
      Set.of(
          "versionasof",
          "timestampasof",
          "readchangefeed",
          "readchangedata",
          "startingversion",
          "endingversion",
          "startingtimestamp",
          "endingtimestamp",
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
        if (!option.equals(SPARKS_OWN) && !ALLOWED.contains(option.toLowerCase(Locale.ROOT))) {
          throw new TarnException(
              ErrorCode.PERMISSION_DENIED,
              "42501",
              "PERMISSION_DENIED: The option '"
                  + option
                  + "' of a table is not available. Available are: "
                  + String.join(", ", ALLOWED.stream().sorted().toList())
                  + ".",
              null);
        }
      }
    }
  }
}
