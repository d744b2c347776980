package dev.tarn.engine.spark;

import java.util.Properties;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskNotSerializableException;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSet;
import org.apache.spark.scheduler.TaskSetManager;
import org.apache.spark.util.SystemClock;
import scala.Enumeration;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Map;

/**
 * Gives each stage, and each pool of sessions, a number of tasks at once, and the whole more places
 * than any of them. Spark alone would give every place to the first statement that has tasks
 * enough, and one that never ends would keep everybody else waiting. Tasks that were told to stop
 * and have not yet count until they end.
 */
final class SharedTaskScheduler extends TaskSchedulerImpl {
  static final String TASKS_PER_STAGE = "spark.tarn.tasks.stage";
  static final String TASKS_OF_POOL = "spark.tarn.tasks.pool";

  SharedTaskScheduler(SparkContext context) {
    super(context, 1, true, new SystemClock());
  }

  @Override
  public TaskSetManager createTaskSetManager(TaskSet tasks, int maxFailures) {
    return new Share(this, tasks, maxFailures);
  }

  private static int limit(TaskSet tasks, String name, int otherwise) {
    Properties properties = tasks.properties();
    String text = properties == null ? null : properties.getProperty(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  private static final class Share extends TaskSetManager {
    private final int perStage;
    private final int perPool;

    Share(TaskSchedulerImpl scheduler, TaskSet tasks, int maxFailures) {
      super(scheduler, tasks, maxFailures, Option.empty(), new SystemClock());
      perStage =
          limit(tasks, TASKS_PER_STAGE, Math.max(2, Runtime.getRuntime().availableProcessors()));
      perPool = limit(tasks, TASKS_OF_POOL, Integer.MAX_VALUE);
    }

    @Override
    public Tuple3<Option<TaskDescription>, Object, Object> resourceOffer(
        String executor,
        String host,
        Enumeration.Value locality,
        int processors,
        Map<String, Map<String, Object>> resources)
        throws TaskNotSerializableException {
      if (runningTasks() >= perStage || parent().runningTasks() >= perPool) {
        return new Tuple3<>(Option.empty(), false, -1);
      }
      return super.resourceOffer(executor, host, locality, processors, resources);
    }
  }
}
