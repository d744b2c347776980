package dev.tarn.serve.statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.spark.LocalSparkEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements whose work does not heed being told to stop, as a planner's loop does not. */
class StubbornStatementsIT {
  private static final String STATEMENTS = "/api/2.0/sql/statements/";

  @TempDir Path data;
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private final class Stubborn implements SqlEngine {
    private final SqlEngine engine = new LocalSparkEngine();

    @Override
    public SqlSession openSession(Principal principal, SessionDefaults defaults) {
      SqlSession session = engine.openSession(principal, defaults);
      return new SqlSession() {
        @Override
        public ResultStream execute(String id, String sql, List<Parameter> parameters) {
          if (sql.equals("SELECT 'stubborn'")) {
            while (release.getCount() > 0) {
              Thread.onSpinWait();
            }
            released.countDown();
          }
          return session.execute(id, sql, parameters);
        }

        @Override
        public void cancel(String id) {
          session.cancel(id);
        }

        @Override
        public void close() {
          session.close();
        }
      };
    }

    @Override
    public boolean isReady() {
      return true;
    }
  }

  @Test
  void endForTheirClientAndKeepTheirPlaceUntilTheyEnd() throws Exception {
    try (ServeTestRoom room =
        new ServeTestRoom(
            data, ResultsConfig.DEFAULT, new StatementsConfig(2, 10, 3600, null), new Stubborn())) {
      String stubborn =
          room.execute(ServeTestRoom.ALICE, "SELECT 'stubborn'", "\"wait_timeout\":\"0s\"")
              .get("statement_id")
              .asText();
      await().until(() -> state(room, stubborn).equals("RUNNING"));

      room.post(ServeTestRoom.ALICE, STATEMENTS + stubborn + "/cancel", "{}");

      await().atMost(Duration.ofSeconds(20)).until(() -> state(room, stubborn).equals("CANCELED"));
      assertThat(room.execute(ServeTestRoom.ALICE, "SELECT 1", "").at("/status/state").asText())
          .isEqualTo("SUCCEEDED");
      JsonNode history =
          room.get(
                  ServeTestRoom.ALICE,
                  "/api/2.0/sql/history/queries?filter_by.statement_ids=" + stubborn)
              .json();
      assertThat(history.at("/res/0/status").asText()).isEqualTo("CANCELED");

      release.countDown();
      released.await();
      assertThat(room.execute(ServeTestRoom.ALICE, "SELECT 2", "").at("/status/state").asText())
          .isEqualTo("SUCCEEDED");
      assertThat(state(room, stubborn)).isEqualTo("CANCELED");
      assertThat(room.get(ServeTestRoom.ALICE, STATEMENTS + stubborn).json().has("manifest"))
          .isFalse();
    } finally {
      release.countDown();
    }
  }

  private static String state(ServeTestRoom room, String id) {
    return room.get(ServeTestRoom.ALICE, STATEMENTS + id).json().at("/status/state").asText();
  }
}
