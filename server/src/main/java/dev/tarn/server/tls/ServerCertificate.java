package dev.tarn.server.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a TLS server shows and proves.
 *
 * @param chain the server's own certificate first, then each issuer's
 */
public record ServerCertificate(PrivateKey key, List<X509Certificate> chain) {
  public ServerCertificate {
    chain = List.copyOf(chain);
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ServerCertificate[" + certificate().getSubjectX500Principal() + "]";
  }
}
