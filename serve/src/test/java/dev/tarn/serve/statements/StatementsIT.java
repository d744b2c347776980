package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.ServeTestRoom.Answer;
import dev.tarn.serve.history.QueryClient;
import dev.tarn.serve.results.ResultsConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Statement Execution API with small chunks, over real Spark. */
class StatementsIT {
  private static final String STATEMENTS = "/api/2.0/sql/statements/";
  private static final String ENDLESS =
      "SELECT count(*) FROM range(10000000000) a CROSS JOIN range(1000) b WHERE a.id + b.id < 0";
  private static final URI ADDRESS = URI.create("http://localhost");

  @TempDir static Path data;
  static ServeTestRoom room;

  @BeforeAll
  static void start() {
    room =
        new ServeTestRoom(
            data,
            new ResultsConfig(20_000, 200_000, 900),
            new StatementsConfig(8, 100, 3600, null));
  }

  @AfterAll
  static void stop() {
    room.close();
  }

  private static JsonNode execute(String sql, String more) {
    return room.execute(ServeTestRoom.ALICE, sql, more);
  }

  private static String state(JsonNode answer) {
    return answer.at("/status/state").asText();
  }

  private static String state(String id) {
    return state(room.get(ServeTestRoom.ALICE, STATEMENTS + id).json());
  }

  private static String startEndless() {
    JsonNode answer =
        room.post(
                ServeTestRoom.ALICE,
                STATEMENTS,
                "{\"warehouse_id\":\"default\",\"wait_timeout\":\"0s\",\"statement\":\""
                    + ENDLESS
                    + "\"}")
            .json();
    assertThat(state(answer)).isIn("PENDING", "RUNNING");
    assertThat(answer.has("manifest")).isFalse();
    return answer.get("statement_id").asText();
  }

  @Test
  void belongsToItsPrincipalAlone() {
    String id = execute("SELECT 1", "").get("statement_id").asText();

    assertThat(room.get(ServeTestRoom.BOB, STATEMENTS + id).status()).isEqualTo(404);
    assertThat(room.get(ServeTestRoom.ADMIN, STATEMENTS + id).status()).isEqualTo(404);
    assertThat(room.get(ServeTestRoom.BOB, STATEMENTS + id + "/result/chunks/0").status())
        .isEqualTo(404);
    assertThat(room.post(ServeTestRoom.BOB, STATEMENTS + id + "/cancel", "{}").status())
        .isEqualTo(404);
    assertThat(room.delete(ServeTestRoom.BOB, STATEMENTS + id).status()).isEqualTo(404);
    assertThat(room.get(null, STATEMENTS + id).status()).isEqualTo(401);
    assertThat(state(id)).isEqualTo("SUCCEEDED");
  }

  @Test
  void cancelsARunningStatement() {
    String id = startEndless();
    await().until(() -> state(id).equals("RUNNING"));

    room.post(ServeTestRoom.ALICE, STATEMENTS + id + "/cancel", "{}");

    await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("CANCELED"));
    assertThat(
            room.get(ServeTestRoom.ALICE, STATEMENTS + id + "/result/chunks/0")
                .json()
                .get("error_code")
                .asText())
        .isEqualTo("INVALID_STATE");
    assertThat(execute("SELECT 1", "").at("/result/data_array/0/0").asText()).isEqualTo("1");
  }

  @Test
  void cancelsWhenTheWaitIsOver() {
    JsonNode answer =
        room.post(
                ServeTestRoom.ALICE,
                STATEMENTS,
                "{\"warehouse_id\":\"default\",\"wait_timeout\":\"5s\",\"on_wait_timeout\":"
                    + "\"CANCEL\",\"statement\":\""
                    + ENDLESS
                    + "\"}")
            .json();

    assertThat(state(answer)).isEqualTo("CANCELED");
  }

  @Test
  void closingARunningStatementStopsIt() {
    String id = startEndless();

    assertThat(room.delete(ServeTestRoom.ALICE, STATEMENTS + id).status()).isEqualTo(200);

    await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("CANCELED"));
  }

  @Test
  void closingDeletesTheResult() throws IOException {
    JsonNode answer =
        execute(
            "SELECT id FROM range(20000)",
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"JSON_ARRAY\"");
    String id = answer.get("statement_id").asText();
    String link = answer.at("/result/external_links/0/external_link").asText();
    assertThat(data.resolve("results").resolve(id)).isDirectory();

    room.delete(ServeTestRoom.ALICE, STATEMENTS + id);

    assertThat(state(id)).isEqualTo("CLOSED");
    assertThat(data.resolve("results").resolve(id)).doesNotExist();
    assertThat(room.get(null, link).status()).isEqualTo(404);
    assertThat(room.get(ServeTestRoom.ALICE, STATEMENTS + id + "/result/chunks/0").status())
        .isEqualTo(400);
  }

  @Test
  void failsWithSqlStateAndMessageUnderHttp200() {
    JsonNode answer = execute("SELEC 1", "");

    assertThat(state(answer)).isEqualTo("FAILED");
    assertThat(answer.at("/status/error/error_code").asText()).isEqualTo("BAD_REQUEST");
    assertThat(answer.at("/status/error/message").asText()).contains("PARSE_SYNTAX_ERROR");
    assertThat(answer.at("/status/sql_state").asText()).isEqualTo("42601");
    assertThat(answer.has("result")).isFalse();
  }

  @Test
  void failsWhenRowsFailOnTheWayAndLeavesNoFiles() throws IOException {
    JsonNode answer =
        execute("SELECT raise_error('broken') FROM range(100000) WHERE id > 90000", "");

    assertThat(state(answer)).isEqualTo("FAILED");
    assertThat(answer.at("/status/error/message").asText()).contains("broken");
    assertThat(data.resolve("results").resolve(answer.get("statement_id").asText())).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"wait_timeout\":\"3s\"",
        "\"wait_timeout\":\"51s\"",
        "\"wait_timeout\":\"ten\"",
        "\"format\":\"ARROW_STREAM\"",
        "\"format\":\"CSV\",\"disposition\":\"INLINE_OR_EXTERNAL_LINKS\"",
        "\"row_limit\":0",
        "\"byte_limit\":-1",
        "\"parameters\":[{\"name\":\"a\"},{\"value\":\"1\"}]",
        "\"parameters\":[{\"name\":\"a\"},{\"name\":\"a\"}]",
        "\"parameters\":[{\"ordinal\":1},{\"ordinal\":3}]",
        "\"statement\":\"  \""
      })
  void refusesRequestsThatMakeNoSense(String field) {
    String statement = field.contains("\"statement\"") ? "" : ",\"statement\":\"SELECT 1\"";

    Answer answer =
        room.post(
            ServeTestRoom.ALICE,
            STATEMENTS,
            "{\"warehouse_id\":\"default\"," + field + statement + "}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
  }

  @Test
  void refusesUnknownWarehousesAndSessions() {
    Answer warehouse =
        room.post(
            ServeTestRoom.ALICE,
            STATEMENTS,
            "{\"warehouse_id\":\"nope\",\"statement\":\"SELECT 1\"}");
    Answer session =
        room.post(
            ServeTestRoom.ALICE,
            STATEMENTS,
            "{\"warehouse_id\":\"default\",\"session_id\":\"nope\",\"statement\":\"SELECT 1\"}");

    assertThat(warehouse.json().get("error_code").asText()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    assertThat(session.json().at("/status/state").asText()).isEqualTo("FAILED");
    assertThat(session.json().at("/status/sql_state").asText()).isEqualTo("08003");
    assertThat(session.json().at("/status/error/message").asText()).contains("is gone");
  }

  @Test
  void keepsTemporaryViewsInTheirSession() {
    String path = "/api/2.0/sql/warehouses/default/sessions";
    String session =
        room.post(
                ServeTestRoom.ALICE,
                path,
                "{\"session_confs\":{\"spark.sql.ansi.enabled\":\"false\"}}")
            .json()
            .get("session_id")
            .asText();
    String in = "\"session_id\":\"" + session + "\"";

    assertThat(state(execute("CREATE TEMP VIEW mine AS SELECT 7 AS v", in))).isEqualTo("SUCCEEDED");
    JsonNode found = execute("SELECT v, CAST('x' AS INT) AS n FROM mine", in);
    assertThat(found.at("/result/data_array/0").toString()).isEqualTo("[\"7\",null]");
    assertThat(state(execute("SELECT * FROM mine", ""))).isEqualTo("FAILED");
    StatementStatus bobs =
        room.serve()
            .statements()
            .execute(
                ServeTestRoom.BOB,
                new ExecuteStatement(
                    "SELECT 1",
                    "default",
                    session,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null),
                QueryClient.UNKNOWN,
                ADDRESS)
            .status();
    assertThat(bobs.state()).isEqualTo(StatementState.FAILED);
    assertThat(bobs.sqlState()).isEqualTo("08003");

    assertThat(room.delete(ServeTestRoom.ALICE, "/api/2.0/sql/sessions/" + session).status())
        .isEqualTo(200);
    assertThat(execute("SELECT 1", in).at("/status/sql_state").asText()).isEqualTo("08003");
  }

  @Test
  void aSessionEndsWhenItsUsersGroupsChange() {
    String session =
        room.post(ServeTestRoom.ALICE, "/api/2.0/sql/sessions/", "{\"warehouse_id\":\"default\"}")
            .json()
            .get("session_id")
            .asText();
    assertThat(state(execute("SELECT 1", "\"session_id\":\"" + session + "\"")))
        .isEqualTo("SUCCEEDED");
    Principal regrouped = new Principal(ServeTestRoom.ALICE.name(), Set.of("newcomers"), false);
    ExecuteStatement request =
        new ExecuteStatement(
            "SELECT 1", null, session, null, null, null, null, null, null, null, null, null, null);
    for (Principal each : List.of(regrouped, ServeTestRoom.ALICE)) {
      assertThat(
              room.serve()
                  .statements()
                  .execute(each, request, QueryClient.UNKNOWN, ADDRESS)
                  .status()
                  .sqlState())
          .isEqualTo("08003");
    }
  }

  @Test
  void runsOneSessionsStatementsInOrderAndOthersMeanwhile() {
    String session =
        room.post(ServeTestRoom.ALICE, "/api/2.0/sql/sessions/", "{\"warehouse_id\":\"default\"}")
            .json()
            .get("session_id")
            .asText();
    String in = "\"session_id\":\"" + session + "\",\"wait_timeout\":\"0s\"";
    String first =
        room.post(
                ServeTestRoom.ALICE,
                STATEMENTS,
                "{\"warehouse_id\":\"default\"," + in + ",\"statement\":\"" + ENDLESS + "\"}")
            .json()
            .get("statement_id")
            .asText();
    String second =
        room.post(
                ServeTestRoom.ALICE,
                STATEMENTS,
                "{\"warehouse_id\":\"default\"," + in + ",\"statement\":\"SELECT 2\"}")
            .json()
            .get("statement_id")
            .asText();

    assertThat(state(execute("SELECT 3", ""))).isEqualTo("SUCCEEDED");
    assertThat(state(second)).isEqualTo("PENDING");
    room.post(ServeTestRoom.ALICE, STATEMENTS + first + "/cancel", "{}");
    await().atMost(Duration.ofSeconds(20)).until(() -> state(second).equals("SUCCEEDED"));
    assertThat(state(first)).isEqualTo("CANCELED");
  }

  @Test
  void cancelsAtOnceWhatHasNotBegun() {
    String session =
        room.post(ServeTestRoom.ALICE, "/api/2.0/sql/sessions/", "{\"warehouse_id\":\"default\"}")
            .json()
            .get("session_id")
            .asText();
    String body =
        "{\"session_id\":\"" + session + "\",\"wait_timeout\":\"0s\",\"statement\":\"%s\"}";
    String first =
        room.post(ServeTestRoom.ALICE, STATEMENTS, body.formatted(ENDLESS))
            .json()
            .get("statement_id")
            .asText();
    String waiting =
        room.post(ServeTestRoom.ALICE, STATEMENTS, body.formatted("SELECT 1"))
            .json()
            .get("statement_id")
            .asText();

    room.post(ServeTestRoom.ALICE, STATEMENTS + waiting + "/cancel", "{}");

    assertThat(state(waiting)).isEqualTo("CANCELED");
    room.post(ServeTestRoom.ALICE, STATEMENTS + first + "/cancel", "{}");
    await().atMost(Duration.ofSeconds(20)).until(() -> state(first).equals("CANCELED"));
  }

  @Test
  void answersManyAtOnceEachItsOwnRows() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(16);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int n = i;
        answers.add(
            clients.submit(
                () ->
                    execute("SELECT sum(id) + " + n + " AS s FROM range(1000)", "")
                        .at("/result/data_array/0/0")
                        .asText()));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(Integer.toString(499_500 + i));
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void runsAsManyAsTheWarehouseTakesAndTheOthersInOrder(@TempDir Path other) {
    try (ServeTestRoom small =
        new ServeTestRoom(other, ResultsConfig.DEFAULT, new StatementsConfig(1, 2, 3600, null))) {
      List<JsonNode> started = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        started.add(small.execute(ServeTestRoom.ALICE, ENDLESS, "\"wait_timeout\":\"0s\""));
      }
      Answer refused =
          small.post(
              ServeTestRoom.ALICE,
              STATEMENTS,
              "{\"warehouse_id\":\"default\",\"statement\":\"SELECT 1\"}");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().get("error_code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
      List<String> states =
          started.stream()
              .map(a -> small.get(ServeTestRoom.ALICE, STATEMENTS + a.get("statement_id").asText()))
              .map(a -> state(a.json()))
              .toList();
      assertThat(states.subList(1, 3)).containsExactly("PENDING", "PENDING");

      String id =
          small
              .get(ServeTestRoom.ALICE, "/api/2.0/sql/warehouses/default")
              .json()
              .get("id")
              .asText();
      small.post(ServeTestRoom.ADMIN, "/api/2.0/sql/warehouses/" + id + "/stop", "{}");
      for (JsonNode each : started) {
        String statement = STATEMENTS + each.get("statement_id").asText();
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> state(small.get(ServeTestRoom.ALICE, statement).json()).equals("CANCELED"));
      }
      assertThat(small.execute(ServeTestRoom.ALICE, "SELECT 1", "").at("/status/state").asText())
          .isEqualTo("SUCCEEDED");
    }
  }

  @Test
  void removesWhatAKilledProcessLeft(@TempDir Path other) throws IOException {
    Path left = Files.createDirectories(other.resolve("results/old"));
    Files.writeString(left.resolve("0"), "rows");

    try (ServeTestRoom fresh =
        new ServeTestRoom(other, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT)) {
      assertThat(fresh.serve().warehouses().list(ServeTestRoom.ADMIN)).hasSize(1);
      try (Stream<Path> found = Files.list(other.resolve("results"))) {
        assertThat(found).isEmpty();
      }
    }
  }
}
