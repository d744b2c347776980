package dev.tarn.serve.statements;

/** Where a statement is. Names are the wire's. */
public enum StatementState {
  PENDING,
  RUNNING,
  /** The whole result is there. */
  SUCCEEDED,
  FAILED,
  CANCELED,
  /** It had succeeded; its result is no longer there. */
  CLOSED;

  public boolean terminal() {
    return this != PENDING && this != RUNNING;
  }
}
