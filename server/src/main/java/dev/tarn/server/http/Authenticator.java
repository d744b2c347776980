package dev.tarn.server.http;

import dev.tarn.kernel.identity.Principal;

/** Resolves a bearer token. */
@FunctionalInterface
public interface Authenticator {
  /**
   * @throws dev.tarn.kernel.error.TarnException UNAUTHENTICATED if the token is unknown, revoked or
   *     expired
   */
  Principal authenticate(String bearerToken);
}
