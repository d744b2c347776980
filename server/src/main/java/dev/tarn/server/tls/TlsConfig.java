package dev.tarn.server.tls;

import dev.tarn.kernel.error.TarnException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which certificate the server shows.
 *
 * @param certificate PEM file of one's own certificate, followed by those of its issuers; empty: a
 *     certificate of the local authority in the data folder
 * @param key PEM file of its private key, not encrypted
 * @param bindAddress where the server listens
 * @param publicUrl what clients reach it under, if the settings say so
 */
public record TlsConfig(
    Optional<Path> certificate, Optional<Path> key, String bindAddress, Optional<URI> publicUrl) {
  public TlsConfig {
    if (certificate.isPresent() != key.isPresent()) {
      throw TarnException.invalid(
          "Settings server.tls_certificate and server.tls_key belong together: set both, or neither"
              + " for a certificate of the local authority.");
    }
  }
}
