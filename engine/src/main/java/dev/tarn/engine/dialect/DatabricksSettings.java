package dev.tarn.engine.dialect;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
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
  /** Seconds that a statement may run; 0 for as long as it takes. */
  private static final String STATEMENT_TIMEOUT = "statement_timeout";

  /** Whether a result that is kept may answer the same query again. */
  public static final String USE_CACHED_RESULT = "use_cached_result";

  private static final int LONGEST_TIMEOUT = 172_800;

  private static final Map<String, String> SPARK =
      Map.of(
          "ansi_mode",
          "spark.sql.ansi.enabled",
          "timezone",
          "spark.sql.session.timeZone",
          STATEMENT_TIMEOUT,
          STATEMENT_TIMEOUT,
          USE_CACHED_RESULT,
          USE_CACHED_RESULT);

  private DatabricksSettings() {}

  /** Spark's name of a setting. */
  public static String named(String setting) {
    return SPARK.getOrDefault(setting.toLowerCase(Locale.ROOT), setting);
  }

  /** How long a statement may run in the session; empty for as long as it takes. */
  public static Optional<Duration> statementTimeout(SparkSession session) {
    return Optional.of(session.conf().get(STATEMENT_TIMEOUT, "0"))
        .map(Long::parseLong)
        .filter(seconds -> seconds > 0)
        .map(Duration::ofSeconds);
  }

  /** Whether the session's queries may be answered with results that are kept, and kept. */
  public static boolean usesCachedResults(SparkSession session) {
    return Boolean.parseBoolean(session.conf().get(USE_CACHED_RESULT, "true"));
  }

  /**
   * @param setting by Spark's name
   * @throws TarnException INVALID_PARAMETER_VALUE if it cannot have this value
   */
  public static void check(String setting, String value) {
    if (setting.equals(STATEMENT_TIMEOUT)
        && !(value.matches("\\d{1,6}") && Integer.parseInt(value) <= LONGEST_TIMEOUT)) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "22023",
          "STATEMENT_TIMEOUT must be a number of seconds from 0, for no limit, to "
              + LONGEST_TIMEOUT
              + ".",
          null);
    }
    if (setting.equals(USE_CACHED_RESULT)
        && !(value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false"))) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "22023",
          "USE_CACHED_RESULT must be true or false.",
          null);
    }
  }

  static LogicalPlan named(LogicalPlan plan) {
    if (plan instanceof SetCommand set && set.kv().isDefined()) {
      String key = set.kv().get()._1();
      if (set.kv().get()._2().isDefined()) {
        check(named(key), set.kv().get()._2().get());
      }
      return named(key).equals(key)
          ? plan
          : new SetCommand(Option.apply(new Tuple2<>(named(key), set.kv().get()._2())));
    } else if (plan instanceof ResetCommand reset && reset.config().isDefined()) {
      return new ResetCommand(Option.apply(named(reset.config().get())));
    }
    return plan;
  }
}
