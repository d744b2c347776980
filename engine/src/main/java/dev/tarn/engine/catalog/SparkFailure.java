package dev.tarn.engine.catalog;

/**
 * Spark's checked exceptions pass through Scala methods that declare none; Java needs to be told.
 */
final class SparkFailure {
  private SparkFailure() {}

  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException rethrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
