package dev.tarn.engine.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * A place outside the tables that data comes from, read in SQL through a table function: {@code
 * read_files}, {@code read_kafka}. Rooms downstream of the engine bring their own.
 */
public interface Source {
  /** The SQL name of the table function, in lower case. */
  String function();

  /** Names of the arguments that may come without one, in their order; none for one at most. */
  default List<String> positionals() {
    return List.of();
  }

  /**
   * The plan of one call, batch or streaming.
   *
   * @throws dev.tarn.kernel.error.TarnException if an argument is wrong, the source is not there,
   *     or the principal may not read it
   */
  LogicalPlan read(SourceCall call);

  /**
   * What a plan's leaf reads, if it reads from this source: enough to ask for {@link #position}
   * later, without any plan.
   */
  Optional<Map<String, String>> describe(LogicalPlan leaf);

  /**
   * How far the source has got, as an opaque text: two equal answers mean that nothing has arrived
   * between them. Runs no Spark job.
   *
   * @throws dev.tarn.kernel.error.TarnException if the source cannot be reached
   */
  String position(Map<String, String> description);
}
