package dev.tarn.acceptance.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.connect.ConnectProcess.Failure;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.util.List;
import java.util.Map;
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
