package dev.tarn.engine.spark;

import dev.tarn.engine.sql.Progress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import scala.Option;

/** How far Spark's jobs of one statement are. */
public final class JobProgress {
  private JobProgress() {}

  /**
   * @param group of the jobs
   * @return empty if there are none yet
   */
  public static Optional<Progress> of(SparkContext context, String group) {
    Set<Integer> stages = new HashSet<>();
    for (int job : context.statusTracker().getJobIdsForGroup(group)) {
      Option<SparkJobInfo> known = context.statusTracker().getJobInfo(job);
      if (known.isDefined()) {
        for (int stage : known.get().stageIds()) {
          stages.add(stage);
        }
      }
    }
    long done = 0;
    long total = 0;
    for (int stage : stages) {
      Option<SparkStageInfo> known = context.statusTracker().getStageInfo(stage);
      if (known.isDefined()) {
        done += known.get().numCompletedTasks();
        total += known.get().numTasks();
      }
    }
    return total == 0
        ? Optional.empty()
        : Optional.of(new Progress("tasks", done, total, (double) done / total));
  }
}
