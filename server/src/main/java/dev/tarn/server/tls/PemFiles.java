package dev.tarn.server.tls;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** A certificate chain and its key as PEM text (RFC 7468). Errors name the file that is wrong. */
final class PemFiles {
  private static final int MAX_BYTES = 1 << 20;
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private PemFiles() {}

  /**
   * @throws TarnException INVALID_STATE if a file is missing, unreadable or of another form, the
   *     key is encrypted or not the certificate's, or the chain is out of order
   */
  static ServerCertificate read(Path certificateFile, Path keyFile) {
    List<X509Certificate> chain = chain(certificateFile);
    PrivateKey key = key(keyFile);
    if (!belongTogether(key, chain.get(0).getPublicKey())) {
      throw wrong(
          keyFile,
          "is not the private key of the first certificate in '"
              + certificateFile
              + "'. Name the key that the certificate was made for; the server's own certificate"
              + " comes first in its file.",
          null);
    }
    return new ServerCertificate(key, chain);
  }

  static List<X509Certificate> chain(Path file) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes(file)))
          .forEach(certificate -> chain.add((X509Certificate) certificate));
    } catch (CertificateException e) {
      throw wrong(file, "does not hold certificates in PEM form (BEGIN CERTIFICATE).", e);
    }
    if (chain.isEmpty()) {
      throw wrong(file, "does not hold a certificate in PEM form (BEGIN CERTIFICATE).", null);
    }
    for (int i = 0; i + 1 < chain.size(); i++) {
      try {
        chain.get(i).verify(chain.get(i + 1).getPublicKey());
      } catch (GeneralSecurityException e) {
        throw wrong(
            file,
            "holds certificates out of order: number "
                + (i + 2)
                + " did not issue number "
                + (i + 1)
                + ". Put the server's own first, then its issuer, and so on.",
            e);
      }
    }
    return chain;
  }

  private static PrivateKey key(Path file) {
    String text = new String(bytes(file), StandardCharsets.US_ASCII);
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from >= 0 && to > from) {
      // What the local authority writes; every start comes here, so it does without a library.
      try {
        return key(file, Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to)));
      } catch (IllegalArgumentException e) {
        throw wrong(file, "is cut off or damaged.", e);
      }
    }
    return olderForm(file, text);
  }

  private static PrivateKey olderForm(Path file, String text) {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PEMEncryptedKeyPair || part instanceof PKCS8EncryptedPrivateKeyInfo) {
          throw wrong(
              file,
              "is encrypted with a passphrase. Store the key without one (openssl pkey -in KEY -out"
                  + " PLAIN), readable only by the user that runs Tarn.",
              null);
        }
        if (part instanceof PEMKeyPair pair) {
          return key(file, pair.getPrivateKeyInfo().getEncoded());
        }
        if (part instanceof PrivateKeyInfo info) {
          return key(file, info.getEncoded());
        }
      }
    } catch (IOException e) {
      throw wrong(file, "is cut off or damaged.", e);
    }
    throw wrong(file, "does not hold a private key in PEM form (BEGIN PRIVATE KEY).", null);
  }

  private static PrivateKey key(Path file, byte[] pkcs8) {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        continue; // Another algorithm's key.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Every JDK has " + algorithm, e);
      }
    }
    throw wrong(file, "holds a key that is damaged, or neither RSA, EC nor Ed25519.", null);
  }

  /** Whether what the one signs the other verifies. */
  static boolean belongTogether(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = "tarn".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw wrong(file, "is too large for certificates or a key.", null);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw wrong(file, "does not exist.", e);
    } catch (AccessDeniedException e) {
      throw wrong(file, "may not be read by user '" + System.getProperty("user.name") + "'.", e);
    } catch (IOException e) {
      throw wrong(file, "cannot be read.", e);
    }
  }

  private static TarnException wrong(Path file, String what, Exception cause) {
    return new TarnException(
        ErrorCode.INVALID_STATE, "TLS cannot be set up: the file '" + file + "' " + what, cause);
  }

  static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
