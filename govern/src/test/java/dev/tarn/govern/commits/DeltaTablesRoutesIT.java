package dev.tarn.govern.commits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.Govern;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of Unity Catalog's Delta API. */
class DeltaTablesRoutesIT {
  private static final String SCHEMA = "/v1/catalogs/{catalog}/schemas/{schema}";
  private static final String TABLE = SCHEMA + "/tables/{table}";
  private static final String PROTOCOL =
      "{\"min-reader-version\":3,\"min-writer-version\":7,\"reader-features\":[\"catalogManaged\"],"
          + "\"writer-features\":[\"catalogManaged\",\"inCommitTimestamp\"]}";
  private static final String COLUMNS =
      "{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":false,"
          + "\"metadata\":{\"comment\":\"the key\"}},{\"name\":\"tags\",\"type\":{\"type\":\"map\","
          + "\"key-type\":\"string\",\"value-type\":{\"type\":\"array\",\"element-type\":"
          + "\"decimal(10,2)\",\"contains-null\":true},\"value-contains-null\":false},"
          + "\"nullable\":true,\"metadata\":{}}]}";

  @TempDir Path data;
  private Platform platform;
  private Govern govern;
  private List<Route> routes;
  private Principal admin;

  private record Call(Principal principal, Map<String, String> path, String text)
      implements Request {
    @Override
    public String path(String name) {
      return path.get(name);
    }

    @Override
    public Optional<String> query(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public <T> T json(Class<T> type) {
      return Json.read(text, type);
    }
  }

  @BeforeEach
  void open() {
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    govern = new Govern(platform.database(), platform.identity()::exists, data + "/storage");
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    govern.metastore().update(admin, Optional.empty(), Optional.of(true));
    govern
        .grants()
        .grant(admin, Securable.catalog("main"), "admin", Set.of(Privilege.EXTERNAL_USE_SCHEMA));
    routes =
        new DeltaTablesRoutes(
                govern.commits(), govern.tables(), staged -> {}, (table, commit) -> {})
            .routes();
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private JsonNode call(int status, Method method, String route, String table, String body)
      throws IOException {
    Route found =
        routes.stream()
            .filter(r -> r.method() == method && r.path().endsWith("/delta" + route))
            .findFirst()
            .orElseThrow();
    Map<String, String> path = Map.of("catalog", "main", "schema", "default", "table", table);
    Response response;
    try {
      response = found.handler().handle(new Call(admin, path, body));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.body().writeTo(out);
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(response.status()).as(text).isEqualTo(status);
    return Json.tree(text.isEmpty() ? "null" : text);
  }

  private JsonNode made() throws IOException {
    JsonNode staged = call(200, Method.POST, SCHEMA + "/staging-tables", "", "{\"name\":\"legs\"}");
    assertThat(staged.at("/required-protocol/reader-features")).isNotEmpty();
    String id = staged.path("table-id").asText();
    assertThat(staged.at("/required-properties/io.unitycatalog.tableId").asText()).isEqualTo(id);
    return call(
        200,
        Method.POST,
        SCHEMA + "/tables",
        "",
        "{\"name\":\"legs\",\"table-type\":\"MANAGED\",\"location\":\""
            + staged.path("location").asText()
            + "\",\"columns\":"
            + COLUMNS
            + ",\"protocol\":"
            + PROTOCOL
            + ",\"properties\":{\"io.unitycatalog.tableId\":\""
            + id
            + "\"},\"last-commit-timestamp-ms\":1}");
  }

  private static String update(String id, String updates) {
    return "{\"requirements\":[{\"type\":\"assert-table-uuid\",\"uuid\":\""
        + id
        + "\"}],\"updates\":["
        + updates
        + "]}";
  }

  private static String add(long version, String file) {
    return "{\"action\":\"add-commit\",\"commit\":{\"version\":"
        + version
        + ",\"timestamp\":5,\"file-name\":\""
        + file
        + "\",\"file-size\":9,\"file-modification-timestamp\":6}}";
  }

  @Test
  void a_table_is_made_read_changed_and_committed_to() throws IOException {
    JsonNode made = made();
    String id = made.at("/metadata/table-uuid").asText();
    assertThat(made.at("/metadata/columns")).isEqualTo(Json.tree(COLUMNS));
    assertThat(made.at("/latest-table-version").asLong()).isZero();
    assertThat(govern.tables().find(EntityName.parse("main.default.legs")).orElseThrow().columns())
        .extracting(c -> c.typeText())
        .containsExactly("bigint", "map<string,array<decimal(10,2)>>");

    String file = "00000000000000000001." + UUID.randomUUID() + ".json";
    JsonNode changed =
        call(
            200,
            Method.POST,
            TABLE,
            "legs",
            update(
                id,
                add(1, file)
                    + ",{\"action\":\"set-properties\",\"updates\":{\"a\":\"1\",\"b\":\"2\"}}"
                    + ",{\"action\":\"set-table-comment\",\"comment\":\"flown\"}"));
    assertThat(changed.at("/metadata/properties/b").asText()).isEqualTo("2");
    assertThat(changed.at("/commits/0/file-name").asText()).isEqualTo(file);
    assertThat(changed.at("/latest-table-version").asLong()).isEqualTo(1);
    JsonNode published =
        call(
            200,
            Method.POST,
            TABLE,
            "legs",
            update(
                id,
                "{\"action\":\"set-latest-backfilled-version\",\"latest-published-version\":1}"
                    + ",{\"action\":\"remove-properties\",\"removals\":[\"a\"]}"));
    assertThat(published.path("commits")).isEmpty();
    assertThat(published.at("/metadata/properties").has("a")).isFalse();
    call(204, Method.HEAD, TABLE, "legs", "");
    call(204, Method.POST, TABLE + "/rename", "legs", "{\"new-name\":\"flights\"}");
    call(404, Method.HEAD, TABLE, "legs", "");
    assertThat(call(200, Method.GET, TABLE, "flights", "").at("/metadata/table-uuid").asText())
        .isEqualTo(id);
    call(204, Method.DELETE, TABLE, "flights", "");
    assertThat(call(404, Method.GET, TABLE, "flights", "").at("/error/type").asText())
        .isEqualTo("NoSuchTableException");
  }

  @Test
  void what_is_no_update_is_refused_and_changes_nothing() throws IOException {
    String id = made().at("/metadata/table-uuid").asText();
    String file = "00000000000000000001." + UUID.randomUUID() + ".json";
    for (String body :
        List.of(
            "{}",
            "{\"requirements\":[],\"updates\":[]}",
            update(id, ""),
            update(id, "{\"action\":\"drop-everything\"}"),
            update(id, "{\"action\":\"add-commit\"}"),
            update(id, "{\"action\":\"add-commit\",\"commit\":{\"version\":\"x\"}}"),
            update(id, "{\"action\":\"add-commit\",\"commit\":{\"version\":1}}"),
            update(id, add(1, "../" + file)),
            update(id, add(1, file) + "," + add(1, file)),
            update(id, add(2, file.replace("1.", "2."))),
            update(id, "{\"action\":\"set-latest-backfilled-version\"}"),
            update(id, "{\"action\":\"set-columns\",\"columns\":{\"fields\":[{\"type\":1}]}}"),
            update(id, "{\"action\":\"set-protocol\",\"protocol\":{}}"),
            update(
                id,
                add(1, file)
                    + ",{\"action\":\"remove-properties\",\"removals\":[\"io.unitycatalog.tableId\"]}"))) {
      JsonNode refused = call(400, Method.POST, TABLE, "legs", body);
      assertThat(refused.at("/error/type").asText())
          .as(body)
          .isEqualTo("InvalidParameterValueException");
    }
    String other = UUID.randomUUID().toString();
    assertThat(call(409, Method.POST, TABLE, "legs", update(other, add(1, file))).at("/error/code"))
        .hasToString("409");
    assertThat(call(200, Method.GET, TABLE, "legs", "").at("/latest-table-version").asLong())
        .isZero();
  }
}
