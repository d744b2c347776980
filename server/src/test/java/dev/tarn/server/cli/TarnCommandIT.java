package dev.tarn.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.Access;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.server.http.HttpConfig;
import dev.tarn.server.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The command line against the wire formats as the REST API documents them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TarnCommandIT {
  private static final String MANIFEST =
      """
      {"format": "JSON_ARRAY", "total_row_count": %d, "total_chunk_count": 2, "schema":
       {"columns": [{"name": "n", "type_name": "LONG", "type_text": "BIGINT", "position": 0}]}}
      """;

  private final AtomicInteger polls = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
  private final Map<String, String> files = new ConcurrentHashMap<>();
  private HttpServer server;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeEach
  void forget() {
    polls.set(0);
    ran.clear();
    files.clear();
  }

  @BeforeAll
  void start() {
    Capability answers =
        () ->
            List.of(
                Route.post("/api/2.0/sql/statements/", Access.AUTHENTICATED, this::submit),
                Route.get("/api/2.0/sql/statements/{id}", Access.AUTHENTICATED, this::poll),
                Route.get(
                    "/api/2.0/sql/statements/{id}/result/chunks/{n}",
                    Access.AUTHENTICATED,
                    r -> json("{\"external_links\":[{\"external_link\":\"/signed/1\"}]}")),
                Route.get("/signed/{n}", Access.PUBLIC, this::signed),
                Route.post(
                    "/api/2.0/sql/warehouses/default/sessions",
                    Access.AUTHENTICATED,
                    r -> json("{\"session_id\":\"s1\"}")),
                Route.delete(
                    "/api/2.0/sql/warehouses/default/sessions/s1",
                    Access.AUTHENTICATED,
                    r -> {
                      ran.add("closed");
                      return json("{}");
                    }),
                Route.get(
                    "/api/2.0/preview/scim/v2/Me",
                    Access.AUTHENTICATED,
                    r -> json("{\"userName\":\"ada\"}")),
                Route.post("/api/2.0/workspace/delete", Access.AUTHENTICATED, r -> notThere()),
                Route.post("/api/2.0/workspace/mkdirs", Access.AUTHENTICATED, r -> json("{}")),
                Route.post("/api/2.0/workspace/import", Access.AUTHENTICATED, this::put),
                Route.get("/api/2.0/pipelines", Access.AUTHENTICATED, r -> json("{}")),
                Route.post(
                    "/api/2.0/pipelines",
                    Access.AUTHENTICATED,
                    r -> json("{\"pipeline_id\":\"p1\"}")),
                Route.post(
                    "/api/2.0/pipelines/p1/updates",
                    Access.AUTHENTICATED,
                    r -> json("{\"update_id\":\"u1\"}")),
                Route.get("/api/2.0/pipelines/p1/updates/u1", Access.AUTHENTICATED, r -> update()),
                Route.get("/api/2.0/pipelines/p1/events", Access.AUTHENTICATED, this::events));
    server =
        HttpServer.start(
            HttpConfig.onFreePort(),
            token -> {
              if (!token.equals("good")) {
                throw new TarnException(ErrorCode.UNAUTHENTICATED, "The token is unknown.");
              }
              return Principal.user("ada");
            },
            List.of(answers));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Response json(String text) {
    return Response.json(Json.tree(text));
  }

  private static Response notThere() {
    throw new TarnException(ErrorCode.RESOURCE_DOES_NOT_EXIST, "It is not there.");
  }

  private Response submit(Request request) {
    JsonNode body = request.json(JsonNode.class);
    String sql = body.path("statement").asText();
    ran.add(sql + body.path("session_id").asText(""));
    return json(
        sql.startsWith("bad")
            ? "{\"statement_id\":\"x\",\"status\":{\"state\":\"FAILED\",\"sql_state\":\"42601\","
                + "\"error\":{\"error_code\":\"BAD_REQUEST\",\"message\":\"What is 'bad'?\"}}}"
            : "{\"statement_id\":\""
                + (sql.equals("short") ? "short" : "long")
                + "\",\"status\":{\"state\":\"PENDING\"}}");
  }

  private Response poll(Request request) {
    if (polls.incrementAndGet() < 3) {
      return json("{\"statement_id\":\"a\",\"status\":{\"state\":\"RUNNING\"}}");
    }
    int rows = request.path("id").equals("short") ? 4 : 3;
    return json(
        "{\"statement_id\":\"a\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":"
            + MANIFEST.formatted(rows)
            + ",\"result\":{\"external_links\":[{\"external_link\":\"/signed/0\","
            + "\"next_chunk_index\":1}]}}");
  }

  private Response signed(Request request) {
    if (request.header("authorization").isPresent()) {
      throw TarnException.invalid("A signed link must not see the token.");
    }
    return json(request.path("n").equals("0") ? "[[\"1\"],[null]]" : "[[\"3\"]]");
  }

  private Response put(Request request) {
    JsonNode body = request.json(JsonNode.class);
    files.put(body.path("path").asText(), body.path("content").asText());
    return json("{}");
  }

  private Response update() {
    String state = polls.incrementAndGet() < 3 ? "RUNNING" : "FAILED";
    return json("{\"update\":{\"state\":\"" + state + "\"}}");
  }

  private Response events(Request request) {
    return request.query("page_token").isEmpty()
        ? json(
            """
            {"next_page_token": "2", "events": [
             {"id": "1", "level": "INFO", "event_type": "flow_progress",
              "origin": {"flow_name": "main.s.bronze"},
              "details": {"flow_progress": {"status": "RUNNING",
               "metrics": {"num_output_rows": 12000},
               "data_quality": {"dropped_records": 7, "expectations":
                [{"name": "has_id", "dataset": "bronze", "passed_records": 1,
                  "failed_records": 7}]}}}}]}
            """)
        : json(
            """
            {"events": [
             {"id": "2", "level": "ERROR", "event_type": "update_progress", "message": "failed",
              "error": {"exceptions": [{"message":
                "/Workspace/Users/ada/pipelines/flights/gold.sql:3: no column 'x'"}]}}]}
            """);
  }

  private int tarn(String... arguments) {
    return tarn(Map.of("TARN_HOST", server.url().toString(), "TARN_TOKEN", "good"), arguments);
  }

  private int tarn(Map<String, String> environment, String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    return TarnCommand.run(
        new TarnCommand.Terminal(
            environment,
            new ByteArrayInputStream("select 1".getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out),
            new PrintWriter(err),
            false),
        arguments);
  }

  @Test
  void pollsAndFollowsEveryChunkOfAResult() {
    assertThat(tarn("sql", "--format", "csv", "select n")).isEqualTo(0);
    assertThat(out.toString()).isEqualTo("n\r\n1\r\n\r\n3\r\n");
    assertThat(err.toString()).isEmpty();
    assertThat(tarn("sql", "--format", "json", "-")).isEqualTo(0);
    assertThat(out.toString()).startsWith("[{\"n\":1},\n {\"n\":null},\n {\"n\":3}]");
    assertThat(ran).containsExactly("select n", "select 1");
  }

  @Test
  void aResultThatIsNotWholeIsAFailure() {
    assertThat(tarn("sql", "short")).isEqualTo(1);
    assertThat(err.toString()).contains("promised 4 rows");
  }

  @Test
  void aFailedStatementGoesToStderrAndStopsTheScript() throws Exception {
    Path script = Files.writeString(folder.resolve("a.sql"), "select 1; bad; select 3;");
    assertThat(tarn("sql", "-f", script.toString())).isEqualTo(1);
    assertThat(err.toString()).isEqualToIgnoringNewLines("tarn: What is 'bad'? (SQLSTATE 42601)");
    assertThat(ran).containsExactly("select 1s1", "bads1", "closed");
  }

  @Test
  void exitCodesTellUsageFromAccess() {
    assertThat(tarn()).isEqualTo(2);
    assertThat(tarn("nonsense")).isEqualTo(2);
    assertThat(tarn("sql")).isEqualTo(2);
    assertThat(tarn("sql", "--format", "xml", "select 1")).isEqualTo(2);
    assertThat(tarn("sql", "-f", "no-such-file")).isEqualTo(2);
    assertThat(tarn("pipeline")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    String host = server.url().toString();
    assertThat(tarn(Map.of("TARN_HOST", host, "TARN_TOKEN", "bad"), "sql", "x")).isEqualTo(3);
    assertThat(tarn(Map.of("TARN_HOST", host, "HOME", folder.toString()), "sql", "x")).isEqualTo(3);
    assertThat(err.toString()).contains("TARN_TOKEN");
    // Port 1 of the loopback address: nobody listens there.
    Map<String, String> nobody = Map.of("TARN_HOST", "http://127.0.0.1:1", "TARN_TOKEN", "good");
    assertThat(tarn(nobody, "sql", "x")).isEqualTo(3);
    assertThat(err.toString()).contains("Cannot reach http://127.0.0.1:1");
  }

  @Test
  void everyVerbHasHelp() {
    for (String verb : List.of("up", "sql", "pipeline")) {
      assertThat(tarn(verb, "--help")).isEqualTo(0);
      assertThat(out.toString()).contains("Usage: tarn " + verb).contains("Exit codes");
    }
    assertThat(tarn("pipeline", "run", "--help")).isEqualTo(0);
    assertThat(out.toString()).contains("--full-refresh");
  }

  @Test
  void takesHostAndTokenFromDatabricksVariablesToo() {
    Map<String, String> environment =
        Map.of("DATABRICKS_HOST", server.url().toString(), "DATABRICKS_TOKEN", "good");
    assertThat(tarn(environment, "sql", "select 1")).isEqualTo(0);
  }

  @Test
  void aFailedPipelineShowsProgressAndTheUsersOwnFile() throws Exception {
    Path pipeline = Files.createDirectories(folder.resolve("flights"));
    Files.writeString(pipeline.resolve("gold.sql"), "select x");
    Files.writeString(pipeline.resolve("notes.txt"), "not SQL");
    assertThat(tarn("pipeline", "run", pipeline.toString(), "--schema", "s")).isEqualTo(1);
    assertThat(files).containsOnlyKeys("/Workspace/Users/ada/pipelines/flights/gold.sql");
    assertThat(out.toString())
        .contains("RUNNING", "main.s.bronze", "12,000 rows", "7 dropped", "has_id: 7")
        .containsOnlyOnce("main.s.bronze");
    assertThat(err.toString()).contains(pipeline + "/gold.sql:3: no column 'x'").contains("FAILED");
  }

  @Test
  void aFolderWithoutSqlIsWrongUsage() {
    assertThat(tarn("pipeline", "validate", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(".sql");
  }
}
