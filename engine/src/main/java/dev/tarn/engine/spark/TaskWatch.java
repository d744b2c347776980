package dev.tarn.engine.spark;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Knows which tasks run in this JVM, for whom, and how much each has allocated; and tells them to
 * stop without asking Spark's scheduler, whose threads have to wait their turn, and need memory
 * too, when a heap is full. Spark makes it from the name of this class.
 */
public final class TaskWatch implements SparkPlugin {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Static because Spark has no other way from a plugin to who wants to know. */
  private static final Map<Long, Running> TASKS = new ConcurrentHashMap<>();

  private record Running(String group, TaskContext context, long thread, long before) {}

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(
          SparkContext context, org.apache.spark.api.plugin.PluginContext plugin) {
        return Map.of();
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void onTaskStart() {
        begin(TaskContext.get());
      }
    };
  }

  private static void begin(TaskContext task) {
    long id = task.taskAttemptId();
    Optional.ofNullable(task.getLocalProperty("spark.jobGroup.id"))
        .ifPresent(
            group -> {
              long thread = Thread.currentThread().getId();
              TASKS.put(
                  id, new Running(group, task, thread, THREADS.getThreadAllocatedBytes(thread)));
              task.addTaskCompletionListener((TaskCompletionListener) ended -> TASKS.remove(id));
            });
  }

  /** Tells for each running task its job group and how many bytes it has allocated so far. */
  static void forEach(BiConsumer<String, Long> told) {
    TASKS
        .values()
        .forEach(
            task ->
                told.accept(
                    task.group, THREADS.getThreadAllocatedBytes(task.thread) - task.before));
  }

  /** Whether a task of the job group runs. */
  static boolean runs(String group) {
    return TASKS.values().stream().anyMatch(task -> task.group.equals(group));
  }

  /** Tells the tasks of the job group to stop; each does when it next looks. */
  static void interrupt(String group, String reason) {
    for (Running task : TASKS.values()) {
      if (task.group.equals(group)) {
        task.context.markInterrupted(reason);
      }
    }
  }
}
