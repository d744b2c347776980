package dev.tarn.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.address.PublicAddress;
import dev.tarn.server.http.HttpConfig;
import dev.tarn.server.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  private static final PublicAddress ADDRESS =
      new PublicAddress(Optional.empty(), URI.create("http://fallback"));

  @TempDir Path data;

  private static HttpConfig config(Integer httpsPort, Path certificate, Path key) {
    return new HttpConfig(
        "127.0.0.1",
        0,
        null,
        null,
        null,
        null,
        Optional.ofNullable(httpsPort),
        Optional.ofNullable(certificate),
        Optional.ofNullable(key));
  }

  private static HttpServer serve(HttpConfig config, Tls tls) {
    Capability address =
        () ->
            List.of(
                Route.get(
                    "/address",
                    Access.PUBLIC,
                    request -> Response.json(Map.of("address", ADDRESS.of(request).toString()))));
    return HttpServer.start(
        config, token -> Principal.user("ada"), List.of(address), Optional.of(tls));
  }

  private static HttpClient trusting(X509Certificate authority, HttpClient.Version version)
      throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("tarn", authority);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).version(version).build();
  }

  private static HttpResponse<String> get(HttpClient client, String url) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static X509Certificate authority(Tls tls) {
    tls.get();
    return PemFiles.chain(tls.authorityFile().orElseThrow()).get(0);
  }

  @Test
  void onePortSpeaksHttpAndHttpsInBothVersionsAndLinksKeepTheScheme() throws Exception {
    HttpConfig config = config(null, null, null);
    try (Tls tls = Tls.start(config.tls(), data, Clock.systemUTC());
        HttpServer server = serve(config, tls)) {
      assertThat(server.httpsPort()).isEmpty();
      for (HttpClient.Version version : HttpClient.Version.values()) {
        HttpClient client = trusting(authority(tls), version);
        for (String scheme : List.of("http", "https")) {
          for (String host : List.of("127.0.0.1", "localhost")) {
            String base = scheme + "://" + host + ":" + server.port();
            HttpResponse<String> answer = get(client, base + "/address");
            assertThat(answer.body()).isEqualTo("{\"address\":\"" + base + "\"}");
            assertThat(answer.version()).isEqualTo(version);
          }
        }
      }
    }
  }

  @Test
  void aHeaderThatAProxyWouldAddIsNotBelieved() throws Exception {
    HttpConfig config = config(null, null, null);
    try (Tls tls = Tls.start(config.tls(), data, Clock.systemUTC());
        HttpServer server = serve(config, tls)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.url() + "/address"))
              .header("X-Forwarded-Proto", "https")
              .header("X-Forwarded-Host", "evil.example")
              .build();
      assertThat(
              HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("{\"address\":\"" + server.url() + "\"}");
    }
  }

  @Test
  void theSecondPortSpeaksTlsOnly() throws Exception {
    HttpConfig config = config(0, null, null);
    try (Tls tls = Tls.start(config.tls(), data, Clock.systemUTC());
        HttpServer server = serve(config, tls)) {
      int port = server.httpsPort().orElseThrow();
      assertThat(port).isNotEqualTo(server.port());
      HttpClient client = trusting(authority(tls), HttpClient.Version.HTTP_2);
      assertThat(get(client, "https://localhost:" + port + "/address").statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> get(client, "http://localhost:" + port + "/address"))
          .isInstanceOf(IOException.class);
      assertThat(get(client, server.url() + "/address").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatDoesNotKnowTheAuthorityRefuses() throws Exception {
    HttpConfig config = config(null, null, null);
    try (Tls tls = Tls.start(config.tls(), data, Clock.systemUTC());
        HttpServer server = serve(config, tls)) {
      assertThatThrownBy(
              () ->
                  get(
                      HttpClient.newHttpClient(),
                      "https://localhost:" + server.port() + "/address"))
          .isInstanceOf(SSLException.class);
    }
  }

  /** A certificate of another folder's authority, as somebody's own. */
  private Path own(String folder, Set<String> names) throws IOException {
    Path tls = Files.createDirectories(data.resolve(folder)).resolve("tls");
    new LocalAuthority(tls, () -> names, Clock.systemUTC()).current();
    return tls;
  }

  @Test
  void onesOwnCertificateIsShownAndTakenUpWhenReplaced() throws Exception {
    Path own = own("own", Set.of("localhost"));
    Path next = own("next", Set.of("localhost"));
    HttpConfig config = config(null, own.resolve("server.crt"), own.resolve("server.key"));
    try (Tls tls = Tls.start(config.tls(), data, Clock.systemUTC());
        HttpServer server = serve(config, tls)) {
      assertThat(tls.authorityFile()).isEmpty();
      assertThat(data.resolve("tls")).as("no local authority").doesNotExist();
      String url = "https://localhost:" + server.port() + "/address";
      X509Certificate first = PemFiles.chain(own.resolve("ca.crt")).get(0);
      X509Certificate second = PemFiles.chain(next.resolve("ca.crt")).get(0);
      assertThat(get(trusting(first, HttpClient.Version.HTTP_1_1), url).statusCode())
          .isEqualTo(200);

      // Half of a replacement: the certificate without its key.
      replace(next.resolve("server.crt"), own.resolve("server.crt"));
      tls.refresh();
      assertThat(get(trusting(first, HttpClient.Version.HTTP_1_1), url).statusCode())
          .isEqualTo(200);
      replace(next.resolve("server.key"), own.resolve("server.key"));
      tls.refresh();
      assertThat(get(trusting(second, HttpClient.Version.HTTP_1_1), url).statusCode())
          .isEqualTo(200);
    }
  }

  private static void replace(Path from, Path to) throws IOException {
    FileTime before = Files.getLastModifiedTime(to);
    Files.write(to, Files.readAllBytes(from));
    Files.setLastModifiedTime(to, FileTime.fromMillis(before.toMillis() + 5_000));
  }

  private void refused(Path certificate, Path key, String... parts) {
    HttpConfig config = config(null, certificate, key);
    try (Tls tls = Tls.start(config.tls(), data, Clock.systemUTC())) {
      assertThatThrownBy(() -> serve(config, tls))
          .isInstanceOf(TarnException.class)
          .hasMessageContainingAll(parts);
    }
  }

  @Test
  void whatIsWrongWithOnesOwnFilesIsSaid() throws Exception {
    Path own = own("own", Set.of("localhost"));
    Path certificate = own.resolve("server.crt");
    Path key = own.resolve("server.key");
    refused(own.resolve("absent.crt"), key, "absent.crt", "does not exist");
    refused(certificate, own.resolve("absent.key"), "absent.key", "does not exist");
    refused(certificate, own.resolve("ca.key"), "ca.key", "not the private key", "server.crt");
    refused(key, key, "server.key", "BEGIN CERTIFICATE");
    refused(certificate, certificate, "server.crt", "private key");
    Path wrongOrder = own.resolve("order.crt");
    Files.writeString(
        wrongOrder, Files.readString(own.resolve("ca.crt")) + Files.readString(certificate));
    refused(wrongOrder, own.resolve("ca.key"), "order.crt", "out of order");
    Path encrypted = own.resolve("encrypted.key");
    Files.writeString(
        encrypted,
        PemFiles.pem(
            "ENCRYPTED PRIVATE KEY",
            new javax.crypto.EncryptedPrivateKeyInfo("PBEWithMD5AndDES", new byte[16])
                .getEncoded()));
    refused(certificate, encrypted, "encrypted.key", "passphrase");
    Path cut = own.resolve("cut.key");
    Files.writeString(cut, Files.readString(key).substring(0, 60));
    refused(certificate, cut, "cut.key");
  }

  @Test
  void keysInTheOlderFormsAreRead() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Path own = own("own", Set.of("localhost"));
    Path rsa = own.resolve("rsa.key");
    var info =
        org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
    Files.writeString(
        rsa,
        PemFiles.pem("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded()));
    // Read as a key, since it is refused as not the certificate's.
    refused(own.resolve("server.crt"), rsa, "rsa.key", "is not the private key");
  }
}
