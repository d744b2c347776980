package dev.tarn.engine.spark;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * Gives each stage, and each pool of sessions, a number of tasks at once, and the whole more places
 * than any of them. Spark alone would give every place to the first statement that has tasks
 * enough, and one that never ends would keep everybody else waiting. Tasks that were told to stop
 * and have not yet count until they end.
 */
final class SharedTaskScheduler extends TaskSchedulerImpl {
  static final String TASKS_PER_STAGE = "spark.tarn.tasks.stage";
  static final String TASKS_OF_POOL = "spark.tarn.tasks.pool";

  private final Map<Long, String> groups = new ConcurrentHashMap<>();

  SharedTaskScheduler(SparkContext context) {
    super(context, 1, true, new SystemClock());
  }

  @Override
  public TaskSetManager createTaskSetManager(TaskSet tasks, int maxFailures) {
    return new Share(this, tasks, maxFailures);
  }

  /** How many tasks of a job group run, counting those that were told to stop and have not yet. */
  long running(String group) {
    return groups.values().stream().filter(group::equals).count();
  }

  private static int limit(TaskSet tasks, String name, int otherwise) {
    Properties properties = tasks.properties();
    String text = properties == null ? null : properties.getProperty(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  private final class Share extends TaskSetManager {
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
        scala.collection.immutable.Map<String, scala.collection.immutable.Map<String, Object>>
            resources)
        throws TaskNotSerializableException {
      if (runningTasks() >= perStage || parent().runningTasks() >= perPool) {
        return new Tuple3<>(Option.empty(), false, -1);
      }
      return super.resourceOffer(executor, host, locality, processors, resources);
    }

    @Override
    public void addRunningTask(long task) {
      Properties properties = taskSet().properties();
      String group = properties == null ? null : properties.getProperty("spark.jobGroup.id");
      if (group != null) {
        groups.put(task, group);
      }
      super.addRunningTask(task);
    }

    @Override
    public void removeRunningTask(long task) {
      groups.remove(task);
      super.removeRunningTask(task);
    }
  }
}
