package dev.tarn.platform.identity.oauth;

/**
 * The answer of the token endpoint (RFC 6749, section 5.1).
 *
 * @param accessToken a signed JWT
 * @param expiresIn seconds
 */
public record AccessToken(String accessToken, String tokenType, long expiresIn, String scope) {
  /** Without the token. */
  @Override
  public String toString() {
    return "AccessToken[expiresIn=" + expiresIn + "]";
  }
}
