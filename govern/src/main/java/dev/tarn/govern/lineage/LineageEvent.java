package dev.tarn.govern.lineage;

import java.time.Instant;

/**
 * A statement that has run.
 *
 * @param user whom it ran as
 * @param statementId null if the client has no name for it
 * @param entity what ran it; null if a client did
 */
public record LineageEvent(
    Flow flow, String user, String statementId, Entity entity, Instant time) {

  /**
   * What runs statements of itself.
   *
   * @param type as in the lineage tables, such as {@code PIPELINE}
   * @param runId of this run of it
   */
  public record Entity(String type, String id, String runId) {
    public static Entity pipeline(String id, String updateId) {
      return new Entity("PIPELINE", id, updateId);
    }
  }
}
