package dev.tarn.platform.identity.oauth;

/** A token request that is refused, in the words of RFC 6749, section 5.2. */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String error;

  OAuthException(String error, String description) {
    super(description);
    this.error = error;
  }

  /** Such as {@code invalid_client}. */
  public String error() {
    return error;
  }
}
