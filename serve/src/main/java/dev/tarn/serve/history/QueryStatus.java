package dev.tarn.serve.history;

/** Where a query is. Names are the wire's. */
public enum QueryStatus {
  QUEUED,
  RUNNING,
  FINISHED,
  FAILED,
  CANCELED;

  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
