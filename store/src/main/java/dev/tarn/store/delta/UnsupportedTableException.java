package dev.tarn.store.delta;

/**
 * A Delta table that is sound but that only Spark can read here: its protocol asks for what {@link
 * DeltaSnapshots} does not know, or the log is written in a way it does not understand. Whoever
 * gets it lets Spark read the table.
 */
public final class UnsupportedTableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnsupportedTableException(String reason) {
    super(reason);
  }

  public UnsupportedTableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
