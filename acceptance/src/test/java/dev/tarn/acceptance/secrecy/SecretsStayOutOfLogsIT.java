package dev.tarn.acceptance.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Drives every way in with good and bad credentials, then reads all that the server wrote. */
@ExtendWith(TarnUnderTest.class)
class SecretsStayOutOfLogsIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> secrets = new ArrayList<>();
  private final Tarn tarn;

  SecretsStayOutOfLogsIT(Tarn tarn) {
    this.tarn = tarn;
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(tarn.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String secret(String text) {
    assertThat(text).hasSizeGreaterThan(20);
    secrets.add(text);
    return text;
  }

  private static String basic(String id, String secret) {
    return "Basic "
        + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void neitherLogsNorOutputNorTheDatabaseHoldASecret() throws Exception {
    Rest rest = new Rest(tarn.url(), secret(tarn.administratorToken()));
    String pat =
        secret(
            rest.post("/api/2.0/token/create", Map.of("comment", "secrecy"))
                .json()
                .path("token_value")
                .asText());
    JsonNode principal =
        rest.post("/api/2.0/preview/scim/v2/ServicePrincipals", Map.of("displayName", "s")).json();
    String id = principal.path("applicationId").asText();
    String clientSecret =
        secret(
            rest.post(
                    "/api/2.0/accounts/servicePrincipals/"
                        + principal.path("id").asText()
                        + "/credentials/secrets",
                    Map.of())
                .json()
                .path("secret")
                .asText());
    String unknownPat = secret("dapi" + UUID.randomUUID().toString().replace("-", ""));
    String unknownSecret = secret("dose" + UUID.randomUUID().toString().replace("-", ""));
    // A header's Base64 is as good as the secret.
    secret(basic(id, clientSecret).substring(6));
    secret(basic(id, unknownSecret).substring(6));

    String[] form = {"Content-Type", "application/x-www-form-urlencoded"};
    String grant = "grant_type=client_credentials&scope=all-apis";
    HttpResponse<String> issued =
        send(
            "POST",
            "/oidc/v1/token",
            grant,
            "Content-Type",
            form[1],
            "Authorization",
            basic(id, clientSecret));
    assertThat(issued.statusCode()).isEqualTo(200);
    assertThat(issued.headers().firstValue("cache-control")).hasValue("no-store");
    String jwt =
        secret(dev.tarn.kernel.json.Json.tree(issued.body()).path("access_token").asText());
    secret(jwt.substring(jwt.lastIndexOf('.') + 1));

    HttpResponse<String> refused =
        send(
            "POST",
            "/oidc/v1/token",
            grant,
            "Content-Type",
            form[1],
            "Authorization",
            basic(id, unknownSecret));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Basic realm=\"tarn\"");
    assertThat(refused.body()).contains("\"invalid_client\"").doesNotContain(unknownSecret);
    String inForm = grant + "&client_id=" + id + "&client_secret=";
    assertThat(send("POST", "/oidc/v1/token", inForm + clientSecret, form).statusCode())
        .isEqualTo(200);
    assertThat(send("POST", "/oidc/v1/token", inForm + unknownSecret, form).statusCode())
        .isEqualTo(401);
    for (String bad :
        new String[] {
          inForm + clientSecret + "&client_secret=" + unknownSecret,
          "grant_type=password&password=" + clientSecret,
          "grant_type=client_credentials&scope=sql&client_id="
              + id
              + "&client_secret="
              + clientSecret,
          "client_secret=" + clientSecret + "&x=%zz",
          "{\"client_secret\": \"" + clientSecret + "\"",
          inForm + clientSecret + "&filler=" + "x".repeat(20_000)
        }) {
      assertThat(send("POST", "/oidc/v1/token", bad, form).statusCode()).as(bad).isEqualTo(400);
    }
    String me = "/api/2.0/preview/scim/v2/Me";
    for (String token : new String[] {pat, jwt}) {
      assertThat(send("GET", me, "", "Authorization", "Bearer " + token).statusCode())
          .isEqualTo(200);
      String query = me + "?access_token=" + token + "&token=" + token;
      assertThat(send("GET", query, "").statusCode()).isEqualTo(401);
      assertThat(send("GET", me + "/" + token, "").statusCode()).isEqualTo(404);
      assertThat(send("GET", me, "", "Authorization", "Basic " + token).statusCode())
          .isEqualTo(401);
    }
    for (String token :
        new String[] {unknownPat, jwt.substring(0, jwt.length() - 9) + "aaaaaaaaa", pat + "0"}) {
      assertThat(send("GET", me, "", "Authorization", "Bearer " + token).statusCode())
          .isEqualTo(401);
    }
    assertThat(rest.delete("/api/2.0/token-management/tokens/" + unknownPat).status())
        .isEqualTo(404);
    assertThat(rest.post("/api/2.0/token/delete", Map.of("token_id", unknownPat)).status())
        .isEqualTo(404);
    assertThat(
            rest.call(
                    "POST",
                    "/api/2.0/token/delete",
                    ("{\"token_id\": \"" + unknownPat).getBytes(StandardCharsets.UTF_8))
                .status())
        .isEqualTo(400);
    links(rest);
    plainHttpToTheTlsPort(pat);
    rest.delete("/api/2.0/preview/scim/v2/ServicePrincipals/" + principal.path("id").asText());

    String marker = "/marker-" + UUID.randomUUID();
    send("GET", marker, "");
    Path access = tarn.data().resolve("logs/access.log");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.exists(access) && Files.readString(access).contains(marker));
    assertThat(Files.readString(access)).contains("/oidc/v1/token 401").contains(me + " 401");
    assertNowhere();
  }

  /** A link is a credential of its own: its signature opens the result to anybody. */
  private void links(Rest rest) throws Exception {
    JsonNode answer =
        rest.post(
                "/api/2.0/sql/statements",
                Map.of(
                    "warehouse_id",
                    "default",
                    "statement",
                    "SELECT id FROM range(10)",
                    "disposition",
                    "EXTERNAL_LINKS",
                    "format",
                    "ARROW_STREAM",
                    "wait_timeout",
                    "50s"))
            .json();
    String link = answer.at("/result/external_links/0/external_link").asText();
    String signature = secret(link.substring(link.indexOf("signature=") + 10));
    URI uri = URI.create(link);
    assertThat(send("GET", uri.getPath() + "?" + uri.getQuery(), "").statusCode()).isEqualTo(200);
    byte[] changed = HexFormat.of().parseHex(signature);
    changed[0] ^= 1;
    String forged = secret(HexFormat.of().formatHex(changed));
    assertThat(
            send("GET", uri.getPath() + "?" + uri.getQuery().replace(signature, forged), "")
                .statusCode())
        .isEqualTo(403);
  }

  /** The library that finds no TLS there would log what it found. */
  private void plainHttpToTheTlsPort(String token) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", tarn.httpsPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        in.readAllBytes();
      }
    } catch (java.net.SocketException e) {
      // Refused, as it should be.
    }
  }

  private void assertNowhere() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(tarn.data())) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.equals(tarn.data().resolve("admin.token")))
              .toList();
    }
    assertThat(files).anyMatch(file -> file.endsWith("logs/tarn.log"));
    assertThat(files).anyMatch(file -> file.endsWith("metadata.db"));
    String told = tarn.up().told();
    for (String secret : secrets) {
      String hex = HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII));
      for (String form : new String[] {secret, hex}) {
        assertThat(told.contains(form)).as("output holds a secret").isFalse();
        for (Path file : files) {
          assertThat(read(file).contains(form)).as(file + " holds a secret").isFalse();
        }
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
