package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.json.Json;
import dev.tarn.server.client.TarnClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends get the right status and code, and nothing else happens. */
class BadRequestsIT {
  private static final String STATEMENTS = "/api/2.0/sql/statements";
  private static final String THRIFT = "/sql/1.0/warehouses/default";
  private static final Duration WAIT = Duration.ofSeconds(90);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static TarnServer server;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    server =
        TarnServer.start(
            ServerConfig.from(
                Config.load(Path.of("absent.yaml"), Map.of(), Map.of("server.port", "0"))),
            folder);
    token = Files.readString(server.administratorToken()).strip();
    new TarnClient(server.url().toString(), token).awaitReady(Duration.ofMinutes(3));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(WAIT)
        .header("authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
    keepsItsInsides(answer.body());
    return answer;
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return send(to(path).POST(BodyPublishers.ofString(body)));
  }

  private static void keepsItsInsides(String body) {
    assertThat(body)
        .doesNotContain("\tat ", "Exception", "dev.tarn", "java.", "com.linecorp", "com.fasterxml");
  }

  private static void refused(int status, String code, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode body = Json.tree(answer.body());
    assertThat(body.fieldNames()).toIterable().containsExactlyInAnyOrder("error_code", "message");
    assertThat(body.get("error_code").asText()).isEqualTo(code);
    assertThat(body.get("message").asText()).isNotBlank();
  }

  private static void servesOn() throws Exception {
    JsonNode answer =
        Json.tree(
            post(STATEMENTS, "{\"warehouse_id\":\"default\",\"statement\":\"SELECT 41 + 1\"}")
                .body());
    assertThat(answer.at("/result/data_array/0/0").asText()).as("%s", answer).isEqualTo("42");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "7",
        "\"SELECT 1\"",
        "{\"statement\":\"SELECT 1\"",
        "{\"statement\":{}}",
        "{\"statement\":[\"SELECT 1\"]}",
        "{\"statement\":\"SELECT 1\",\"warehouse_id\":[]}",
        "{\"statement\":\"SELECT 1\",\"row_limit\":\"many\"}",
        "{\"statement\":\"SELECT 1\",\"row_limit\":1e999999999}",
        "{\"statement\":\"SELECT 1\",\"row_limit\":99999999999999999999}",
        "{\"statement\":\"SELECT 1\",\"row_limit\":true}",
        "{\"statement\":\"SELECT 1\",\"byte_limit\":{}}",
        "{\"statement\":\"SELECT 1\",\"disposition\":\"NOWHERE\"}",
        "{\"statement\":\"SELECT 1\",\"disposition\":99}",
        "{\"statement\":\"SELECT 1\",\"format\":[]}",
        "{\"statement\":\"SELECT 1\",\"on_wait_timeout\":{}}",
        "{\"statement\":\"SELECT 1\",\"wait_timeout\":{}}",
        "{\"statement\":\"SELECT ?\",\"parameters\":{}}",
        "{\"statement\":\"SELECT ?\",\"parameters\":[7]}",
        "{\"statement\":\"SELECT ?\",\"parameters\":[null]}",
        "{\"statement\":\"SELECT ?\",\"parameters\":[{\"ordinal\":\"x\"}]}",
        "{\"statement\":\"\u0000\u0000"
      })
  void aBodyOfTheWrongShapeIsMalformed(String body) throws Exception {
    refused(400, "MALFORMED_REQUEST", post(STATEMENTS, body));
  }

  @Test
  void aBodyInNoEncodingOfJsonIsMalformed() throws Exception {
    byte[][] bodies = {
      {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'},
      {0, 0, (byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
      {0, 0, (byte) 0xff, (byte) 0xfe, 0, 0, 0, '{'},
      {(byte) 0xfe, (byte) 0xff, (byte) 0xd8, 0, 0, '{'},
      {0, 0, 0, '{', 0, 0, 0},
      ("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
      ("{\"row_limit\":" + "9".repeat(1 << 20) + "}").getBytes(StandardCharsets.UTF_8),
    };
    for (byte[] body : bodies) {
      refused(
          400, "MALFORMED_REQUEST", send(to(STATEMENTS).POST(BodyPublishers.ofByteArray(body))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"statement\":\"  \"}",
        "{\"statement\":\"SELECT 1\",\"wait_timeout\":\"1h\"}",
        "{\"statement\":\"SELECT 1\",\"wait_timeout\":\"99999999999s\"}",
        "{\"statement\":\"SELECT 1\",\"row_limit\":-1}",
        "{\"statement\":\"SELECT 1\",\"format\":\"ARROW_STREAM\"}",
        "{\"statement\":\"SELECT ?\",\"parameters\":[{\"ordinal\":2}]}",
        "{\"statement\":\"SELECT ?\",\"parameters\":[{\"name\":\"a\"},{\"value\":\"b\"}]}"
      })
  void aValueThatMakesNoSenseIsInvalid(String body) throws Exception {
    refused(400, "INVALID_PARAMETER_VALUE", post(STATEMENTS, body));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/2.0/sql/statements/nobody, 404, RESOURCE_DOES_NOT_EXIST",
    "DELETE, /api/2.0/sql/statements/nobody, 404, RESOURCE_DOES_NOT_EXIST",
    "POST, /api/2.0/sql/statements/nobody/cancel, 404, RESOURCE_DOES_NOT_EXIST",
    "GET, /api/2.0/sql/statements/nobody/result/chunks/0, 404, RESOURCE_DOES_NOT_EXIST",
    "GET, /api/2.0/sql/statements/nobody/result/chunks/x, 400, INVALID_PARAMETER_VALUE",
    "GET, /api/2.0/sql/statements/..%2F..%2Fadmin.token, 400, MALFORMED_REQUEST",
    "GET, /api/2.0/sql/statements/%00, 400, MALFORMED_REQUEST",
    "GET, /api/2.0/sql/statements/%FF, 400, INVALID_PARAMETER_VALUE",
    "GET, /api/2.0/sql/warehouses/nobody, 404, RESOURCE_DOES_NOT_EXIST",
    "DELETE, /api/2.0/sql/sessions/nobody, 404, RESOURCE_DOES_NOT_EXIST",
    "GET, /api/2.0/sql/results/x/0, 403, PERMISSION_DENIED",
    "GET, /api/2.0/sql/results/x/0?expires=1&signature=00, 403, PERMISSION_DENIED",
    "GET, /api/2.0/sql/results/x/one, 400, INVALID_PARAMETER_VALUE",
    "PUT, /api/2.0/sql/statements, 404, ENDPOINT_NOT_FOUND",
    "PATCH, /sql/1.0/warehouses/default, 404, ENDPOINT_NOT_FOUND",
    "TRACE, /api/2.0/sql/statements, 404, ENDPOINT_NOT_FOUND",
    "GET, /api/2.0/nothing, 404, ENDPOINT_NOT_FOUND",
    "GET, /%00/%2e%2e, 400, MALFORMED_REQUEST",
    "POST, /sql/1.0/warehouses/default, 400, MALFORMED_REQUEST",
  })
  void whatIsNotThereIsNotFound(String method, String path, int status, String code)
      throws Exception {
    refused(status, code, send(to(path).method(method, BodyPublishers.noBody())));
  }

  @Test
  void forgedTokensOpenNothing() throws Exception {
    String changed = token.substring(0, token.length() - 1) + (token.endsWith("0") ? '1' : '0');
    String jwt = Base64.getUrlEncoder().encodeToString("{\"alg\":\"none\"}".getBytes());
    for (String authorization :
        new String[] {
          "",
          "Bearer",
          "Bearer ",
          "Bearer " + changed,
          "Bearer " + token + "0",
          "Bearer " + jwt + "." + jwt + ".",
          "Bearer ..",
          "Bearer " + "A".repeat(6_000),
          "Basic !!!",
          "Basic " + Base64.getEncoder().encodeToString("admin:admin".getBytes()),
          "Digest " + token
        }) {
      refused(
          401,
          "UNAUTHENTICATED",
          send(
              HttpRequest.newBuilder(URI.create(server.url() + STATEMENTS))
                  .header("authorization", authorization)
                  .POST(BodyPublishers.ofString("{\"statement\":\"SELECT 1\"}"))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', invalid_request, 400",
    "grant_type=password, unsupported_grant_type, 400",
    "grant_type=client_credentials, invalid_client, 401",
    "grant_type=client_credentials&client_id=%00&client_secret=%zz, invalid_request, 400",
    "grant_type=client_credentials&grant_type=client_credentials, invalid_request, 400"
  })
  void theTokenEndpointSaysWhatIsWrong(String form, String error, int status) throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(server.url() + "/oidc/v1/token"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Json.tree(answer.body()).get("error").asText()).isEqualTo(error);
  }

  @Test
  void aChangedLinkOpensNothing() throws Exception {
    JsonNode answer =
        Json.tree(
            post(
                    STATEMENTS,
                    "{\"warehouse_id\":\"default\",\"statement\":\"SELECT 1\",\"disposition\":\"EXTERNAL_LINKS\"}")
                .body());
    String link = answer.at("/result/external_links/0/external_link").asText();
    assertThat(status(link)).as("%s", answer).isEqualTo(200);
    String expires = link.replaceFirst(".*expires=(\\d+).*", "$1");
    String signature = link.replaceFirst(".*signature=", "");
    for (String changed :
        new String[] {
          link.replace("expires=" + expires, "expires=" + (Long.parseLong(expires) + 3600)),
          link.replace("expires=" + expires, "expires=%2B" + expires),
          link.replace("expires=" + expires, "expires=0" + expires),
          link.replace("expires=" + expires, "expires=" + Long.MAX_VALUE),
          link.replace("/0?", "/1?"),
          link.replace(signature, signature.toUpperCase() + "G"),
          link.replace(signature, ""),
          link.replace(signature, "0".repeat(signature.length())),
          link.replace("/results/", "/results/x")
        }) {
      assertThat(status(changed)).as(changed).isEqualTo(403);
    }
  }

  private static int status(String link) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(link))).statusCode();
  }

  @Test
  void tooMuchIsRefusedWithAndWithoutItsLengthAndHoweverPacked() throws Exception {
    byte[] big = new byte[(16 << 20) + 1];
    Arrays.fill(big, (byte) ' ');
    BodyPublisher known = BodyPublishers.ofByteArray(big);
    BodyPublisher unknown = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(big));
    for (BodyPublisher body : new BodyPublisher[] {known, unknown}) {
      refused(400, "MALFORMED_REQUEST", send(to(STATEMENTS).POST(body)));
    }
    byte[] call = new byte[(32 << 20) + 1];
    refused(400, "MALFORMED_REQUEST", send(to(THRIFT).POST(BodyPublishers.ofByteArray(call))));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 20; i++) {
        gzip.write(big);
      }
    }
    for (byte[] body : new byte[][] {packed.toByteArray(), {1, 2, 3}, {31, -117, 8, 0}}) {
      refused(
          400,
          "MALFORMED_REQUEST",
          send(
              to(STATEMENTS)
                  .header("content-encoding", "gzip")
                  .POST(BodyPublishers.ofByteArray(body))));
    }
    servesOn();
  }

  @Test
  void tenMebibytesOfSqlRunOrFailCleanly() throws Exception {
    String text = "x".repeat(10 << 20);
    JsonNode answer =
        Json.tree(
            post(
                    STATEMENTS,
                    "{\"warehouse_id\":\"default\",\"wait_timeout\":\"50s\",\"statement\":\"SELECT length('"
                        + text
                        + "')\"}")
                .body());
    assertThat(answer.at("/result/data_array/0/0").asText())
        .isEqualTo(Integer.toString(text.length()));
    for (String sql :
        new String[] {"SELECT " + "(".repeat(10 << 20), "\u0000", "BEGIN ".repeat(1 << 18)}) {
      HttpResponse<String> failed =
          post(
              STATEMENTS,
              Json.string(
                  Map.of(
                      "warehouse_id",
                      "default",
                      "wait_timeout",
                      "50s",
                      "statement",
                      sql,
                      "on_wait_timeout",
                      "CANCEL")));
      assertThat(failed.statusCode()).as(failed.body()).isEqualTo(200);
      JsonNode status = Json.tree(failed.body()).get("status");
      assertThat(status.get("state").asText()).as("%s", status).isEqualTo("FAILED");
      assertThat(status.at("/error/message").asText()).isNotBlank().hasSizeLessThan(20_000);
    }
    servesOn();
  }

  /** The answer to bytes as they are, or nothing if the server hung up. */
  private static String raw(byte[] request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      socket.setSoTimeout((int) WAIT.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(request);
      out.flush();
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.SocketException e) {
      return "";
    }
  }

  private static byte[] request(String line, String headers, String body) {
    return (line
            + " HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nauthorization: Bearer "
            + token
            + "\r\n"
            + headers
            + "content-length: "
            + body.getBytes(StandardCharsets.UTF_8).length
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNoHttpIsRefused() throws Exception {
    for (byte[] request :
        new byte[][] {
          request("GET " + STATEMENTS + "/%zz", "", ""),
          request("GET " + STATEMENTS + "/%", "", ""),
          request("GET /\u0000", "", ""),
          request("GET *", "", ""),
          request("GET " + "/a".repeat(20_000), "", ""),
          request("GET /x", "x-big: " + "a".repeat(1 << 20) + "\r\n", ""),
          request("GET /x", "no colon\r\n", ""),
          request("POST " + STATEMENTS, "content-length: -1\r\n", "{}"),
          request("POST " + STATEMENTS, "transfer-encoding: chunked\r\n", "zz\r\n"),
          request("\u0000\u0001", "", ""),
          "GET / HTTP/9.9\r\n\r\n".getBytes(StandardCharsets.UTF_8)
        }) {
      String answer = raw(request);
      keepsItsInsides(answer);
      assertThat(answer)
          .as(new String(request, 0, Math.min(request.length, 100), StandardCharsets.UTF_8))
          .matches("(?s)(HTTP/1\\.1 4\\d\\d .*)?");
    }
    servesOn();
  }
}
