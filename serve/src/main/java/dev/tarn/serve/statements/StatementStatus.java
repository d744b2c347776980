package dev.tarn.serve.statements;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;

/**
 * @param error only when FAILED
 * @param sqlState only when FAILED
 */
public record StatementStatus(StatementState state, ServiceError error, String sqlState) {

  /** Why a statement failed, with a code of the Statement Execution API's own, smaller set. */
  public record ServiceError(String errorCode, String message) {
    static ServiceError of(TarnException failure) {
      ErrorCode code = failure.code();
      String name =
          switch (code) {
            case CANCELLED,
                DEADLINE_EXCEEDED,
                INTERNAL_ERROR,
                RESOURCE_EXHAUSTED,
                TEMPORARILY_UNAVAILABLE,
                UNAUTHENTICATED ->
                code.name();
            case REQUEST_LIMIT_EXCEEDED -> "RESOURCE_EXHAUSTED";
            default -> "BAD_REQUEST";
          };
      return new ServiceError(name, failure.getMessage());
    }
  }
}
