package dev.tarn.engine.dialect;

import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.command.ResetCommand;
import org.apache.spark.sql.execution.command.SetCommand;
import scala.Option;
import scala.Tuple2;

/**
 * Settings that Databricks SQL knows by short names and Spark by long ones.
 *
 * @see <a href="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-parameters">
 *     Configuration parameters</a>
 */
public final class DatabricksSettings {
  private static final Map<String, String> SPARK =
      Map.of("ansi_mode", "spark.sql.ansi.enabled", "timezone", "spark.sql.session.timeZone");

  private DatabricksSettings() {}

  /** Spark's name of a setting. */
  public static String named(String setting) {
    return SPARK.getOrDefault(setting.toLowerCase(Locale.ROOT), setting);
  }

  static LogicalPlan named(LogicalPlan plan) {
    if (plan instanceof SetCommand set && set.kv().isDefined()) {
      String key = set.kv().get()._1();
      return named(key).equals(key)
          ? plan
          : new SetCommand(Option.apply(new Tuple2<>(named(key), set.kv().get()._2())));
    } else if (plan instanceof ResetCommand reset && reset.config().isDefined()) {
      return new ResetCommand(Option.apply(named(reset.config().get())));
    }
    return plan;
  }
}
