package dev.tarn.acceptance.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientProcess;
import dev.tarn.acceptance.clients.ClientProcess.Outcome;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.Rest.Answer;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.kernel.json.Json;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Clients of a warehouse: what they were told is kept, and what is gone is cleanly gone. */
final class WarehouseClients implements Survivor {
  private static final String STATEMENTS = "/api/2.0/sql/statements";
  private static final String SESSIONS = "/api/2.0/sql/sessions";
  private static final String LONG =
      "SELECT count(*) AS running FROM range(100000000000000) WHERE id % 7 = 8";

  /** What was there before the kill. */
  private record Before(
      String pat,
      String principal,
      String oauth,
      String done,
      String link,
      String running,
      String session) {}

  private final List<ClientProcess> clients = new ArrayList<>();
  private Before before;
  private String token;

  @Override
  public void before(Tarn tarn) throws Exception {
    token = tarn.administratorToken();
    for (String properties : List.of(";EnableQueryResultDownload=0", "", ";UseThriftClient=0")) {
      clients.add(client(tarn.port(), token, properties));
    }
    before = prepare(tarn);
    for (ClientProcess client : clients) {
      client.rows("connect");
      assertThat(client.rows("query", "SELECT 40 + 2")).containsExactly(List.of("42"));
    }
    inline().rows("begin", "SELECT id FROM range(3000000)");
  }

  private ClientProcess inline() {
    return clients.get(0);
  }

  @Override
  public void after(Tarn tarn) throws Exception {
    assertThat(tarn.administratorToken()).isEqualTo(token);
    assertCredentialsHold(tarn, before);
    assertHistory(tarn, before);
    assertGone(tarn, before);
    assertThat(inline().run("rest").sqlState()).as("in the midst of a result").isNotNull();
    for (ClientProcess client : clients) {
      Outcome outcome = client.run("query", "SELECT 1");
      assertThat(outcome.sqlState()).as(outcome.message()).startsWith("08");
      client.rows("connect");
      assertThat(client.rows("query", "SELECT 40 + 3")).containsExactly(List.of("43"));
    }
  }

  @Override
  public void close() {
    clients.forEach(ClientProcess::close);
  }

  private static ClientProcess client(int port, String token, String properties) {
    return new ClientProcess(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Xmx256m",
            "-cp",
            ClientClasses.of(JdbcSession.class)
                + File.pathSeparator
                + Path.of("target", "jdbc").toAbsolutePath()
                + "/*",
            JdbcSession.class.getName()),
        Map.of(
            "JDBC_URL",
            "jdbc:databricks://127.0.0.1:"
                + port
                + "/default;transportMode=http;ssl=0;AuthMech=3;"
                + "httpPath=/sql/1.0/warehouses/default"
                + properties,
            "JDBC_PASSWORD",
            token));
  }

  private static Map<String, Object> statement(String sql, String... more) {
    Map<String, Object> body = new HashMap<>();
    body.put("warehouse_id", "default");
    body.put("statement", sql);
    body.put("wait_timeout", "50s");
    for (int i = 0; i < more.length; i += 2) {
      body.put(more[i], more[i + 1]);
    }
    return body;
  }

  private static Before prepare(Tarn tarn) throws Exception {
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    String pat =
        rest.post("/api/2.0/token/create", Map.of("comment", "survivor"))
            .json()
            .path("token_value")
            .asText();
    JsonNode principal =
        rest.post("/api/2.0/preview/scim/v2/ServicePrincipals", Map.of("displayName", "p")).json();
    String secret =
        rest.post(
                "/api/2.0/accounts/servicePrincipals/"
                    + principal.path("id").asText()
                    + "/credentials/secrets",
                Map.of())
            .json()
            .path("secret")
            .asText();
    String application = principal.path("applicationId").asText();
    JsonNode done =
        rest.post(
                STATEMENTS,
                statement(
                    "SELECT id AS done FROM range(10)",
                    "disposition",
                    "EXTERNAL_LINKS",
                    "format",
                    "ARROW_STREAM"))
            .json();
    String link = done.at("/result/external_links/0/external_link").asText();
    assertThat(download(link).statusCode()).isEqualTo(200);
    String session =
        rest.post(SESSIONS, Map.of("warehouse_id", "default")).json().path("session_id").asText();
    String running =
        rest.post(STATEMENTS, statement(LONG, "wait_timeout", "0s"))
            .json()
            .path("statement_id")
            .asText();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> status(rest, running, "RUNNING").equals("RUNNING"));
    return new Before(
        pat,
        application,
        oauth(tarn, application, secret),
        done.path("statement_id").asText(),
        link,
        running,
        session);
  }

  private static String oauth(Tarn tarn, String id, String secret) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(tarn.url() + "/oidc/v1/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8)))
            .POST(
                HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=all-apis"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return Json.tree(answer.body()).path("access_token").asText();
  }

  private static HttpResponse<String> download(String link) throws IOException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(link)).build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String status(Rest rest, String id, String status) {
    return history(rest, "filter_by.statement_ids=" + id + "&filter_by.statuses=" + status)
        .at("/res/0/status")
        .asText();
  }

  private static JsonNode history(Rest rest, String filter) {
    return rest.get("/api/2.0/sql/history/queries?" + filter).json();
  }

  private static void assertCredentialsHold(Tarn tarn, Before before) {
    String me = "/api/2.0/preview/scim/v2/Me";
    assertThat(new Rest(tarn.url(), before.pat()).get(me).json().path("userName").asText())
        .isEqualTo("admin");
    assertThat(
            new Rest(tarn.url(), before.oauth())
                .post(STATEMENTS, statement("SELECT current_user()"))
                .json()
                .at("/result/data_array/0/0")
                .asText())
        .isEqualTo(before.principal());
  }

  private static void assertHistory(Tarn tarn, Before before) {
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    JsonNode lost = history(rest, "filter_by.statement_ids=" + before.running()).at("/res/0");
    assertThat(lost.path("status").asText()).isEqualTo("FAILED");
    assertThat(lost.path("query_text").asText()).isEqualTo(LONG);
    assertThat(lost.path("is_final").asBoolean()).isTrue();
    assertThat(lost.path("query_end_time_ms").asLong())
        .isGreaterThanOrEqualTo(lost.path("query_start_time_ms").asLong());
    assertThat(lost.path("error_message").asText()).isNotBlank();
    JsonNode done = history(rest, "filter_by.statement_ids=" + before.done()).at("/res/0");
    assertThat(done.path("status").asText()).isEqualTo("FINISHED");
    assertThat(done.path("rows_produced").asLong()).isEqualTo(10);
    assertThat(history(rest, "filter_by.statuses=RUNNING").path("res")).isEmpty();
  }

  private static void assertGone(Tarn tarn, Before before) throws IOException {
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    for (String id : List.of(before.running(), before.done())) {
      assertNoLonger(rest.get(STATEMENTS + "/" + id));
      assertNoLonger(rest.get(STATEMENTS + "/" + id + "/result/chunks/0"));
      assertNoLonger(rest.post(STATEMENTS + "/" + id + "/cancel", Map.of()));
      assertNoLonger(rest.delete(STATEMENTS + "/" + id));
    }
    assertThat(
            rest.post(STATEMENTS, statement("SELECT 1", "session_id", before.session()))
                .json()
                .at("/status/sql_state")
                .asText())
        .isEqualTo("08003");
    assertNoLonger(rest.delete(SESSIONS + "/" + before.session()));
    HttpResponse<String> old = download(before.link());
    assertThat(old.statusCode()).isEqualTo(403);
    assertThat(Json.tree(old.body()).path("error_code").asText()).isEqualTo("PERMISSION_DENIED");
  }

  private static void assertNoLonger(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(404);
    assertThat(answer.errorCode()).as(answer.body()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
  }
}
