package dev.tarn.kernel.error;

/**
 * The error codes of Databricks' REST API, with the HTTP status each travels under.
 *
 * @see <a href="https://docs.databricks.com/api/azure/workspace/introduction">Databricks REST
 *     API</a>
 */
public enum ErrorCode {
  INVALID_PARAMETER_VALUE(400),
  BAD_REQUEST(400),
  MALFORMED_REQUEST(400),
  INVALID_STATE(400),
  /** Not under 501, which Databricks' SDKs try again, and then say nothing of the message. */
  NOT_IMPLEMENTED(400),
  UNAUTHENTICATED(401),
  PERMISSION_DENIED(403),
  ENDPOINT_NOT_FOUND(404),
  RESOURCE_DOES_NOT_EXIST(404),
  CATALOG_DOES_NOT_EXIST(404),
  SCHEMA_DOES_NOT_EXIST(404),
  TABLE_DOES_NOT_EXIST(404),
  VOLUME_DOES_NOT_EXIST(404),
  RESOURCE_ALREADY_EXISTS(409),
  RESOURCE_CONFLICT(409),
  REQUEST_LIMIT_EXCEEDED(429),
  RESOURCE_EXHAUSTED(429),
  CANCELLED(499),
  INTERNAL_ERROR(500),
  TEMPORARILY_UNAVAILABLE(503),
  DEADLINE_EXCEEDED(504);

  private final int httpStatus;

  ErrorCode(int httpStatus) {
    this.httpStatus = httpStatus;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
