package dev.tarn.platform.identity.oauth;

/**
 * What a client asks of the token endpoint; absent parts are null.
 *
 * @param clientId application id of a service principal
 * @param scope names of scopes, separated by spaces
 */
public record TokenRequest(String grantType, String clientId, String clientSecret, String scope) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "TokenRequest[grantType=" + grantType + ", clientId=" + clientId + "]";
  }
}
