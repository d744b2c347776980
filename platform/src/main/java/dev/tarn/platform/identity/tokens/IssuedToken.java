package dev.tarn.platform.identity.tokens;

/**
 * A new token, the only time its text is known.
 *
 * @param tokenValue {@code dapi} and 32 hexadecimal digits
 */
public record IssuedToken(String tokenValue, TokenInfo tokenInfo) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "IssuedToken[" + tokenInfo + "]";
  }
}
