package dev.tarn.serve.warehouses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import java.nio.file.Path;
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

  private String create(String body) {
    return room.post(ServeTestRoom.ADMIN, PATH, body).json().get("id").asText();
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
    room.serve().warehouses().require(id);
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
  void answersWhatDriversDiscover() {
    JsonNode flags =
        room.get(ServeTestRoom.ALICE, "/api/2.0/connector-service/feature-flags/OSS_JDBC/3.4.5")
            .json();
    JsonNode telemetry =
        room.post(null, "/telemetry-unauth", "{\"protoLogs\":[\"a\",\"b\"]}").json();

    assertThat(flags.get("flags").isEmpty()).isTrue();
    assertThat(flags.get("ttl_seconds").asInt()).isEqualTo(900);
    assertThat(telemetry.get("numProtoSuccess").asInt()).isEqualTo(2);
    assertThat(room.get(null, "/.well-known/databricks-config").status()).isEqualTo(200);
    assertThat(room.post(null, "/telemetry-ext", "{}").status()).isEqualTo(401);
  }
}
