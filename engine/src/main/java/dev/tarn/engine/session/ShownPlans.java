package dev.tarn.engine.session;

import org.apache.spark.SparkContext;

/** Whether the plan that a thread analyses is for its user to look at, and not to run. */
public final class ShownPlans {
  private static final String PROPERTY = "tarn.showsPlan";

  private ShownPlans() {}

  /** What is analysed within is shown. */
  public static void within(SparkContext spark, Runnable step) {
    spark.setLocalProperty(PROPERTY, "true");
    try {
      step.run();
    } finally {
      spark.setLocalProperty(PROPERTY, null);
    }
  }

  public static boolean noted(SparkContext spark) {
    return spark.getLocalProperty(PROPERTY) != null;
  }
}
