package dev.tarn.server.client;

/** A call that did not succeed. The message is the server's, or says why it was not reached. */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String errorCode;

  /**
   * @param status HTTP status, or 0 if the server was not reached
   * @param errorCode as the server gave it, such as {@code RESOURCE_DOES_NOT_EXIST}
   */
  public ClientException(int status, String errorCode, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.errorCode = errorCode;
  }

  public int status() {
    return status;
  }

  public String errorCode() {
    return errorCode;
  }

  /** Whether no server was reached or it did not take the token. */
  public boolean noAccess() {
    return status == 0 || status == 401;
  }
}
