package dev.tarn.acceptance.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;

/** A Java trust store that holds one authority, as a user makes it with keytool. */
public record TrustStore(Path file) {
  public static final String PASSWORD = "changeit";

  /**
   * @param authority certificate in PEM form
   */
  public static TrustStore of(Path authority) {
    try (InputStream in = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "tarn", CertificateFactory.getInstance("X.509").generateCertificate(in));
      Path file = Files.createTempFile("trust", ".p12");
      file.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
      return new TrustStore(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a JVM that shall trust it and nothing else. */
  public List<String> options() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }
}
