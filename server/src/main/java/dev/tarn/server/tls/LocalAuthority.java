package dev.tarn.server.tls;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.platform.datafolder.SecretFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate authority of this data folder alone, and the server's certificate from it: {@code
 * ca.crt}, {@code ca.key}, {@code server.crt} and {@code server.key} in one folder. Clients trust
 * {@code ca.crt} once; server certificates come and go under it.
 *
 * <p>A key is written before its certificate, and what does not belong together is made again, so
 * that a start after {@code kill -9} at any point finds or makes a working set.
 */
final class LocalAuthority {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAuthority.class);
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  /** Some clients refuse certificates that live longer than 398 days. */
  private static final Duration SERVER_LIFETIME = Duration.ofDays(397);

  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** Clocks of clients may be behind ours. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private final Path folder;
  private final Supplier<Set<String>> names;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param names DNS names and IP addresses that the server's certificate must carry, asked for
   *     anew each time, since a machine's addresses change
   */
  LocalAuthority(Path folder, Supplier<Set<String>> names, Clock clock) {
    this.folder = folder;
    this.names = names;
    this.clock = clock;
  }

  /** What clients are pointed to. */
  Path certificateFile() {
    return folder.resolve("ca.crt");
  }

  private Path keyFile() {
    return folder.resolve("ca.key");
  }

  /** The server's certificate: the one in the folder while it is good, else a new one. */
  ServerCertificate current() {
    makeFolder();
    Path serverCertificate = folder.resolve("server.crt");
    Path serverKey = folder.resolve("server.key");
    Optional<ServerCertificate> server = read(serverCertificate, serverKey);
    Optional<ServerCertificate> trusted = server.filter(s -> isTrusted(s.certificate()));
    if (trusted.filter(s -> outlives(s, RENEW_BEFORE) && carriesNames(s)).isPresent()) {
      return trusted.get();
    }
    Optional<ServerCertificate> authority =
        read(certificateFile(), keyFile()).filter(a -> outlives(a, RENEW_BEFORE));
    if (authority.isEmpty() && trusted.filter(s -> outlives(s, Duration.ZERO)).isPresent()) {
      // Someone took the authority's key away. Trust in it must not break before it has to.
      LOG.warn(
          "The server's certificate should be renewed, but '{}' is missing or is not the key of"
              + " '{}'. Delete both to make a new authority.",
          keyFile(),
          certificateFile());
      return trusted.get();
    }
    try {
      ServerCertificate issuer = authority.isPresent() ? authority.get() : newAuthority();
      ServerCertificate made = newServer(issuer);
      write(made, serverCertificate, serverKey);
      return made;
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "Certificates cannot be made in '" + folder + "': " + e.getMessage() + ".",
          e);
    }
  }

  private void makeFolder() {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new TarnException(
          ErrorCode.INVALID_STATE,
          "The folder '"
              + folder
              + "' for certificates cannot be made. Check that the data folder can be written and"
              + " the disk is not full.",
          e);
    }
  }

  private static Optional<ServerCertificate> read(Path certificate, Path key) {
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(PemFiles.read(certificate, key));
    } catch (TarnException e) {
      LOG.info("A new certificate is made. {}", e.getMessage());
      return Optional.empty();
    }
  }

  private boolean isTrusted(X509Certificate server) {
    try {
      X509Certificate authority = PemFiles.chain(certificateFile()).get(0);
      server.verify(authority.getPublicKey());
      authority.checkValidity(Date.from(clock.instant()));
      return true;
    } catch (TarnException | GeneralSecurityException e) {
      return false;
    }
  }

  private boolean outlives(ServerCertificate certificate, Duration time) {
    Instant end = certificate.certificate().getNotAfter().toInstant();
    return end.isAfter(clock.instant().plus(time));
  }

  private boolean carriesNames(ServerCertificate server) {
    try {
      var alternatives = server.certificate().getSubjectAlternativeNames();
      Set<String> carried =
          alternatives == null
              ? Set.of()
              : alternatives.stream()
                  .map(name -> ServerNames.canonical(String.valueOf(name.get(1))))
                  .collect(Collectors.toSet());
      return names.get().stream().map(ServerNames::canonical).allMatch(carried::contains);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private ServerCertificate newAuthority()
      throws GeneralSecurityException, OperatorCreationException, IOException {
    KeyPair pair = newKey();
    // The date tells authorities of one machine apart in a browser's list.
    X500Name name = new X500Name("CN=Tarn local CA " + clock.instant().toString().substring(0, 10));
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    JcaX509v3CertificateBuilder builder = builder(name, name, pair, AUTHORITY_LIFETIME);
    builder
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
        .addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            extensions.createSubjectKeyIdentifier(pair.getPublic()));
    ServerCertificate authority = signed(builder, pair, pair);
    write(authority, certificateFile(), keyFile());
    LOG.info("A new local certificate authority is in {}", certificateFile());
    return authority;
  }

  private ServerCertificate newServer(ServerCertificate authority)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    KeyPair pair = newKey();
    PublicKey issuerKey = authority.certificate().getPublicKey();
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    JcaX509v3CertificateBuilder builder =
        builder(
            X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded()),
            new X500Name("CN=Tarn"),
            pair,
            SERVER_LIFETIME);
    builder
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(Extension.subjectAlternativeName, false, alternativeNames())
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            extensions.createAuthorityKeyIdentifier(issuerKey))
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            extensions.createSubjectKeyIdentifier(pair.getPublic()));
    return signed(builder, pair, new KeyPair(issuerKey, authority.key()));
  }

  private GeneralNames alternativeNames() {
    return new GeneralNames(
        names.get().stream()
            .map(
                name ->
                    new GeneralName(
                        ServerNames.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
            .toArray(GeneralName[]::new));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair pair, Duration lifetime) {
    Instant now = clock.instant();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, random).add(BigInteger.ONE),
        Date.from(now.minus(CLOCK_SKEW)),
        Date.from(now.plus(lifetime)),
        subject,
        pair.getPublic());
  }

  private static ServerCertificate signed(
      JcaX509v3CertificateBuilder builder, KeyPair own, KeyPair issuer)
      throws GeneralSecurityException, OperatorCreationException {
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    return new ServerCertificate(own.getPrivate(), List.of(certificate));
  }

  private static void write(ServerCertificate made, Path certificate, Path key)
      throws GeneralSecurityException {
    SecretFile.write(key, PemFiles.pem("PRIVATE KEY", made.key().getEncoded()));
    SecretFile.write(certificate, PemFiles.pem("CERTIFICATE", made.certificate().getEncoded()));
  }
}
