package dev.tarn.server.http;

import dev.tarn.kernel.error.TarnException;
import java.util.Optional;

/**
 * How the one port is served; section {@code server} of the settings.
 *
 * @param bindAddress address to listen on; {@code 127.0.0.1} unless told otherwise, since plain
 *     HTTP carries tokens. {@code 0.0.0.0} listens on every address
 * @param port 0 to 65535; 0 takes a free one. 8080 by default
 * @param maxJsonBytes largest JSON body that is read, in bytes; 16 MiB by default. Files are not
 *     limited
 * @param handlerThreads requests handled at once, 128 by default; more wait their turn
 */
public record HttpConfig(
    String bindAddress, Integer port, Integer maxJsonBytes, Integer handlerThreads) {
  public HttpConfig {
    bindAddress = Optional.ofNullable(bindAddress).orElse("127.0.0.1");
    port = Optional.ofNullable(port).orElse(8080);
    maxJsonBytes = Optional.ofNullable(maxJsonBytes).orElse(16 << 20);
    handlerThreads = Optional.ofNullable(handlerThreads).orElse(128);
    if (port < 0 || port > 65535) {
      throw TarnException.invalid("Port " + port + " is not a port. Choose one up to 65535.");
    }
    if (maxJsonBytes < 1 || handlerThreads < 1) {
      throw TarnException.invalid(
          "Settings server.max_json_bytes and server.handler_threads must be at least 1.");
    }
  }

  /** The defaults, on a free port of the loopback address. */
  public static HttpConfig onFreePort() {
    return new HttpConfig("127.0.0.1", 0, null, null);
  }
}
