package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.ServeTestRoom.Answer;
import dev.tarn.serve.history.QueryClient;
import dev.tarn.serve.results.ResultsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            data, new ResultsConfig(20_000, 200_000, 900), new StatementsConfig(8, 100, 3600));
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
  void splitsInlineRowsIntoChunks() {
    JsonNode answer = execute("SELECT id FROM range(10000)", "");

    int chunks = answer.at("/manifest/total_chunk_count").asInt();
    String id = answer.get("statement_id").asText();
    assertThat(chunks).isGreaterThan(2);
    List<Long> found = new ArrayList<>();
    JsonNode chunk = answer.get("result");
    for (int i = 0; i < chunks; i++) {
      assertThat(chunk.get("chunk_index").asInt()).isEqualTo(i);
      assertThat(chunk.get("row_offset").asInt()).isEqualTo(found.size());
      chunk.get("data_array").forEach(row -> found.add(row.get(0).asLong()));
      JsonNode info = answer.at("/manifest/chunks/" + i);
      assertThat(info.get("row_count").asInt()).isEqualTo(chunk.get("row_count").asInt());
      if (i + 1 < chunks) {
        assertThat(chunk.get("next_chunk_index").asInt()).isEqualTo(i + 1);
        chunk =
            room.get(ServeTestRoom.ALICE, chunk.get("next_chunk_internal_link").asText()).json();
      } else {
        assertThat(chunk.has("next_chunk_index")).isFalse();
      }
    }
    assertThat(found).hasSize(10000).isSorted().doesNotHaveDuplicates();
    assertThat(room.get(ServeTestRoom.ALICE, STATEMENTS + id + "/result/chunks/" + chunks).status())
        .isEqualTo(400);
  }

  @Test
  void linksRatherThanAttachesWhenThereAreManyChunks() throws IOException {
    JsonNode answer =
        execute(
            "SELECT id FROM range(10000)",
            "\"disposition\":\"INLINE_OR_EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"");

    assertThat(answer.at("/result/attachment").isMissingNode()).isTrue();
    int chunks = answer.at("/manifest/total_chunk_count").asInt();
    assertThat(chunks).isGreaterThan(1);
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      JsonNode link =
          room.get(
                  ServeTestRoom.ALICE,
                  STATEMENTS + answer.get("statement_id").asText() + "/result/chunks/" + i)
              .json()
              .at("/external_links/0");
      byte[] file = room.get(null, link.get("external_link").asText()).body();
      assertThat(file).hasSize(link.get("byte_count").asInt());
      found.addAll(ids(file));
    }
    assertThat(found).hasSize(10000).isSorted().doesNotHaveDuplicates();
  }

  private static List<Long> ids(byte[] stream) throws IOException {
    List<Long> found = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      while (reader.loadNextBatch()) {
        BigIntVector ids = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
        for (int i = 0; i < ids.getValueCount(); i++) {
          found.add(ids.get(i));
        }
      }
    }
    return found;
  }

  @Test
  void writesTheCsvHeaderOnce() {
    JsonNode answer =
        execute(
            "SELECT id, 'x' AS y FROM range(9000)",
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");

    StringBuilder whole = new StringBuilder();
    int chunks = answer.at("/manifest/total_chunk_count").asInt();
    for (int i = 0; i < chunks; i++) {
      String link =
          room.get(
                  ServeTestRoom.ALICE,
                  STATEMENTS + answer.get("statement_id").asText() + "/result/chunks/" + i)
              .json()
              .at("/external_links/0/external_link")
              .asText();
      whole.append(new String(room.get(null, link).body(), StandardCharsets.UTF_8));
    }
    List<String> lines = whole.toString().lines().toList();
    assertThat(chunks).isGreaterThan(1);
    assertThat(lines).hasSize(9001).startsWith("id,y", "0,x").endsWith("8999,x");
  }

  @Test
  void refusesLinksThatAreForgedOrForSomethingElse() {
    JsonNode answer =
        execute(
            "SELECT id FROM range(10000)",
            "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"");
    String link = answer.at("/result/external_links/0/external_link").asText();
    String signature = link.substring(link.indexOf("signature=") + "signature=".length());
    long expires = Long.parseLong(link.replaceAll(".*expires=(\\d+).*", "$1"));

    assertThat(room.get(null, link).status()).isEqualTo(200);
    assertThat(room.get(null, link.replace("/0?", "/1?")).status()).isEqualTo(403);
    assertThat(
            room.get(null, link.replace("expires=" + expires, "expires=" + (expires + 1))).status())
        .isEqualTo(403);
    String other = (signature.charAt(0) == '0' ? '1' : '0') + signature.substring(1);
    assertThat(room.get(null, link.replace(signature, other)).status()).isEqualTo(403);
    assertThat(room.get(null, link.replace(signature, "zz")).status()).isEqualTo(403);
    assertThat(room.get(null, link.substring(0, link.indexOf('?'))).status()).isEqualTo(403);
  }

  @Test
  void servesRangesOfLinks() {
    JsonNode answer =
        execute(
            "SELECT id FROM range(100)", "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");
    String link = answer.at("/result/external_links/0/external_link").asText();
    byte[] whole = room.get(null, link).body();

    Answer middle = room.get(null, link, Map.of("range", "bytes=4-9"));
    Answer tail = room.get(null, link, Map.of("range", "bytes=-3"));
    Answer beyond = room.get(null, link, Map.of("range", "bytes=" + whole.length + "-"));

    assertThat(middle.status()).isEqualTo(206);
    assertThat(middle.body()).isEqualTo(java.util.Arrays.copyOfRange(whole, 4, 10));
    assertThat(middle.headers()).containsEntry("content-range", "bytes 4-9/" + whole.length);
    assertThat(tail.body())
        .isEqualTo(java.util.Arrays.copyOfRange(whole, whole.length - 3, whole.length));
    assertThat(beyond.status()).isEqualTo(416);
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

  @Test
  void failsRatherThanCutsAnInlineResultThatIsTooLarge() {
    JsonNode answer = execute("SELECT id, repeat('x', 50) AS y FROM range(10000)", "");

    assertThat(state(answer)).isEqualTo("FAILED");
    assertThat(answer.at("/status/error/message").asText()).contains("EXTERNAL_LINKS");
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,true",
    "999,999,true",
    "1000,1000,true",
    "1001,1001,true",
    "5000,5000,false",
    "6000,5000,false"
  })
  void limitsRows(int limit, int expected, boolean truncated) {
    JsonNode answer = execute("SELECT id FROM range(5000)", "\"row_limit\":" + limit);

    assertThat(answer.at("/manifest/total_row_count").asInt()).isEqualTo(expected);
    assertThat(answer.at("/manifest/truncated").asBoolean()).isEqualTo(truncated);
  }

  @Test
  void limitsArrowRowsInsideABatch() throws IOException {
    JsonNode answer =
        execute(
            "SELECT id FROM range(0, 5000, 1, 1)",
            "\"row_limit\":1234,\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"ARROW_STREAM\"");

    byte[] file =
        room.get(null, answer.at("/result/external_links/0/external_link").asText()).body();
    List<Long> found = ids(file);
    assertThat(found).hasSize(1234).startsWith(0L).endsWith(1233L);
  }

  @Test
  void limitsBytes() {
    JsonNode answer = execute("SELECT id FROM range(5000)", "\"byte_limit\":12000");

    int rows = answer.at("/manifest/total_row_count").asInt();
    assertThat(answer.at("/manifest/truncated").asBoolean()).isTrue();
    assertThat(rows).isBetween(1000, 1600);
  }

  @Test
  void bindsNamedAndPositionalParameters() {
    JsonNode named =
        execute(
            "SELECT :a + 1 AS a, :b AS b, :c AS c",
            "\"parameters\":[{\"name\":\"c\",\"type\":\"DATE\",\"value\":\"2001-02-03\"},"
                + "{\"name\":\"a\",\"type\":\"INT\",\"value\":\"41\"},{\"name\":\"b\"}]");
    JsonNode positional =
        execute(
            "SELECT ? AS a, ? AS b",
            "\"parameters\":[{\"ordinal\":2,\"type\":\"LONG\",\"value\":\"2\"},"
                + "{\"ordinal\":1,\"value\":\"it's\"}]");

    assertThat(named.at("/result/data_array/0").toString())
        .as("%s", named)
        .isEqualTo("[\"42\",null,\"2001-02-03\"]");
    assertThat(positional.at("/result/data_array/0").toString())
        .as("%s", positional)
        .isEqualTo("[\"it's\",\"2\"]");
    assertThat(positional.at("/manifest/schema/columns/1/type_name").asText()).isEqualTo("LONG");
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
  void answersAnEmptyResultWithItsSchema() {
    JsonNode answer = execute("SELECT id FROM range(10) WHERE id < 0", "");

    assertThat(state(answer)).isEqualTo("SUCCEEDED");
    assertThat(answer.at("/manifest/total_row_count").asInt()).isZero();
    assertThat(answer.at("/manifest/schema/columns/0/name").asText()).isEqualTo("id");
    assertThat(answer.at("/result/data_array").isArray()).isTrue();
    assertThat(answer.at("/result/data_array")).isEmpty();
  }

  @Test
  void smallResultsNeedNoDisk(@TempDir Path other) throws IOException {
    try (ServeTestRoom fresh =
        new ServeTestRoom(other, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT)) {
      // What cannot be written to is as good as full.
      Files.delete(other.resolve("results"));
      Files.writeString(other.resolve("results"), "in the way");

      JsonNode rows = fresh.execute(ServeTestRoom.ALICE, "SELECT 1 AS one", "");
      assertThat(rows.at("/result/data_array/0/0").asText()).isEqualTo("1");
      JsonNode links =
          fresh.execute(
              ServeTestRoom.ALICE,
              "SELECT 1 AS one",
              "\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");
      String url = links.at("/result/external_links/0/external_link").asText();
      assertThat(fresh.get(null, url).body()).asString().isEqualTo("one\r\n1\r\n");
      assertThat(fresh.get(null, url, Map.of("range", "bytes=0-2")).body())
          .asString()
          .isEqualTo("one");
      assertThat(
              fresh
                  .delete(ServeTestRoom.ALICE, STATEMENTS + links.get("statement_id").asText())
                  .status())
          .isEqualTo(200);
      assertThat(fresh.get(null, url).status()).isEqualTo(404);
      JsonNode large = fresh.execute(ServeTestRoom.ALICE, "SELECT * FROM range(100000)", "");
      assertThat(large.at("/status/error/error_code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
      Files.delete(other.resolve("results"));
    }
  }

  @Test
  void runsAsManyAsTheWarehouseTakesAndTheOthersInOrder(@TempDir Path other) {
    try (ServeTestRoom small =
        new ServeTestRoom(other, ResultsConfig.DEFAULT, new StatementsConfig(1, 2, 3600))) {
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
