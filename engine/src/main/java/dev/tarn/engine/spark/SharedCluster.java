package dev.tarn.engine.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskScheduler;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.local.LocalSchedulerBackend;

/** Spark's local mode with {@link SharedTaskScheduler}; Spark finds it as a service. */
public final class SharedCluster implements ExternalClusterManager {
  /** A name that Spark takes for local mode and yet asks us about. */
  static final String MASTER = "local[shared]";

  /** Places for tasks: far more than processors, since shares are what bounds them. */
  private static final int PLACES = 256;

  @Override
  public boolean canCreate(String master) {
    return master.equals(MASTER);
  }

  @Override
  public TaskScheduler createTaskScheduler(SparkContext context, String master) {
    return new SharedTaskScheduler(context);
  }

  @Override
  public SchedulerBackend createSchedulerBackend(
      SparkContext context, String master, TaskScheduler scheduler) {
    return new LocalSchedulerBackend(context.getConf(), (TaskSchedulerImpl) scheduler, PLACES);
  }

  @Override
  public void initialize(TaskScheduler scheduler, SchedulerBackend backend) {
    ((TaskSchedulerImpl) scheduler).initialize(backend);
  }
}
