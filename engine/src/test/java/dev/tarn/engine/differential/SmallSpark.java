package dev.tarn.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.sql.SqlSession;
import dev.tarn.testkit.differential.Answer;
import java.util.Map;
import org.apache.spark.sql.classic.SparkSession;

/**
 * Spark set for small tables: it interprets expressions, since it would take longer to compile them
 * than to go through the rows, and plans a query once.
 */
final class SmallSpark {
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("spark.sql.codegen.wholeStage", "false"),
          Map.entry("spark.sql.codegen.factoryMode", "NO_CODEGEN"),
          Map.entry("spark.sql.adaptive.enabled", "false"),
          Map.entry("spark.sql.autoBroadcastJoinThreshold", "-1"),
          Map.entry("spark.sql.leafNodeDefaultParallelism", "1"),
          Map.entry("spark.sql.shuffle.partitions", "1"));

  private SmallSpark() {}

  /** Sets what no session of a user may. */
  static void set(SqlSession session) {
    SETTINGS.forEach(of(session).conf()::set);
  }

  /** Spark's own session: what a session executes makes it the thread's active one. */
  static SparkSession of(SqlSession session) {
    assertThat(Answers.of(session, "SELECT 1")).isInstanceOf(Answer.Rows.class);
    return SparkSession.getActiveSession().get();
  }
}
