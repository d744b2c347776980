package dev.tarn.serve.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementResp;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusReq;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusResp;
import dev.tarn.serve.thrift.OperationStructs.TOperationHandle;
import dev.tarn.serve.thrift.OperationStructs.TProgressUpdateResp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a statement is, for whoever waits for it or looks at what runs. */
class ProgressIT {
  @TempDir Path data;

  @Test
  void isToldToThriftClientsAndInTheHistory() {
    try (ServeTestRoom room =
        new ServeTestRoom(data, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT)) {
      ThriftClient admin = new ThriftClient(room, ServeTestRoom.ADMIN);
      TOperationHandle endless =
          admin
              .call(
                  "ExecuteStatement",
                  ThriftClient.statement(
                      admin.open(), "SELECT count(*) FROM range(100000000000000)", null),
                  TExecuteStatementResp.class)
              .operationHandle();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> status(admin, endless, true).progressUpdateResponse() != null);
      TProgressUpdateResp progress = status(admin, endless, true).progressUpdateResponse();
      assertThat(progress.headerNames()).containsExactly("STAGES", "STATUS", "TOTAL", "COMPLETED");
      assertThat(progress.rows()).hasSize(1);
      assertThat(progress.rows().get(0).subList(0, 2)).containsExactly("tasks", "RUNNING");
      assertThat(Long.parseLong(progress.rows().get(0).get(2))).isPositive();
      assertThat(progress.progressedPercentage()).isBetween(0.0, 0.99);
      assertThat(status(admin, endless, false).progressUpdateResponse()).isNull();
      JsonNode running = history(room).at("/profile/progress");
      assertThat(running.get("unit").asText()).isEqualTo("tasks");
      assertThat(running.get("total").asLong()).isPositive();

      admin.call("CancelOperation", new TCancelOperationReq(endless), TCancelOperationResp.class);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> history(room).at("/status").asText().equals("CANCELED"));
      assertThat(history(room).at("/profile").has("progress")).isFalse();
      assertThat(status(admin, endless, true).progressUpdateResponse()).isNull();
    }
  }

  private static TGetOperationStatusResp status(
      ThriftClient client, TOperationHandle handle, boolean progress) {
    return client.call(
        "GetOperationStatus",
        new TGetOperationStatusReq(handle, progress),
        TGetOperationStatusResp.class);
  }

  private static JsonNode history(ServeTestRoom room) {
    return room.get(ServeTestRoom.ADMIN, "/api/2.0/sql/history/queries?include_metrics=true")
        .json()
        .at("/res/0");
  }
}
