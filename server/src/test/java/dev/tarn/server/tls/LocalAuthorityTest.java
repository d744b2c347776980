package dev.tarn.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAuthorityTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "::1");

  @TempDir Path data;

  private ServerCertificate at(Instant time, Set<String> names) {
    return new LocalAuthority(data.resolve("tls"), () -> names, Clock.fixed(time, ZoneOffset.UTC))
        .current();
  }

  private byte[] file(String name) throws IOException {
    return Files.readAllBytes(data.resolve("tls").resolve(name));
  }

  private X509Certificate authority() {
    return PemFiles.chain(data.resolve("tls/ca.crt")).get(0);
  }

  private void assertWorks(ServerCertificate server) throws Exception {
    server.certificate().verify(authority().getPublicKey());
    assertThat(PemFiles.belongTogether(server.key(), server.certificate().getPublicKey())).isTrue();
    assertThat(
            PemFiles.read(data.resolve("tls/server.crt"), data.resolve("tls/server.key"))
                .certificate())
        .isEqualTo(server.certificate());
  }

  @Test
  void makesAnAuthorityAndACertificateForTheNamesAndKeepsThem() throws Exception {
    ServerCertificate made = at(START, NAMES);
    assertWorks(made);
    assertThat(authority().getBasicConstraints()).isZero();
    assertThat(made.certificate().getBasicConstraints()).isEqualTo(-1);
    assertThat(made.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(
            made.certificate().getSubjectAlternativeNames().stream()
                .map(name -> ServerNames.canonical((String) name.get(1))))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    for (String file : List.of("ca.key", "server.key")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("tls").resolve(file))))
          .isEqualTo("rw-------");
    }
    assertThat(at(START.plus(Duration.ofDays(300)), NAMES).certificate())
        .isEqualTo(made.certificate());
  }

  @Test
  void renewsTheCertificateNearItsEndOrForAnotherNameUnderTheSameAuthority() throws Exception {
    ServerCertificate made = at(START, NAMES);
    byte[] trusted = file("ca.crt");
    Instant near = START.plus(Duration.ofDays(370));
    ServerCertificate renewed = at(near, NAMES);
    assertThat(renewed.certificate()).isNotEqualTo(made.certificate());
    ServerCertificate named = at(near, Set.of("localhost", "lake.example"));
    assertThat(named.certificate()).isNotEqualTo(renewed.certificate());
    assertWorks(named);
    assertThat(file("ca.crt")).isEqualTo(trusted);
    assertThat(at(near, Set.of("lake.example")).certificate())
        .as("a name less is no reason")
        .isEqualTo(named.certificate());
  }

  @Test
  void makesANewAuthorityWhenTheOldOneEnds() throws Exception {
    at(START, NAMES);
    byte[] old = file("ca.crt");
    ServerCertificate made = at(START.plus(Duration.ofDays(3640)), NAMES);
    assertThat(file("ca.crt")).isNotEqualTo(old);
    assertWorks(made);
  }

  /** Every state that a kill between two writes, or in one, can leave. */
  @Test
  void aStartAfterAKillAtAnyPointWorks() throws Exception {
    at(START, NAMES);
    List<String> order = List.of("ca.key", "ca.crt", "server.key", "server.crt");
    Path saved = Files.createDirectory(data.resolve("saved"));
    for (String name : order) {
      Files.copy(data.resolve("tls").resolve(name), saved.resolve(name));
    }
    for (String name : order) {
      Files.delete(data.resolve("tls").resolve(name));
    }
    at(START, NAMES); // A second set, all of other keys.
    for (int written = 0; written <= order.size(); written++) {
      for (int i = 0; i < order.size(); i++) {
        Path file = data.resolve("tls").resolve(order.get(i));
        Files.deleteIfExists(file);
        if (i < written) {
          Files.copy(saved.resolve(order.get(i)), file);
        }
      }
      Files.writeString(data.resolve("tls/server.key.new"), "half");
      assertWorks(at(START, NAMES));
    }
    Files.delete(data.resolve("tls/ca.key"));
    Files.copy(saved.resolve("ca.key"), data.resolve("tls/ca.key"));
    Files.writeString(data.resolve("tls/ca.crt"), "not a certificate");
    assertWorks(at(START, NAMES));
    Files.writeString(data.resolve("tls/server.key"), "-----BEGIN PRIVATE KEY-----\nMIGH");
    assertWorks(at(START, NAMES));
  }

  @Test
  void anAuthorityWhoseKeyWasTakenAwayStaysTrustedUntilTheCertificateEnds() throws Exception {
    ServerCertificate made = at(START, NAMES);
    byte[] trusted = file("ca.crt");
    Files.delete(data.resolve("tls/ca.key"));
    Set<String> more = Set.of("localhost", "lake.example");
    assertThat(at(START, more).certificate()).isEqualTo(made.certificate());
    assertThat(file("ca.crt")).isEqualTo(trusted);
    assertWorks(at(START.plus(Duration.ofDays(398)), more));
  }

  @Test
  void namesTheLoopbackTheMachineAndWhatTheSettingsName() {
    assertThat(ServerNames.of("10.1.2.3", Optional.of(URI.create("https://Lake.example:8443"))))
        .contains("localhost", "127.0.0.1", "::1", "10.1.2.3", "lake.example");
    assertThat(ServerNames.of("0.0.0.0", Optional.empty())).doesNotContain("0.0.0.0");
    assertThat(ServerNames.of("::", Optional.empty())).doesNotContain("::");
  }
}
