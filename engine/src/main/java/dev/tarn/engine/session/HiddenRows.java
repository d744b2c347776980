package dev.tarn.engine.session;

import org.apache.spark.SparkContext;

/**
 * Whether a statement reads rows that whoever runs it may not see: below a row filter or a mask, or
 * in a view or function of somebody else. What fails then must not name their values. Noted on the
 * thread that analyses the statement, for whoever tells of its failure.
 */
public final class HiddenRows {
  private static final String PROPERTY = "tarn.hiddenRows";

  private HiddenRows() {}

  public static void note(SparkContext spark) {
    spark.setLocalProperty(PROPERTY, "true");
  }

  public static boolean noted(SparkContext spark) {
    return spark.getLocalProperty(PROPERTY) != null;
  }

  public static void forget(SparkContext spark) {
    spark.setLocalProperty(PROPERTY, null);
  }
}
