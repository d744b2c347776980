package dev.tarn.engine.translation;

/**
 * Says that the native engine is not proven to answer as Spark does. The statement then runs on
 * Spark; the reason is for the query's profile, so it names the expression and never holds a value.
 */
public final class Untranslatable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Untranslatable(String reason) {
    super(reason, null, false, false);
  }
}
