package dev.tarn.serve.address;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Request;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** The scheme, host and port that a client reached us under; links and URLs start with it. */
public final class PublicAddress {
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  private final Optional<URI> configured;
  private final URI fallback;

  /**
   * @param configured the address to use always, where a proxy hides the true one. Headers that a
   *     proxy would add are not believed, since any client can send them
   * @param fallback the address where a request names no host
   */
  public PublicAddress(Optional<URI> configured, URI fallback) {
    this.configured = configured;
    this.fallback = fallback;
  }

  /** The address for a request, without a path. */
  public URI of(Request request) {
    if (configured.isPresent()) {
      return configured.get();
    }
    Optional<String> host = request.header("host").filter(h -> !h.isBlank());
    if (host.isEmpty()) {
      return fallback;
    }
    String scheme = request.secure() ? "https" : "http";
    if (HOST.matcher(host.get()).matches()) {
      return URI.create(scheme + "://" + host.get());
    }
    throw TarnException.invalid("The request's Host header is not a host and port.");
  }
}
