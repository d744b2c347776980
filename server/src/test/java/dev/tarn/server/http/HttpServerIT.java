package dev.tarn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpServerIT {
  private static final int BIG = 150 << 20;
  private static final AtomicLong PRODUCED = new AtomicLong();

  record Column(String columnName, int position) {}

  record Table(String name, List<Column> columns) {
    Table {
      if ("bad".equals(name)) {
        throw TarnException.invalid("No table may be named bad.");
      }
    }
  }

  private static HttpServer server;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    Capability capability =
        () ->
            List.of(
                Route.get("/me", Access.AUTHENTICATED, r -> Response.json(r.principal().name())),
                Route.get("/admin", Access.ADMINISTRATOR, r -> Response.json("ok")),
                Route.get(
                    "/public", Access.PUBLIC, r -> Response.json(r.header("x-a").orElse("-"))),
                Route.get("/host", Access.PUBLIC, r -> Response.json(r.header("host").get())),
                Route.get("/public/me", Access.PUBLIC, r -> Response.json(r.principal().name())),
                Route.post("/table", Access.PUBLIC, r -> Response.json(r.json(Table.class))),
                Route.get(
                    "/secret",
                    Access.PUBLIC,
                    r -> {
                      throw new IllegalStateException("password=hunter2");
                    }),
                Route.get(
                    "/taken",
                    Access.PUBLIC,
                    r -> {
                      throw new TarnException(ErrorCode.RESOURCE_ALREADY_EXISTS, "It is there.");
                    }),
                Route.put(
                    "/files{path...}",
                    Access.AUTHENTICATED,
                    r -> {
                      CRC32 crc = new CRC32();
                      byte[] buffer = new byte[1 << 16];
                      long size = 0;
                      InputStream in = r.body();
                      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        crc.update(buffer, 0, n);
                        size += n;
                      }
                      return Response.json(Map.of("size", size, "crc", crc.getValue()));
                    }),
                Route.get(
                    "/range",
                    Access.PUBLIC,
                    r ->
                        new Response(
                            206,
                            "application/octet-stream",
                            Map.of("content-range", "bytes 1-2/9"),
                            out -> out.write(r.header("range").orElseThrow().getBytes()))),
                new Route(
                    Method.HEAD,
                    "/range",
                    Access.PUBLIC,
                    r -> new Response(200, "x/y", Map.of("content-length", "9"), out -> {})),
                Route.get(
                    "/big",
                    Access.PUBLIC,
                    r ->
                        Response.stream(
                            "application/octet-stream",
                            Map.of(),
                            out -> {
                              byte[] part = new byte[1 << 16];
                              for (int i = 0; i < BIG / part.length; i++) {
                                Arrays.fill(part, (byte) i);
                                out.write(part);
                                PRODUCED.addAndGet(part.length);
                              }
                            })),
                Route.get(
                    "/broken",
                    Access.PUBLIC,
                    r ->
                        Response.stream(
                            "text/plain",
                            Map.of(),
                            out -> {
                              out.write(new byte[1 << 20]);
                              throw new IllegalStateException("in the middle");
                            })));
    server =
        HttpServer.start(
            new HttpConfig("127.0.0.1", 0, 1000, 4, null, null, null, null, null),
            token ->
                switch (token) {
                  case "ada" -> Principal.user("ada");
                  case "root" -> Principal.administrator("root");
                  default ->
                      throw new TarnException(ErrorCode.UNAUTHENTICATED, "The token is unknown.");
                },
            List.of(capability));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static void expectError(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    JsonNode body = Json.tree(response.body());
    assertThat(body.path("error_code").asText()).isEqualTo(code);
    assertThat(body.path("message").asText()).isNotEmpty();
  }

  @Test
  void takesATokenAsThePasswordOfTheUserCalledToken() throws Exception {
    assertThat(send(to("/me").header("Authorization", basic("token:ada"))).body()).contains("ada");
    for (String wrong : new String[] {basic("ada:ada"), basic("token"), "Basic %", "Basic "}) {
      expectError(send(to("/me").header("Authorization", wrong)), 401, "UNAUTHENTICATED");
    }
  }

  private static String basic(String text) {
    return "Basic "
        + java.util.Base64.getEncoder()
            .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void resolvesTheCallerFromTheBearerToken() throws Exception {
    assertThat(send(to("/me").header("Authorization", "bearer ada")).body()).isEqualTo("\"ada\"");
    expectError(send(to("/me")), 401, "UNAUTHENTICATED");
    expectError(send(to("/me").header("Authorization", "Bearer x")), 401, "UNAUTHENTICATED");
    expectError(send(to("/me").header("Authorization", "Basic YTpi")), 401, "UNAUTHENTICATED");
    assertThat(send(to("/me")).headers().firstValue("www-authenticate")).contains("Bearer");
  }

  @Test
  void keepsAdministratorsRoutesFromOthers() throws Exception {
    assertThat(send(to("/admin").header("Authorization", "Bearer root")).statusCode())
        .isEqualTo(200);
    expectError(send(to("/admin").header("Authorization", "Bearer ada")), 403, "PERMISSION_DENIED");
    expectError(send(to("/admin")), 401, "UNAUTHENTICATED");
  }

  @Test
  void aPublicRouteNeedsATokenOnlyWhenItAsksForTheCaller() throws Exception {
    assertThat(send(to("/public").header("Authorization", "Bearer wrong")).statusCode())
        .isEqualTo(200);
    expectError(send(to("/public/me")), 401, "UNAUTHENTICATED");
  }

  @Test
  void anUnknownPathIsAJson404() throws Exception {
    expectError(send(to("/nothing/here")), 404, "ENDPOINT_NOT_FOUND");
    HttpResponse<String> wrongMethod = send(to("/me").DELETE());
    expectError(wrongMethod, 404, "ENDPOINT_NOT_FOUND");
    assertThat(wrongMethod.headers().firstValue("allow")).contains("GET, HEAD");
  }

  @Test
  void namesTheFieldOfMalformedJson() throws Exception {
    HttpResponse<String> wrong =
        send(
            to("/table")
                .POST(BodyPublishers.ofString("{\"columns\":[{\"position\":\"s3cret\"}]}")));
    expectError(wrong, 400, "MALFORMED_REQUEST");
    assertThat(wrong.body()).contains("columns[0].position").doesNotContain("s3cret");
    HttpResponse<String> broken =
        send(to("/table").POST(BodyPublishers.ofString("{\n  \"name\": oops")));
    expectError(broken, 400, "MALFORMED_REQUEST");
    assertThat(broken.body()).contains("line 2");
    expectError(send(to("/table").POST(BodyPublishers.ofString("null"))), 400, "MALFORMED_REQUEST");
    expectError(send(to("/table").POST(BodyPublishers.ofString("[1]"))), 400, "MALFORMED_REQUEST");
  }

  @Test
  void aRecordsOwnRefusalReachesTheCaller() throws Exception {
    HttpResponse<String> refused =
        send(to("/table").POST(BodyPublishers.ofString("{\"name\":\"bad\"}")));
    expectError(refused, 400, "INVALID_PARAMETER_VALUE");
    assertThat(refused.body()).contains("No table may be named bad.");
  }

  @Test
  void refusesAJsonBodyThatIsTooLarge() throws Exception {
    String body = "{\"name\":\"" + "x".repeat(2000) + "\"}";
    HttpResponse<String> refused = send(to("/table").POST(BodyPublishers.ofString(body)));
    expectError(refused, 400, "MALFORMED_REQUEST");
    assertThat(refused.body()).contains("1000 bytes");
  }

  @Test
  void anAbsentJsonBodyIsAnEmptyObject() throws Exception {
    HttpResponse<String> response = send(to("/table").POST(BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void neverTellsWhatWentWrongInside() throws Exception {
    HttpResponse<String> response = send(to("/secret"));
    expectError(response, 500, "INTERNAL_ERROR");
    assertThat(response.body())
        .contains("reference")
        .doesNotContain("hunter2")
        .doesNotContain("IllegalState");
  }

  @Test
  void handlersSeeTheHostInBothVersionsOfHttp() throws Exception {
    String host = '"' + server.url().getAuthority() + '"';
    for (HttpClient.Version version : HttpClient.Version.values()) {
      assertThat(send(to("/host").version(version)).body()).isEqualTo(host);
    }
  }

  @Test
  void errorsTravelUnderTheirStatus() throws Exception {
    expectError(send(to("/taken")), 409, "RESOURCE_ALREADY_EXISTS");
  }

  @Test
  void takesAnEmptyBodyThatClaimsToBeGzip() throws Exception {
    HttpResponse<String> response =
        send(to("/public").header("Content-Encoding", "gzip").header("x-a", "yes"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("\"yes\"");
  }

  @Test
  void streamsALargeUpload() throws Exception {
    byte[] part = new byte[1 << 20];
    Arrays.fill(part, (byte) 7);
    CRC32 crc = new CRC32();
    for (int i = 0; i < BIG >> 20; i++) {
      crc.update(part);
    }
    Iterable<byte[]> parts = java.util.Collections.nCopies(BIG >> 20, part);
    HttpResponse<String> response =
        send(
            to("/files/Volumes/a/b.bin")
                .header("Authorization", "Bearer ada")
                .PUT(BodyPublishers.ofByteArrays(parts)));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Json.tree(response.body()).path("size").asLong()).isEqualTo(BIG);
    assertThat(Json.tree(response.body()).path("crc").asLong()).isEqualTo(crc.getValue());
  }

  @Test
  void refusesALargeUploadWithoutReadingIt() throws Exception {
    Iterable<byte[]> parts = java.util.Collections.nCopies(64, new byte[1 << 20]);
    HttpResponse<String> response =
        send(to("/files/Volumes/a/b.bin").PUT(BodyPublishers.ofByteArrays(parts)));
    expectError(response, 401, "UNAUTHENTICATED");
  }

  @Test
  void aDownloadGoesNoFasterThanItIsRead() throws Exception {
    PRODUCED.set(0);
    HttpResponse<InputStream> response =
        CLIENT.send(to("/big").build(), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      assertThat(in.readNBytes(1 << 16)).hasSize(1 << 16).containsOnly(0);
      // The sockets and the client hold some megabytes; the producer must not run to the end.
      Awaitility.await()
          .during(java.time.Duration.ofMillis(500))
          .atMost(java.time.Duration.ofSeconds(10))
          .until(() -> PRODUCED.get() < BIG / 2);
      long rest = 0;
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        rest += n;
      }
      assertThat(rest).isEqualTo(BIG - (1 << 16));
    }
  }

  @Test
  void aStreamThatFailsInTheMiddleIsSeenAsBroken() {
    assertThatThrownBy(() -> send(to("/broken"))).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void passesRangesAndHeadToTheRoute() throws Exception {
    HttpResponse<String> range = send(to("/range").header("Range", "bytes=1-2"));
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.headers().firstValue("content-range")).contains("bytes 1-2/9");
    assertThat(range.body()).isEqualTo("bytes=1-2");
    HttpResponse<String> head = send(to("/range").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.headers().firstValue("content-length")).contains("9");
    assertThat(send(to("/public").method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(200);
  }

  @Test
  void saysWhichPortIsInUseAndWhatToDo() {
    HttpConfig same =
        new HttpConfig("127.0.0.1", server.port(), null, null, null, null, null, null, null);
    assertThatThrownBy(() -> HttpServer.start(same, token -> null, List.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("Port " + server.port())
        .hasMessageContaining("--port");
  }
}
