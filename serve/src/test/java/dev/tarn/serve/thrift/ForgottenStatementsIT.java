package dev.tarn.serve.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementResp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that go away without a word while rows are made for them. */
class ForgottenStatementsIT {
  private static final String ROWS = "SELECT id, '%s' AS mark FROM range(100000000000)";

  @TempDir Path data;

  @Test
  void areStoppedAndLeaveNoRowsBehind() {
    try (ServeTestRoom room =
        new ServeTestRoom(data, ResultsConfig.DEFAULT, new StatementsConfig(4, 4, 1, 1))) {
      ThriftClient thrift = new ThriftClient(room, ServeTestRoom.ALICE);
      thrift.call(
          "ExecuteStatement",
          ThriftClient.statement(thrift.open(), ROWS.formatted("thrift"), null),
          TExecuteStatementResp.class);
      room.execute(ServeTestRoom.ALICE, ROWS.formatted("sea"), "\"wait_timeout\":\"0s\"");

      for (String client : new String[] {"thrift", "sea"}) {
        JsonNode stopped =
            await()
                .until(
                    () -> query(room, client),
                    query -> query != null && query.get("status").asText().equals("CANCELED"));
        assertThat(
                stopped.get("query_end_time_ms").asLong()
                    - stopped.get("query_start_time_ms").asLong())
            .isGreaterThanOrEqualTo(1_000);
      }
      await().until(() -> files() == 0);
    }
  }

  private long files() throws java.io.IOException {
    try (Stream<Path> results = Files.walk(data.resolve("results"))) {
      return results.filter(Files::isRegularFile).count();
    }
  }

  /** Told by the history: to ask for a statement is to want it. */
  private static JsonNode query(ServeTestRoom room, String mark) {
    for (JsonNode query :
        room.get(ServeTestRoom.ALICE, "/api/2.0/sql/history/queries").json().get("res")) {
      if (query.get("query_text").asText().contains("'" + mark + "'")) {
        return query;
      }
    }
    return null;
  }
}
