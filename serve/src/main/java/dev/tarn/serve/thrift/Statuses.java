package dev.tarn.serve.thrift;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.thrift.Enums.TStatusCode;
import dev.tarn.serve.thrift.SessionStructs.TStatus;
import java.util.List;

/** How a call went, in the wire's words. */
final class Statuses {
  static final TStatus SUCCESS =
      new TStatus(TStatusCode.SUCCESS_STATUS, null, null, null, null, null, null);

  private static final String NO_SESSION = "08003";
  private static final String NO_OPERATION = "24000";
  private static final String GENERAL = "HY000";

  private Statuses() {}

  /** Done, because there was nothing to do. */
  static TStatus alreadyGone(TarnException why) {
    return new TStatus(
        TStatusCode.SUCCESS_WITH_INFO_STATUS,
        List.of(why.getMessage()),
        null,
        null,
        null,
        null,
        null);
  }

  /** Drivers drop a connection for its SQLSTATE 08003, and some for the words at the beginning. */
  static TStatus of(TarnException failure) {
    String sqlState = sqlState(failure);
    String message = failure.getMessage();
    boolean noSession = sqlState.equals(NO_SESSION);
    if (noSession) {
      message = "Invalid SessionHandle: " + message;
    } else if (sqlState.equals(NO_OPERATION)) {
      message = "Invalid OperationHandle: " + message;
    }
    return new TStatus(
        noSession || sqlState.equals(NO_OPERATION)
            ? TStatusCode.INVALID_HANDLE_STATUS
            : TStatusCode.ERROR_STATUS,
        null,
        sqlState,
        null,
        message,
        message,
        null);
  }

  static String sqlState(TarnException failure) {
    return failure.sqlState().orElse(GENERAL);
  }

  static TarnException operationGone(String id) {
    return new TarnException(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        NO_OPERATION,
        "Operation '"
            + id
            + "' is gone: it was closed, expired, or the server restarted. Run the statement"
            + " again.",
        null);
  }

  static TarnException unsupported(String what) {
    return new TarnException(ErrorCode.NOT_IMPLEMENTED, "0A000", what, null);
  }
}
