package org.apache.spark.ml.util;

import org.apache.spark.sql.SparkSession;

/**
 * Stands in for the class of this name in Spark's machine learning library, which Spark Connect
 * makes one of per session, even to close it. That library is not part of Tarn, and every command
 * that would use more of it is refused before it gets here.
 */
public final class ConnectHelper {
  /** As Spark Connect calls it. */
  public ConnectHelper(SparkSession session) {}
}
