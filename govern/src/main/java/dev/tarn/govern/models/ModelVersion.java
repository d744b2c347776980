package dev.tarn.govern.models;

/**
 * One version of a model. Times are in milliseconds since 1970.
 *
 * @param version from 1
 * @param source where its files came from, or null
 * @param runId of the run that made it, or null
 * @param comment or null
 */
public record ModelVersion(
    String versionId,
    int version,
    String source,
    String runId,
    Status status,
    String comment,
    String createdBy,
    long createdAt,
    String updatedBy,
    long updatedAt) {
  /** Whether its files are there. */
  public enum Status {
    PENDING_REGISTRATION,
    READY
  }

  ModelVersion with(Status newStatus, String newComment, String by) {
    return new ModelVersion(
        versionId,
        version,
        source,
        runId,
        newStatus,
        newComment,
        createdBy,
        createdAt,
        by,
        System.currentTimeMillis());
  }
}
