package dev.tarn.process.updates;

/** The states of an update, as the Pipelines API names them. */
public enum UpdateState {
  QUEUED,
  INITIALIZING,
  SETTING_UP_TABLES,
  RUNNING,
  STOPPING,
  COMPLETED,
  FAILED,
  CANCELED;

  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELED;
  }
}
