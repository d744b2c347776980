package dev.tarn.acceptance.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs over Spark Connect runs on a warehouse, and ends when its client has gone away. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectWarehousesIT {
  private static final int STATEMENTS_AT_ONCE = 10;
  private static final Duration LONG = Duration.ofSeconds(90);

  private final Tarn tarn;
  private final Rest rest;
  private final List<String> warehouses = new ArrayList<>();

  ConnectWarehousesIT(Tarn tarn) {
    this.tarn = tarn;
    this.rest = new Rest(tarn.url(), tarn.administratorToken());
  }

  private String warehouse(String name) {
    String made =
        rest.post("/api/2.0/sql/warehouses", Map.of("name", name, "cluster_size", "2X-Small"))
            .json()
            .path("id")
            .asText();
    warehouses.add(made);
    return made;
  }

  /** Other tests expect the starter only. */
  @AfterAll
  void deleteWarehouses() {
    warehouses.forEach(made -> rest.delete("/api/2.0/sql/warehouses/" + made));
  }

  private ConnectProcess on(String warehouse, String token) {
    return on(tarn.port(), warehouse, token);
  }

  private static ConnectProcess on(int port, String warehouse, String token) {
    return new ConnectProcess(
        "sc://127.0.0.1:"
            + port
            + "/;use_ssl=false;authorization=Bearer%20"
            + token
            + ";x-databricks-cluster-id="
            + warehouse);
  }

  /** Needs no memory: ten joins would fill the heap, and the server would stop one of them. */
  private static String endless(String mark) {
    return "SELECT count(*), '" + mark + "' FROM range(1000000000000000) WHERE hash(id) % 7 = 3";
  }

  /** Those of the history whose text has the mark in it. */
  private List<JsonNode> queries(String mark) {
    Stream<JsonNode> all =
        StreamSupport.stream(
            rest.get("/api/2.0/sql/history/queries?max_results=1000&include_metrics=true")
                .json()
                .path("res")
                .spliterator(),
            false);
    return all.filter(query -> query.path("query_text").asText().contains(mark)).toList();
  }

  private void awaitStatus(String mark, String status, Duration atMost) {
    await()
        .atMost(atMost)
        .untilAsserted(
            () ->
                assertThat(queries(mark).stream().map(query -> query.path("status").asText()))
                    .containsExactly(status));
  }

  @Test
  void asksForThePermissionToUseTheWarehouse() {
    TarnClient administrator = tarn.administrator();
    administrator.createUser("connect-outsider");
    String token = administrator.createTokenFor("connect-outsider", "c", Duration.ofHours(1));
    String closed = warehouse("connect-closed");
    try (ConnectProcess outsider = on(closed, token);
        ConnectProcess starter = on("default", token);
        ConnectProcess nowhere = on("0123456789abcdef", token)) {
      ConnectProcess.Failure refusal = outsider.failure("sql", "SELECT 1");
      assertThat(refusal.message()).contains("PERMISSION_DENIED").contains("connect-closed");
      assertThat(starter.rows("sql", "SELECT 1")).containsExactly(List.of("1"));
      assertThat(nowhere.failure("sql", "SELECT 1").message())
          .contains("0123456789abcdef")
          .contains("does not exist");
      rest.patch(
          "/api/2.0/permissions/warehouses/" + closed,
          Map.of(
              "access_control_list",
              List.of(Map.of("user_name", "connect-outsider", "permission_level", "CAN_USE"))));
      assertThat(outsider.rows("sql", "SELECT 2")).containsExactly(List.of("2"));
    }
  }

  @Test
  void waitsForItsTurnWhereTenRunAlready() {
    String mark = "crowd-" + UUID.randomUUID();
    String last = "last-" + UUID.randomUUID();
    String crowded = warehouse("connect-crowded");
    try (ConnectProcess crowd = on(crowded, tarn.administratorToken());
        ConnectProcess late = on(crowded, tarn.administratorToken())) {
      for (int i = 0; i < STATEMENTS_AT_ONCE; i++) {
        crowd.rows("start", endless(mark));
      }
      await()
          .atMost(LONG)
          .until(
              () ->
                  queries(mark).stream()
                          .filter(query -> query.path("warehouse_id").asText().equals(crowded))
                          .count()
                      == STATEMENTS_AT_ONCE);
      late.rows("start", "CREATE OR REPLACE TEMPORARY VIEW waited AS SELECT '" + last + "'");
      awaitStatus(last, "RUNNING", LONG);
      tarn.assertServes();
      assertThat(late.rows("done")).containsExactly(List.of("false"));

      crowd.rows("interrupt");

      assertThat(late.rows("join")).containsExactly(List.of("ended with 0"));
      awaitStatus(last, "FINISHED", LONG);
      JsonNode metrics = queries(last).get(0).path("metrics");
      assertThat(metrics.path("query_compilation_start_timestamp").asLong())
          .isGreaterThan(metrics.path("overloading_queue_start_timestamp").asLong());
    }
  }

  @Test
  void endsWithItsWarehouse() {
    String mark = "stopped-" + UUID.randomUUID();
    String stopped = warehouse("connect-stopped");
    try (ConnectProcess client = on(stopped, tarn.administratorToken())) {
      client.rows("start", endless(mark));
      awaitStatus(mark, "RUNNING", LONG);

      rest.post("/api/2.0/sql/warehouses/" + stopped + "/stop", Map.of());

      assertThat(client.rows("join").toString()).startsWith("[[!");
      awaitStatus(mark, "CANCELED", LONG);
      ConnectProcess.Failure gone = client.failure("sql", "SELECT 1");
      assertThat(gone.condition()).as(gone.toString()).startsWith("INVALID_HANDLE");
    }
    tarn.assertServes();
  }

  /** With rows that nobody takes, and without any. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*), '%s' FROM range(1000000000) a CROSS JOIN range(1000000000) b"
            + " WHERE a.id * b.id %% 7 = 3",
        "SELECT id, '%s' FROM range(100000000000)"
      })
  void endsSecondsAfterItsClientWasKilled(String statement) {
    String mark = "killed-" + UUID.randomUUID();
    ConnectProcess client = on("default", tarn.administratorToken());
    client.rows("start-draining", statement.formatted(mark));
    awaitStatus(mark, "RUNNING", LONG);

    client.kill();

    awaitStatus(mark, "CANCELED", Duration.ofSeconds(25));
    tarn.assertServes();
  }

  @Test
  void endsAtItsSessionsTimeout() {
    try (ConnectProcess client = on("default", tarn.administratorToken())) {
      client.rows("sql", "SET statement_timeout = 2");
      ConnectProcess.Failure late = client.failure("sql", endless("late"));
      assertThat(late.sqlState()).as(late.toString()).isEqualTo("57014");
      assertThat(late.message()).contains("STATEMENT_TIMEOUT");
      assertThat(client.rows("sql", "SELECT 1")).containsExactly(List.of("1"));
    }
  }

  @Test
  void goesOnForAClientThatComesBack() throws IOException {
    String mark = "returns-" + UUID.randomUUID();
    try (CuttableProxy proxy = new CuttableProxy(tarn.port());
        ConnectProcess client = on(proxy.port(), "default", tarn.administratorToken())) {
      client.rows("sql", "SELECT 1");
      client.rows(
          "start",
          "SELECT sum(id * 3 % 7), '" + mark + "' FROM range(3000000000) WHERE id * id % 11 <> 5");
      awaitStatus(mark, "RUNNING", LONG);

      assertThat(proxy.cut()).isPositive();

      assertThat(client.rows("join")).containsExactly(List.of("ended with 1"));
      awaitStatus(mark, "FINISHED", LONG);
    }
  }
}
