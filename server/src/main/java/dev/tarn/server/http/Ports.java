package dev.tarn.server.http;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.ServerPort;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The ports that a server listens on, and why it could not. */
final class Ports {
  private Ports() {}

  static List<ServerPort> of(HttpConfig config, boolean tls) {
    InetSocketAddress first = new InetSocketAddress(config.bindAddress(), config.port());
    if (!tls) {
      return List.of(new ServerPort(first, SessionProtocol.HTTP));
    }
    List<ServerPort> ports = new ArrayList<>();
    ports.add(new ServerPort(first, SessionProtocol.HTTP, SessionProtocol.HTTPS));
    config
        .httpsPort()
        .map(port -> new InetSocketAddress(config.bindAddress(), port))
        .ifPresent(address -> ports.add(new ServerPort(address, SessionProtocol.HTTPS)));
    return ports;
  }

  static TarnException cannotListen(HttpConfig config, Throwable cause) {
    boolean taken =
        cause instanceof BindException
            || String.valueOf(cause.getMessage()).contains("Address already in use");
    if (taken && String.valueOf(cause.getMessage()).contains("in use")) {
      return new TarnException(
          ErrorCode.INVALID_STATE,
          "Port "
              + config.port()
              + config.httpsPort().map(port -> " or " + port).orElse("")
              + " on "
              + config.bindAddress()
              + " is in use by another program. Stop it, or choose another port with --port"
              + config.httpsPort().map(port -> " or --https-port").orElse("")
              + ".",
          cause);
    }
    return new TarnException(
        ErrorCode.INVALID_STATE,
        "Cannot listen on "
            + config.bindAddress()
            + ":"
            + config.port()
            + ": "
            + cause.getMessage()
            + ". Check --port, --https-port and server.bind_address.",
        cause);
  }
}
