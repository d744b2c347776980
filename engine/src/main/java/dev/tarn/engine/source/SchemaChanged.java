package dev.tarn.engine.source;

import dev.tarn.kernel.error.TarnException;

/**
 * A stream has come upon columns that its schema does not have. No RuntimeException, since Spark
 * passes over those of corrupt files where it is told to.
 */
public final class SchemaChanged extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean noted;

  /**
   * @param why what to tell whoever runs the stream
   * @param noted whether the columns are there once the stream is planned anew
   */
  public SchemaChanged(TarnException why, boolean noted) {
    super(why.getMessage(), why);
    this.noted = noted;
  }

  /** Whether what failed is to be planned anew and goes on then. */
  public static boolean caused(Throwable failure) {
    for (Throwable at = failure; at != null && at != at.getCause(); at = at.getCause()) {
      if (at instanceof SchemaChanged changed) {
        return changed.noted;
      }
    }
    return false;
  }
}
