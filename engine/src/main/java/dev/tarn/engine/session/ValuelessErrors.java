package dev.tarn.engine.session;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.SparkThrowableHelper;
import org.apache.spark.sql.AnalysisException;

/**
 * What Spark says of a failure, without the values that it failed on: the same error class and
 * SQLSTATE, and the same words but for those.
 */
final class ValuelessErrors {
  private static final String HIDDEN = "'…'";

  /** Of a message, what is never the value of a row. */
  private static final Set<String> PLAIN =
      Set.of(
          "sourceType",
          "targetType",
          "srcType",
          "dataType",
          "ansiConfig",
          "config",
          "functionName",
          "alternative",
          "suggestedFunc");

  private ValuelessErrors() {}

  /** An error that no row has caused says what it says. */
  static boolean tells(Throwable shown) {
    return !(shown instanceof AnalysisException);
  }

  static TarnException of(Throwable shown, Throwable failure) {
    if (!(shown instanceof SparkThrowable spark)
        || spark.getCondition() == null
        || spark.getSqlState() == null) {
      return new TarnException(
          ErrorCode.BAD_REQUEST,
          "22000",
          "The statement failed on a value that is not shown, since it reads rows that are not all"
              + " yours to see. Functions that begin with try_ give NULL instead of an error.",
          failure);
    }
    Map<String, String> parameters = new HashMap<>();
    spark
        .getMessageParameters()
        .forEach((name, value) -> parameters.put(name, PLAIN.contains(name) ? value : HIDDEN));
    return new TarnException(
        ErrorCode.BAD_REQUEST,
        spark.getSqlState(),
        SparkThrowableHelper.getMessage(spark.getCondition(), parameters),
        failure);
  }
}
