package dev.tarn.server.http;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.tls.TlsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the one port is served; section {@code server} of the settings.
 *
 * @param bindAddress address to listen on; {@code 127.0.0.1} unless told otherwise, since plain
 *     HTTP would carry tokens. {@code 0.0.0.0} listens on every address
 * @param port 0 to 65535; 0 takes a free one. 8080 by default
 * @param maxJsonBytes largest JSON body that is read, in bytes; 16 MiB by default. Files are not
 *     limited
 * @param handlerThreads requests handled at once, 128 by default; more wait their turn
 * @param stalledSeconds after which a request is given up that neither reads nor is read; 900 by
 *     default
 * @param publicUrl what clients reach the server under, such as {@code https://tarn.example.org},
 *     where a proxy stands between; absent: what each request names as its host
 * @param httpsPort a second port, which speaks TLS only, such as 443; absent: none. The first port
 *     speaks both, whichever a connection begins with
 * @param tlsCertificate PEM file of one's own certificate and its issuers; absent: a certificate of
 *     the local authority, whose {@code tls/ca.crt} in the data folder clients are pointed to
 * @param tlsKey PEM file of the certificate's private key, not encrypted
 */
public record HttpConfig(
    String bindAddress,
    Integer port,
    Integer maxJsonBytes,
    Integer handlerThreads,
    Integer stalledSeconds,
    Optional<URI> publicUrl,
    Optional<Integer> httpsPort,
    Optional<Path> tlsCertificate,
    Optional<Path> tlsKey) {
  public HttpConfig {
    bindAddress = Optional.ofNullable(bindAddress).orElse("127.0.0.1");
    port = Optional.ofNullable(port).orElse(8080);
    maxJsonBytes = Optional.ofNullable(maxJsonBytes).orElse(16 << 20);
    handlerThreads = Optional.ofNullable(handlerThreads).orElse(128);
    stalledSeconds = Optional.ofNullable(stalledSeconds).orElse(900);
    publicUrl = publicUrl == null ? Optional.empty() : publicUrl;
    httpsPort = httpsPort == null ? Optional.empty() : httpsPort;
    tlsCertificate = tlsCertificate == null ? Optional.empty() : tlsCertificate;
    tlsKey = tlsKey == null ? Optional.empty() : tlsKey;
    requirePort(port);
    httpsPort.ifPresent(HttpConfig::requirePort);
    if (port > 0 && httpsPort.filter(port::equals).isPresent()) {
      throw TarnException.invalid(
          "Settings server.port and server.https_port are both "
              + port
              + ". Leave server.https_port out: the one port speaks https too.");
    }
    if (maxJsonBytes < 1 || handlerThreads < 1 || stalledSeconds < 1) {
      throw TarnException.invalid(
          "Settings server.max_json_bytes, server.handler_threads and server.stalled_seconds must be"
              + " at least 1.");
    }
  }

  private static void requirePort(int port) {
    if (port < 0 || port > 65535) {
      throw TarnException.invalid("Port " + port + " is not a port. Choose one up to 65535.");
    }
  }

  /** Which certificate to show. */
  public TlsConfig tls() {
    return new TlsConfig(tlsCertificate, tlsKey, bindAddress, publicUrl);
  }

  /** The defaults, on a free port of the loopback address. */
  public static HttpConfig onFreePort() {
    return new HttpConfig("127.0.0.1", 0, null, null, null, null, null, null, null);
  }
}
