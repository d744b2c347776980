package dev.tarn.serve.warehouses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.json.Json;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.ServeTestRoom.Answer;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehousesTest {
  private static final String PATH = "/api/2.0/sql/warehouses";

  @TempDir Path data;
  private ServeTestRoom room;

  @BeforeEach
  void start() {
    room = new ServeTestRoom(data, ResultsConfig.DEFAULT, StatementsConfig.DEFAULT);
  }

  @AfterEach
  void stop() {
    room.close();
  }

  private JsonNode get(String id) {
    return room.get(ServeTestRoom.ALICE, PATH + '/' + id).json();
  }

  private Warehouses at(AtomicReference<Instant> now) {
    return new Warehouses(
        room.database(),
        name -> true,
        () -> true,
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now.get();
          }
        });
  }

  private String create(String body) {
    String id = room.post(ServeTestRoom.ADMIN, PATH, body).json().get("id").asText();
    permit("PATCH", id, "{\"group_name\":\"users\",\"permission_level\":\"CAN_VIEW\"}");
    return id;
  }

  private Answer permit(String method, String id, String entry) {
    return room.call(
        Method.valueOf(method),
        ServeTestRoom.ADMIN,
        "/api/2.0/permissions/warehouses/" + id,
        "{\"access_control_list\":[" + entry + "]}",
        Map.of());
  }

  @Test
  void starterAnswersToDefaultAndKeepsItsIdOverRestarts() {
    JsonNode starter = get("default");
    String id = starter.get("id").asText();

    assertThat(id).matches("[0-9a-f]{16}");
    assertThat(starter.get("name").asText()).isEqualTo("Starter Warehouse");
    assertThat(starter.get("state").asText()).isEqualTo("RUNNING");
    assertThat(starter.at("/odbc_params/path").asText()).isEqualTo("/sql/1.0/warehouses/" + id);
    assertThat(starter.at("/odbc_params/port").asInt()).isEqualTo(8080);
    assertThat(starter.get("jdbc_url").asText())
        .startsWith("jdbc:databricks://tarn.example:8080/default;")
        .contains("ssl=0");
    room.close();
    start();
    assertThat(get("default")).isEqualTo(starter);
    assertThat(get(id)).isEqualTo(starter);
    assertThat(room.get(ServeTestRoom.ALICE, PATH).json().get("warehouses")).hasSize(1);
  }

  @Test
  void createsEditsStopsAndDeletes() {
    String id = create("{\"name\":\"BI\",\"cluster_size\":\"Medium\",\"auto_stop_mins\":10}");

    assertThat(get(id).get("cluster_size").asText()).isEqualTo("Medium");
    assertThat(get(id).get("auto_stop_mins").asInt()).isEqualTo(10);
    room.post(ServeTestRoom.ADMIN, PATH + '/' + id + "/edit", "{\"max_num_clusters\":4}");
    assertThat(get(id).get("max_num_clusters").asInt()).isEqualTo(4);
    assertThat(get(id).get("name").asText()).isEqualTo("BI");
    room.post(ServeTestRoom.ADMIN, PATH + '/' + id + "/stop", "{}");
    assertThat(get(id).get("state").asText()).isEqualTo("STOPPED");
    room.serve().warehouses().require(ServeTestRoom.ADMIN, id);
    assertThat(get(id).get("state").asText()).isEqualTo("RUNNING");
    assertThat(room.delete(ServeTestRoom.ADMIN, PATH + '/' + id).status()).isEqualTo(200);
    assertThat(get(id).get("error_code").asText()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void refusesWhatIsWrongOrNotPermitted() {
    String id = create("{\"name\":\"BI\"}");

    assertThat(room.post(ServeTestRoom.ADMIN, PATH, "{\"name\":\"BI\"}").status()).isEqualTo(409);
    assertThat(room.post(ServeTestRoom.ADMIN, PATH, "{}").status()).isEqualTo(400);
    assertThat(
            room.post(ServeTestRoom.ADMIN, PATH, "{\"name\":\"x\",\"cluster_size\":\"Huge\"}")
                .status())
        .isEqualTo(400);
    assertThat(
            room.post(ServeTestRoom.ADMIN, PATH + '/' + id + "/edit", "{\"min_num_clusters\":0}")
                .status())
        .isEqualTo(400);
    assertThat(
            room.post(
                    ServeTestRoom.ADMIN,
                    PATH + '/' + id + "/edit",
                    "{\"name\":\"Starter Warehouse\"}")
                .status())
        .isEqualTo(409);
    assertThat(room.post(ServeTestRoom.ALICE, PATH + '/' + id + "/stop", "{}").status())
        .isEqualTo(403);
    assertThat(room.delete(ServeTestRoom.ALICE, PATH + '/' + id).status()).isEqualTo(403);
    assertThat(room.delete(ServeTestRoom.ADMIN, PATH + "/default").status()).isEqualTo(400);
  }

  @Test
  void givesBackEveryFieldItTakes() {
    String id =
        create(
            "{\"name\":\"all\",\"cluster_size\":\"X-Large\",\"warehouse_type\":\"CLASSIC\","
                + "\"enable_photon\":true,\"spot_instance_policy\":\"RELIABILITY_OPTIMIZED\","
                + "\"channel\":{\"name\":\"CHANNEL_NAME_PREVIEW\"},"
                + "\"tags\":{\"custom_tags\":[{\"key\":\"a\",\"value\":\"b\"}]}}");

    JsonNode found = get(id);
    assertThat(found.get("warehouse_type").asText()).isEqualTo("CLASSIC");
    assertThat(found.get("enable_photon").asBoolean()).isTrue();
    assertThat(found.get("spot_instance_policy").asText()).isEqualTo("RELIABILITY_OPTIMIZED");
    assertThat(found.at("/channel/name").asText()).isEqualTo("CHANNEL_NAME_PREVIEW");
    assertThat(found.at("/tags/custom_tags/0/value").asText()).isEqualTo("b");
    assertThat(found.get("creator_name").asText()).isEqualTo(ServeTestRoom.ADMIN.name());
    assertThat(found.get("num_active_sessions").asInt()).isZero();
    assertThat(found.at("/health/status").asText()).isEqualTo("HEALTHY");
  }

  @Test
  void permissionsAreEnforced() {
    String id =
        room.post(ServeTestRoom.ADMIN, PATH, "{\"name\":\"closed\"}").json().get("id").asText();
    String session = PATH + '/' + id + "/sessions";

    assertThat(room.get(ServeTestRoom.ALICE, PATH + '/' + id).status()).isEqualTo(403);
    assertThat(room.get(ServeTestRoom.ALICE, PATH).json().get("warehouses")).hasSize(1);
    assertThat(room.post(ServeTestRoom.ALICE, session, "{}").status()).isEqualTo(403);
    assertThat(
            room.post(
                    ServeTestRoom.ALICE,
                    "/api/2.0/sql/statements",
                    "{\"statement\":\"SELECT 1\",\"warehouse_id\":\"" + id + "\"}")
                .status())
        .isEqualTo(403);

    String alice = "\"user_name\":\"Alice@example.com\",\"permission_level\":";
    assertThat(permit("PATCH", id, "{" + alice + "\"CAN_USE\"}").status()).isEqualTo(200);
    assertThat(room.post(ServeTestRoom.ALICE, session, "{}").status()).isEqualTo(200);
    assertThat(get(id).get("num_active_sessions").asInt()).isEqualTo(1);
    assertThat(room.post(ServeTestRoom.ALICE, PATH + '/' + id + "/stop", "{}").status())
        .isEqualTo(403);
    assertThat(room.post(ServeTestRoom.BOB, session, "{}").status()).isEqualTo(403);

    permit("PATCH", id, "{" + alice + "\"CAN_MANAGE\"}");
    assertThat(room.post(ServeTestRoom.ALICE, PATH + '/' + id + "/stop", "{}").status())
        .isEqualTo(200);
    assertThat(get(id).get("state").asText()).isEqualTo("STOPPED");
    assertThat(get(id).get("num_active_sessions").asInt()).isZero();

    JsonNode list =
        permit("PUT", id, "{\"group_name\":\"users\",\"permission_level\":\"CAN_VIEW\"}").json();
    assertThat(list.get("object_type").asText()).isEqualTo("warehouses");
    assertThat(list.toString()).contains("IS_OWNER").doesNotContain("alice");
    assertThat(room.post(ServeTestRoom.ALICE, session, "{}").status()).isEqualTo(403);
    assertThat(room.get(ServeTestRoom.BOB, PATH + '/' + id).status()).isEqualTo(200);
    assertThat(
            room.get(
                    ServeTestRoom.BOB,
                    "/api/2.0/permissions/warehouses/" + id + "/permissionLevels")
                .json()
                .get("permission_levels"))
        .hasSize(5);
    assertThat(
            permit("PATCH", id, "{\"user_name\":\"nobody\",\"permission_level\":\"CAN_USE\"}")
                .status())
        .isEqualTo(400);
    assertThat(
            permit("PATCH", id, "{\"group_name\":\"users\",\"permission_level\":\"IS_OWNER\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void stopsWhenIdleAndWakesWithTheNextStatement() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    Warehouses warehouses = at(now);
    List<String> stopped = new ArrayList<>();
    warehouses.whenStopped(stopped::add);
    String starter = warehouses.require(ServeTestRoom.ALICE, "default").id();
    String never =
        warehouses
            .create(
                ServeTestRoom.ADMIN,
                Json.read("{\"name\":\"never\",\"auto_stop_mins\":0}", WarehouseChange.class))
            .id();
    warehouses.require(ServeTestRoom.ADMIN, never);

    now.updateAndGet(t -> t.plus(Duration.ofMinutes(119)));
    warehouses.stopIdle();
    assertThat(stopped).isEmpty();
    List<Turn> turns = new ArrayList<>();
    warehouses.enter(warehouses.require(ServeTestRoom.ALICE, starter), turns::add, 9, 9);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(121)));
    warehouses.stopIdle();
    assertThat(stopped).as("one that works is not idle").isEmpty();
    turns.get(0).end();
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(121)));
    warehouses.stopIdle();

    assertThat(stopped).containsExactly(starter);
    assertThat(get(starter).get("state").asText()).isEqualTo("STOPPED");
    assertThat(warehouses.allStopped()).isFalse();
    warehouses.require(ServeTestRoom.ALICE, starter);
    assertThat(get(starter).get("state").asText()).isEqualTo("RUNNING");
  }

  @Test
  void whoComesWhileItStopsForWantOfUseIsServedAfterwards() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    Warehouses warehouses = at(now);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    String starter = warehouses.require(ServeTestRoom.ALICE, "default").id();
    Thread comer =
        new Thread(
            () -> {
              warehouses.require(ServeTestRoom.ALICE, starter);
              order.add("served");
            });
    warehouses.whenStopped(
        id -> {
          comer.start();
          await().until(() -> comer.getState() == Thread.State.BLOCKED || !comer.isAlive());
          order.add("stopped");
        });

    now.updateAndGet(t -> t.plus(Duration.ofMinutes(121)));
    warehouses.stopIdle();
    comer.join();

    assertThat(order).containsExactly("stopped", "served");
    assertThat(get(starter).get("state").asText()).isEqualTo("RUNNING");
  }

  @Test
  void whatGivesUpWaitingFreesItsPlace() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    Warehouses warehouses = at(now);
    Warehouse starter = warehouses.require(ServeTestRoom.ALICE, "default");
    List<String> begun = new ArrayList<>();
    Turn first = warehouses.enter(starter, turn -> begun.add("first"), 1, 1);
    Turn second = warehouses.enter(starter, turn -> begun.add("second"), 1, 1);
    assertThatThrownBy(() -> warehouses.enter(starter, turn -> begun.add("third"), 1, 1))
        .hasMessageContaining("1 wait");

    assertThat(first.withdraw()).as("it has begun").isFalse();
    assertThat(second.withdraw()).isTrue();
    assertThat(second.withdraw()).as("once is enough").isFalse();
    warehouses.enter(starter, turn -> begun.add("third"), 1, 1);
    first.end();
    first.end();

    assertThat(begun).containsExactly("first", "third");
    assertThatThrownBy(
            () -> {
              warehouses.enter(starter, turn -> begun.add("fourth"), 1, 1);
              warehouses.enter(starter, turn -> begun.add("fifth"), 1, 1);
            })
        .as("a place that is given back twice is one place")
        .hasMessageContaining("1 wait");
  }

  @Test
  void aSizeIsAShare() {
    assertThat(WarehouseSize.of("2X-Small").share("w", 1, 8))
        .isEqualTo(new ComputeShare("w", 2, 4));
    assertThat(WarehouseSize.of("X-Small").share("w", 2, 8))
        .isEqualTo(new ComputeShare("w", 4, 16));
    assertThat(WarehouseSize.of("Large").share("w", 1, 2)).isEqualTo(new ComputeShare("w", 2, 16));
  }

  @Test
  void keepsTheWorkspacesConfigurationAndUsersDefaults() {
    String config = "/api/2.0/sql/config/warehouses";
    String overrides = "/api/warehouses/v1/default-warehouse-overrides";
    String id = create("{\"name\":\"mine\"}");
    permit("PATCH", id, "{\"group_name\":\"users\",\"permission_level\":\"CAN_USE\"}");

    room.call(
        Method.PUT, ServeTestRoom.ADMIN, config, "{\"instance_profile_arn\":\"x\"}", Map.of());
    assertThat(room.get(ServeTestRoom.ALICE, config).json().get("instance_profile_arn").asText())
        .isEqualTo("x");
    assertThat(room.get(ServeTestRoom.ALICE, config).json().get("security_policy").asText())
        .isEqualTo("DATA_ACCESS_CONTROL");

    JsonNode made =
        room.post(
                ServeTestRoom.ALICE,
                overrides + "?default_warehouse_override_id=me",
                "{\"type\":\"CUSTOM\",\"warehouse_id\":\"" + id + "\"}")
            .json();
    assertThat(made.get("name").asText())
        .isEqualTo("default-warehouse-overrides/alice@example.com");
    assertThat(get("default").get("id").asText()).isEqualTo(id);
    assertThat(room.get(ServeTestRoom.BOB, overrides + "/alice@example.com").status())
        .isEqualTo(403);
    assertThat(room.get(ServeTestRoom.BOB, overrides).json().get("default_warehouse_overrides"))
        .isEmpty();
    assertThat(room.delete(ServeTestRoom.ALICE, overrides + "/me").status()).isEqualTo(200);
    assertThat(room.get(ServeTestRoom.ALICE, overrides + "/me").status()).isEqualTo(404);
    assertThat(get("default").get("id").asText()).isNotEqualTo(id);
  }

  @Test
  void answersWhatDriversDiscover() {
    JsonNode flags =
        room.get(ServeTestRoom.ALICE, "/api/2.0/connector-service/feature-flags/OSS_JDBC/3.4.5")
            .json();
    JsonNode telemetry =
        room.post(null, "/telemetry-unauth", "{\"protoLogs\":[\"a\",\"b\"]}").json();

    assertThat(flags.get("flags").isEmpty()).isTrue();
    assertThat(flags.get("ttl_seconds").asInt()).isEqualTo(900);
    assertThat(telemetry.get("numProtoSuccess").asInt()).isEqualTo(2);
    assertThat(room.post(null, "/telemetry-ext", "{}").status()).isEqualTo(401);
  }
}
