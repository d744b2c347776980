package dev.tarn.server.http;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import dev.tarn.server.tls.ServerCertificate;
import java.util.function.Supplier;

/** Shows the certificate as it stands at each handshake, whatever name the client asks for. */
final class ShownCertificate implements TlsProvider {
  private record Shown(ServerCertificate certificate, TlsKeyPair pair) {}

  private final Supplier<ServerCertificate> certificate;
  private volatile Shown last;

  ShownCertificate(Supplier<ServerCertificate> certificate) {
    this.certificate = certificate;
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    ServerCertificate now = certificate.get();
    Shown shown = last;
    if (shown == null || shown.certificate() != now) {
      shown = new Shown(now, TlsKeyPair.of(now.key(), now.chain()));
      last = shown;
    }
    return shown.pair();
  }
}
