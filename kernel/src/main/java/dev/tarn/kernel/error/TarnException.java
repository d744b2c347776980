package dev.tarn.kernel.error;

import java.util.Optional;

/**
 * The one exception that reaches a user. Its message says what happened, to what, and what to do
 * about it; it never carries a secret, a token or a row value.
 */
public final class TarnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String sqlState;

  public TarnException(ErrorCode code, String message) {
    this(code, null, message, null);
  }

  public TarnException(ErrorCode code, String message, Throwable cause) {
    this(code, null, message, cause);
  }

  /**
   * @param sqlState five characters of the SQL standard, or null where no SQL is involved
   */
  public TarnException(ErrorCode code, String sqlState, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.sqlState = sqlState;
  }

  public static TarnException notFound(ErrorCode code, String what, String name) {
    return new TarnException(
        code,
        "42P01",
        what
            + " '"
            + name
            + "' does not exist. Check the spelling, and the catalog and schema it is looked up in.",
        null);
  }

  public static TarnException alreadyExists(String what, String name) {
    return new TarnException(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "42P07",
        what + " '" + name + "' already exists. Choose another name or drop it first.",
        null);
  }

  /** Says who lacks which privilege on what, the way Unity Catalog words it. */
  public static TarnException permissionDenied(String user, String privilege, String on) {
    return new TarnException(
        ErrorCode.PERMISSION_DENIED,
        "42501",
        "PERMISSION_DENIED: User '"
            + user
            + "' does not have "
            + privilege
            + " on "
            + on
            + ". Ask its owner or an administrator to grant it.",
        null);
  }

  public static TarnException invalid(String message) {
    return new TarnException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  public ErrorCode code() {
    return code;
  }

  public Optional<String> sqlState() {
    return Optional.ofNullable(sqlState);
  }
}
