package dev.tarn.acceptance.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.acceptance.connect.ConnectProcess.Failure;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.launcher.TrustStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Spark's client for the JVM, unmodified, on the one port. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectIT {
  private final Tarn tarn;
  private final ConnectProcess client;

  ConnectIT(Tarn tarn) {
    this.tarn = tarn;
    this.client = ConnectProcess.to(tarn.port(), tarn.administratorToken());
  }

  @BeforeAll
  void makeSchema() {
    tarn.administrator().sql("CREATE SCHEMA main.connect");
    client.rows("sql", "USE main.connect");
  }

  @AfterAll
  void end() {
    client.close();
  }

  @Test
  void runsSql() {
    assertThat(client.rows("sql", "SELECT 1, 'ä', current_user(), current_schema()"))
        .containsExactly(List.of("1", "ä", "admin", "connect"));
  }

  @Test
  void worksOnTablesByName() {
    client.rows("save-as", "overwrite", "people", "SELECT id, 'p' AS name FROM range(3)");
    client.rows("insert-into", "people", "SELECT 3L, 'q'");
    client.rows("write-to", "main.connect.people", "SELECT 4L AS id, 'r' AS name");
    client.rows("merge", "people", "SELECT id, 'm' AS name FROM range(4, 6)");
    assertThat(client.rows("sql", "SELECT id, name FROM people ORDER BY id"))
        .containsExactly(
            List.of("0", "p"),
            List.of("1", "p"),
            List.of("2", "p"),
            List.of("3", "q"),
            List.of("4", "m"),
            List.of("5", "m"));
    assertThat(client.rows("table", "main.connect.people")).hasSize(6);
    assertThat(client.rows("option", "versionAsOf", "0", "people")).hasSize(3);
    assertThat(client.rows("aggregate", "people"))
        .containsExactly(List.of("0", "2"), List.of("1", "2"));
    assertThat(tarn.administrator().sql("SELECT count(*) FROM main.connect.people").rows())
        .containsExactly(List.of("6"));
  }

  @Test
  void tellsErrorsAsSparkDoes() {
    assertThat(client.failure("sql", "SELECT * FROM nowhere"))
        .extracting(Failure::condition, Failure::sqlState)
        .containsExactly("TABLE_OR_VIEW_NOT_FOUND", "42P01");
    assertThat(client.failure("sql", "SELECT 1/0"))
        .extracting(Failure::condition, Failure::sqlState)
        .containsExactly("DIVIDE_BY_ZERO", "22012");
    assertThat(client.failure("sql", "SELEC 1"))
        .extracting(Failure::condition, Failure::sqlState)
        .containsExactly("PARSE_SYNTAX_ERROR", "42601");
  }

  @Test
  void takesParametersInTheirPlaces() {
    String[] step = {"positional", "SELECT ?" + ", ?".repeat(39)};
    List<String> values = IntStream.range(0, 40).mapToObj(Integer::toString).toList();
    assertThat(
            client.rows(Stream.concat(Arrays.stream(step), values.stream()).toArray(String[]::new)))
        .containsExactly(values);
    assertThat(client.rows("positional", "SELECT ? + 1", "1")).containsExactly(List.of("2"));
    assertThat(client.rows("named", "SELECT :a || :a", "a", "x")).containsExactly(List.of("xx"));
  }

  @Test
  void browsesTheSessionsCatalog() {
    client.rows("sql", "CREATE CATALOG IF NOT EXISTS connected");
    client.rows("sql", "CREATE SCHEMA IF NOT EXISTS connected.inner");
    client.rows("sql", "CREATE TABLE IF NOT EXISTS connected.default.seen (id INT)");
    assertThat(client.rows("catalogs").stream().map(row -> row.get(0)))
        .contains("main", "connected")
        .doesNotContain("spark_catalog");
    try (ConnectProcess own = ConnectProcess.to(tarn.port(), tarn.administratorToken())) {
      own.rows("catalog", "connected");
      assertThat(own.rows("where")).containsExactly(List.of("connected", "default"));
      assertThat(own.rows("databases").stream().map(row -> row.get(0)))
          .containsExactlyInAnyOrder("default", "information_schema", "inner");
      for (String[] step : new String[][] {{"tables", "default"}, {"tables-here"}}) {
        assertThat(own.rows(step).stream().map(row -> row.get(0))).containsExactly("seen");
      }
      assertThat(own.rows("tables", "inner")).isEmpty();
      assertThat(own.rows("exists", "seen")).containsExactly(List.of("true"));
      assertThat(own.rows("exists", "default.seen")).containsExactly(List.of("true"));
      assertThat(own.rows("exists", "inner.seen")).containsExactly(List.of("false"));
    }
  }

  @Test
  void entersTheHistory() {
    String mark = "history-" + UUID.randomUUID();
    client.rows("sql", "SELECT id, '" + mark + "' FROM range(3)");
    client.rows("sql", "CREATE TABLE IF NOT EXISTS remembered AS SELECT '" + mark + "' AS m");
    client.failure("sql", "SELECT 1/0, '" + mark + "'");
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    Supplier<List<String>> told =
        () ->
            StreamSupport.stream(
                    rest.get("/api/2.0/sql/history/queries?max_results=1000")
                        .json()
                        .path("res")
                        .spliterator(),
                    false)
                .filter(query -> query.path("query_text").asText().contains(mark))
                .peek(
                    query -> {
                      assertThat(query.path("user_name").asText()).isEqualTo("admin");
                      assertThat(query.path("client_application").asText()).contains("CONNECT");
                      assertThat(query.path("warehouse_id").asText()).isNotEmpty();
                    })
                .map(
                    query ->
                        query.path("statement_type").asText()
                            + " "
                            + query.path("status").asText()
                            + " "
                            + query.path("rows_produced").asInt())
                .toList();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(told.get())
                    .containsExactly("SELECT FAILED 0", "CREATE FINISHED 0", "SELECT FINISHED 3"));
  }

  @Test
  void connectsWithATokenWithoutTlsAndWithIt() {
    TrustStore trusted = TrustStore.of(tarn.data().resolve("tls").resolve("ca.crt"));
    String token = ";token=" + tarn.administratorToken();
    String tls = "sc://localhost:" + tarn.httpsPort() + "/;use_ssl=true" + token;
    try (ConnectProcess local = new ConnectProcess("sc://localhost:" + tarn.port() + "/" + token);
        ConnectProcess encrypted =
            new ConnectProcess(tls, trusted.options().toArray(String[]::new))) {
      assertThat(local.rows("sql", "SELECT current_user()")).containsExactly(List.of("admin"));
      assertThat(encrypted.rows("sql", "SELECT current_user()")).containsExactly(List.of("admin"));
    }
  }

  @Test
  void isLetInByATokenOnly() {
    try (ConnectProcess stranger = ConnectProcess.to(tarn.port(), "dapi0000");
        ConnectProcess nobody =
            new ConnectProcess("sc://127.0.0.1:" + tarn.port() + "/;use_ssl=false;user_id=admin")) {
      assertThat(stranger.failure("sql", "SELECT 1").condition()).isEqualTo("UNAUTHENTICATED");
      Failure refusal = nobody.failure("sql", "SELECT 1");
      assertThat(refusal.condition()).isEqualTo("UNAUTHENTICATED");
      assertThat(refusal.message()).contains(";token=");
    }
  }

  @Test
  void refusesTheNextMessageOfARevokedToken() {
    Rest administrator = new Rest(tarn.url(), tarn.administratorToken());
    var made =
        administrator.post(
            "/api/2.0/token/create", Map.of("comment", "connect", "lifetime_seconds", 600));
    try (ConnectProcess session =
        ConnectProcess.to(tarn.port(), made.json().path("token_value").asText())) {
      assertThat(session.rows("sql", "SELECT 1")).containsExactly(List.of("1"));
      administrator.post(
          "/api/2.0/token/delete",
          Map.of("token_id", made.json().path("token_info").path("token_id").asText()));
      assertThat(session.failure("sql", "SELECT 1").condition()).isEqualTo("UNAUTHENTICATED");
    }
  }
}
