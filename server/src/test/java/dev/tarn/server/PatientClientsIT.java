package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.json.Json;
import dev.tarn.server.client.TarnClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that wait, dawdle or stammer, at a server with few threads and little patience. */
class PatientClientsIT {
  private static final int THREADS = 8;
  private static final int STALLED_SECONDS = 5;
  private static final int MUTATIONS = 400;
  private static final int ATTEMPTS = 3;
  private static final String STATEMENTS = "/api/2.0/sql/statements";
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000000) a CROSS JOIN range(1000000000) b"
          + " WHERE a.id * b.id % 7 = 3";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path folder;
  private static TarnServer server;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> settings =
        Map.of(
            "server.port", "0",
            "server.handler_threads", Integer.toString(THREADS),
            "server.stalled_seconds", Integer.toString(STALLED_SECONDS));
    server =
        TarnServer.start(
            ServerConfig.from(Config.load(Path.of("absent.yaml"), Map.of(), settings)), folder);
    token = Files.readString(server.administratorToken()).strip();
    new TarnClient(server.url().toString(), token).awaitReady(Duration.ofMinutes(3));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(Duration.ofSeconds(90))
        .header("authorization", "Bearer " + token);
  }

  private static JsonNode get(String path) throws Exception {
    return Json.tree(CLIENT.send(to(path).build(), BodyHandlers.ofString()).body());
  }

  private static JsonNode post(String path, Object body) throws Exception {
    HttpRequest request = to(path).POST(BodyPublishers.ofByteArray(Json.bytes(body))).build();
    return Json.tree(CLIENT.send(request, BodyHandlers.ofString()).body());
  }

  private static void answers() throws Exception {
    assertThat(get("/api/2.0/sql/warehouses").path("warehouses")).isNotEmpty();
  }

  private static String session(Map<String, String> settings) throws Exception {
    return post(
            "/api/2.0/sql/sessions", Map.of("warehouse_id", "default", "session_confs", settings))
        .path("session_id")
        .asText();
  }

  private static JsonNode execute(String session, String sql) throws Exception {
    return post(
        STATEMENTS,
        Map.of(
            "warehouse_id",
            "default",
            "session_id",
            session,
            "wait_timeout",
            "50s",
            "statement",
            sql));
  }

  private static Socket begin(String head) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.url().getPort());
    socket.setSoTimeout((STALLED_SECONDS + 25) * 1_000);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  private static String head(String line, int length) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + token
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  @Test
  void bodiesThatDoNotComeHoldNobodyUp() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 3 * THREADS; i++) {
        slow.add(begin(head("POST " + STATEMENTS, 500) + "{"));
        slow.add(begin(head("PUT /api/2.0/fs/files/Volumes/main/default/v/f" + i, 9 << 20) + "x"));
      }
      answers();
      assertThat(
              post(STATEMENTS, Map.of("warehouse_id", "default", "statement", "SELECT 1"))
                  .at("/status/state")
                  .asText())
          .isEqualTo("SUCCEEDED");
      for (Socket socket : slow) {
        // Whether it is told why or not, its connection does not stay.
        assertThat(new String(read(socket), StandardCharsets.ISO_8859_1)).doesNotContain("\tat ");
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void waitingForStatementsHoldsNobodyUp() throws Exception {
    // Nobody may wait longer than 50 s, and a busy machine may need them to begin all statements.
    boolean answered = false;
    for (int attempt = 0; attempt < ATTEMPTS && !answered; attempt++) {
      answered = answersWhileOthersWait(ENDLESS + " AND a.id >= " + attempt);
    }
    assertThat(answered).isTrue();
  }

  private static boolean answersWhileOthersWait(String sql) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waits = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      byte[] body =
          Json.bytes(
              Map.of(
                  "warehouse_id", "default",
                  "statement", sql,
                  "wait_timeout", "50s"));
      waits.add(
          CLIENT.sendAsync(
              to(STATEMENTS).POST(BodyPublishers.ofByteArray(body)).build(),
              BodyHandlers.ofString()));
    }
    Set<String> ids = new HashSet<>();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              get("/api/2.0/sql/history/queries?max_results=1000")
                  .path("res")
                  .forEach(
                      query -> {
                        if (query.path("query_text").asText().equals(sql)
                            && !query.path("is_final").asBoolean()) {
                          ids.add(query.path("query_id").asText());
                        }
                      });
              return ids.size() == THREADS;
            });
    answers();
    // Some are answered at once, so that not all threads wait.
    boolean answered = waits.stream().anyMatch(wait -> !wait.isDone());
    for (String id : ids) {
      post(STATEMENTS + "/" + id + "/cancel", Map.of());
    }
    for (CompletableFuture<HttpResponse<String>> wait : waits) {
      String id = Json.tree(wait.get().body()).path("statement_id").asText();
      assertThat(ids).contains(id);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> get(STATEMENTS + "/" + id).at("/status/state").asText().equals("CANCELED"));
    }
    return answered;
  }

  @Test
  void aStatementEndsAtItsSessionsTimeout() throws Exception {
    JsonNode answer = execute(session(Map.of("STATEMENT_TIMEOUT", "1")), ENDLESS);
    assertThat(answer.at("/status/state").asText()).as("%s", answer).isEqualTo("FAILED");
    assertThat(answer.at("/status/error/error_code").asText()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(answer.at("/status/error/message").asText()).contains("STATEMENT_TIMEOUT", "1 s");

    String session = session(Map.of());
    assertThat(execute(session, "SET STATEMENT_TIMEOUT = soon").at("/status/state").asText())
        .isEqualTo("FAILED");
    execute(session, "SET statement_timeout = 1");
    assertThat(execute(session, ENDLESS).at("/status/error/error_code").asText())
        .isEqualTo("DEADLINE_EXCEEDED");
    execute(session, "RESET STATEMENT_TIMEOUT");
    assertThat(execute(session, "SELECT 1").at("/status/state").asText()).isEqualTo("SUCCEEDED");
  }

  @Test
  void queryTagsOfSessionAndStatementEnterTheHistory() throws Exception {
    String session = session(Map.of("QUERY_TAGS", "team:data,urgent,note:a\\,b"));
    JsonNode answer =
        post(
            STATEMENTS,
            Map.of(
                "warehouse_id",
                "default",
                "session_id",
                session,
                "statement",
                "SELECT 'tagged'",
                "query_tags",
                List.of(Map.of("key", "team", "value", "ours"), Map.of("key", "run"))));
    String id = answer.path("statement_id").asText();
    JsonNode query = get("/api/2.0/sql/history/queries?filter_by.statement_ids=" + id).at("/res/0");
    assertThat(query.path("query_tags"))
        .extracting(tag -> tag.path("key").asText() + "=" + tag.path("value").asText())
        .containsExactlyInAnyOrder("team=ours", "run=null", "urgent=null", "note=a,b");
  }

  @Test
  void mutatedRequestsAreAnsweredOrCutOff() throws Exception {
    long seed = Long.getLong("tarn.seed", 1);
    Random random = new Random(seed);
    String body = "{\"warehouse_id\":\"default\",\"statement\":\"SELECT 1\"}";
    List<String> originals =
        List.of(
            head("POST " + STATEMENTS, body.length()) + body,
            head("GET /api/2.0/sql/warehouses?page_size=1", 0),
            head("PUT /api/2.0/fs/files/Volumes/main/default/none/f", 4) + "four",
            head("POST /oidc/v1/token", 29) + "grant_type=client_credentials",
            head("POST /sql/1.0/warehouses/default", 4) + "\u0080\u0001\u0000\u0001",
            head("GET /api/2.0/sql/history/queries?max_results=3&filter_by.statuses=FAILED", 0));
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] request = mutated(originals.get(random.nextInt(originals.size())), random);
      try (Socket socket = begin(new String(request, StandardCharsets.ISO_8859_1))) {
        socket.shutdownOutput();
        String told = new String(read(socket), StandardCharsets.ISO_8859_1);
        assertThat(told)
            .as("seed %d, request %d: %s", seed, i, Arrays.toString(request))
            .matches("(?s)(HTTP/1\\.[01] [1-5][0-9][0-9].*)?")
            .doesNotStartWith("HTTP/1.1 500")
            .doesNotContain("\tat ", "Exception", "dev.tarn", "com.linecorp");
      }
    }
    answers();
  }

  private static byte[] mutated(String original, Random random) {
    byte[] bytes = original.getBytes(StandardCharsets.ISO_8859_1);
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      int until = Math.min(bytes.length, at + 1 + random.nextInt(12));
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      changed.write(bytes, 0, at);
      switch (random.nextInt(4)) {
        case 0 -> changed.write(random.nextInt(256));
        case 1 -> changed.writeBytes(Arrays.copyOfRange(bytes, at, until));
        case 2 -> changed.write('0' + random.nextInt(10));
        default -> until = Math.min(bytes.length, until + random.nextInt(40));
      }
      int from = random.nextBoolean() ? at : until;
      changed.write(bytes, from, bytes.length - from);
      bytes = changed.size() == 0 ? bytes : changed.toByteArray();
    }
    return bytes;
  }

  /** Everything up to the end, or to the break of the connection; fails if neither comes. */
  private static byte[] read(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("No end after " + all, e);
    } catch (IOException e) {
      // Reset: cut off.
    }
    return all.toByteArray();
  }
}
