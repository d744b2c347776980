package dev.tarn.engine.sql;

/**
 * What a session's statements may take of the engine.
 *
 * @param pool sessions of one pool share {@code tasks}
 * @param tasksPerStage tasks that one stage of a statement runs at once
 * @param tasks tasks that the pool runs at once
 */
public record ComputeShare(String pool, int tasksPerStage, int tasks) {
  /** As many tasks per stage as there are processors, and no bound for all together. */
  public static final ComputeShare UNLIMITED =
      new ComputeShare(
          "default", Math.max(2, Runtime.getRuntime().availableProcessors()), Integer.MAX_VALUE);
}
