package dev.tarn.server.http;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** Who sends a request, resolved when first asked for. */
final class Caller implements Supplier<Principal> {
  private final Authenticator authenticator;
  private final String authorization;
  private Principal principal;

  /**
   * @param authorization the header of that name; null if there is none
   */
  Caller(Authenticator authenticator, String authorization) {
    this.authenticator = authenticator;
    this.authorization = authorization;
  }

  @Override
  public Principal get() {
    if (principal == null) {
      principal = authenticator.authenticate(token());
    }
    return principal;
  }

  Optional<String> known() {
    return Optional.ofNullable(principal).map(Principal::name);
  }

  private String token() {
    return after("Bearer ")
        .or(() -> after("Basic ").flatMap(Caller::password))
        .orElseThrow(
            () ->
                new TarnException(
                    ErrorCode.UNAUTHENTICATED,
                    "This request needs a token: send the header 'Authorization: Bearer"
                        + " <token>'. The administrator's token lies in the file admin.token of"
                        + " the data folder."));
  }

  private Optional<String> after(String scheme) {
    return Optional.ofNullable(authorization)
        .filter(header -> header.regionMatches(true, 0, scheme, 0, scheme.length()))
        .map(header -> header.substring(scheme.length()).strip());
  }

  /** Older drivers send the token as the password of a user who is called {@code token}. */
  private static Optional<String> password(String encoded) {
    try {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return text.startsWith("token:")
          ? Optional.of(text.substring("token:".length()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
