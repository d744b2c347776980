package dev.tarn.process.updates;

import dev.tarn.engine.dialect.DataQuality;
import dev.tarn.kernel.error.TarnException;
import java.util.Optional;

/**
 * What one flow has come to in this update.
 *
 * @param flow full name of the flow
 * @param dataset full name of the table that it writes
 * @param quality rows and expectations so far; empty before the first batch
 */
public record FlowProgress(
    String flow,
    String dataset,
    Status status,
    Optional<DataQuality> quality,
    String message,
    Optional<TarnException> error) {

  /** The states of a flow, as the event log names them. */
  public enum Status {
    QUEUED,
    RUNNING,
    COMPLETED,
    /** Nothing upstream has changed, so there was nothing to do. */
    IDLE,
    /** Something upstream failed. */
    SKIPPED,
    FAILED,
    STOPPED
  }
}
