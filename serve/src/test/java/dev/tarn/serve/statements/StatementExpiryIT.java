package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.ServeTestRoom.Answer;
import dev.tarn.serve.results.ResultsConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementExpiryIT {
  private static final String ENDLESS =
      "SELECT count(*) FROM range(10000000000) a CROSS JOIN range(1000) b WHERE a.id + b.id < 0";

  @TempDir Path data;

  @Test
  void closesResultsInTimeAndRemembersTheStatement() {
    try (ServeTestRoom room =
        new ServeTestRoom(data, ResultsConfig.DEFAULT, new StatementsConfig(2, 10, 0, null))) {
      JsonNode answer = room.execute(ServeTestRoom.ALICE, "SELECT id FROM range(20000)", "");
      String id = answer.get("statement_id").asText();
      assertThat(data.resolve("results").resolve(id)).isDirectory();

      await()
          .until(
              () -> {
                room.serve().statements().expire();
                return room.get(ServeTestRoom.ALICE, "/api/2.0/sql/statements/" + id)
                    .json()
                    .at("/status/state")
                    .asText()
                    .equals("CLOSED");
              });
      assertThat(data.resolve("results").resolve(id)).doesNotExist();
      Answer chunk =
          room.get(ServeTestRoom.ALICE, "/api/2.0/sql/statements/" + id + "/result/chunks/0");
      assertThat(chunk.status()).isEqualTo(400);
      assertThat(chunk.json().get("error_code").asText()).isEqualTo("INVALID_STATE");
    }
  }

  @Test
  void refusesMoreThanMayWaitAndRemovesAllResultsAtTheEnd() {
    String body =
        "{\"warehouse_id\":\"default\",\"wait_timeout\":\"0s\",\"statement\":\"" + ENDLESS + "\"}";
    try (ServeTestRoom room =
        new ServeTestRoom(data, ResultsConfig.DEFAULT, new StatementsConfig(1, 1, 3600, null))) {
      room.post(ServeTestRoom.ALICE, "/api/2.0/sql/statements", body);
      room.post(ServeTestRoom.ALICE, "/api/2.0/sql/statements", body);

      JsonNode third = room.post(ServeTestRoom.ALICE, "/api/2.0/sql/statements", body).json();

      assertThat(third.get("error_code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
    }
    assertThat(data.resolve("results")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCancelledStatementThatWaitedFreesItsPlace(boolean inASession) {
    String path = "/api/2.0/sql/statements/";
    try (ServeTestRoom room =
        new ServeTestRoom(data, ResultsConfig.DEFAULT, new StatementsConfig(1, 1, 3600, null))) {
      String session =
          room.post(ServeTestRoom.ALICE, "/api/2.0/sql/sessions", "{\"warehouse_id\":\"default\"}")
              .json()
              .get("session_id")
              .asText();
      String where = inASession ? ",\"session_id\":\"" + session + "\"" : "";
      String running = later(room, ENDLESS, where).get("statement_id").asText();
      String waiting = later(room, "SELECT 1", "").get("statement_id").asText();
      assertThat(later(room, "SELECT 2", "").get("error_code").asText())
          .isEqualTo("RESOURCE_EXHAUSTED");

      room.post(ServeTestRoom.ALICE, path + waiting + "/cancel", "{}");
      String next = later(room, "SELECT 2", where).get("statement_id").asText();
      room.post(ServeTestRoom.ALICE, path + running + "/cancel", "{}");

      await().atMost(Duration.ofSeconds(60)).until(() -> state(room, next).equals("SUCCEEDED"));
      assertThat(state(room, waiting)).isEqualTo("CANCELED");
      assertThat(room.execute(ServeTestRoom.ALICE, "SELECT 3", "").at("/status/state").asText())
          .isEqualTo("SUCCEEDED");
    }
  }

  private static JsonNode later(ServeTestRoom room, String sql, String more) {
    return room.post(
            ServeTestRoom.ALICE,
            "/api/2.0/sql/statements",
            "{\"warehouse_id\":\"default\",\"wait_timeout\":\"0s\",\"statement\":\""
                + sql
                + "\""
                + more
                + "}")
        .json();
  }

  private static String state(ServeTestRoom room, String id) {
    return room.get(ServeTestRoom.ALICE, "/api/2.0/sql/statements/" + id)
        .json()
        .at("/status/state")
        .asText();
  }
}
