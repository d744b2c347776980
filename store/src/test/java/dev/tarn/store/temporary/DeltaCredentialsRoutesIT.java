package dev.tarn.store.temporary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.govern.Govern;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.http.Request;
import dev.tarn.kernel.http.Response;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of credentials in Unity Catalog's Delta API. */
class DeltaCredentialsRoutesIT {
  private static final EntityName GOLD = EntityName.parse("main.default.gold");
  private static final String KEY =
      Base64.getEncoder().encodeToString("no key of anybody".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path data;
  private Platform platform;
  private Govern govern;
  private Principal admin;
  private List<Route> routes;

  private record Call(Principal principal, Map<String, String> path, String operation)
      implements Request {
    @Override
    public String path(String name) {
      return path.get(name);
    }

    @Override
    public Optional<String> query(String name) {
      return Optional.ofNullable(operation);
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public InputStream body() {
      return InputStream.nullInputStream();
    }

    @Override
    public <T> T json(Class<T> type) {
      throw new UnsupportedOperationException();
    }
  }

  private void open(String root) {
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    govern = new Govern(platform.database(), name -> true, root);
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    govern.metastore().update(admin, Optional.empty(), Optional.of(true));
    govern
        .grants()
        .grant(admin, Securable.catalog("main"), "admin", Set.of(Privilege.EXTERNAL_USE_SCHEMA));
    ObjectStores stores =
        new ObjectStores(Map.of("fs.azure.account.key.lake.dfs.core.windows.net", KEY));
    routes =
        new DeltaCredentialsRoutes(
                new TemporaryCredentials(
                    govern,
                    new Samples(govern.serverCatalogs(), govern.locations(), stores, true),
                    stores,
                    Clock.systemUTC()),
                govern.commits(),
                govern.tables())
            .routes();
    govern
        .tables()
        .register(
            admin,
            new NewTable(
                GOLD,
                TableType.MANAGED,
                "DELTA",
                govern.locations().newTable(),
                null,
                List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
                Map.of(),
                null));
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private JsonNode call(
      int status, Principal who, int route, Map<String, String> path, String operation)
      throws Exception {
    Response response = routes.get(route).handler().handle(new Call(who, path, operation));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.body().writeTo(out);
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(response.status()).as(text).isEqualTo(status);
    return Json.tree(text);
  }

  private JsonNode gold(int status, Principal who, String operation) throws Exception {
    return call(
        status, who, 0, Map.of("catalog", "main", "schema", "default", "table", "gold"), operation);
  }

  @Test
  void whatLiesInAnObjectStoreIsOpenedForAWhile() throws Exception {
    open("abfss://files@lake.dfs.core.windows.net/tarn");
    JsonNode credential = gold(200, admin, "READ_WRITE").at("/storage-credentials/0");
    assertThat(credential.path("prefix").asText())
        .isEqualTo(govern.tables().find(GOLD).orElseThrow().storageLocation() + "/");
    assertThat(credential.path("operation").asText()).isEqualTo("READ_WRITE");
    assertThat(credential.at("/config/azure.sas-token").asText()).contains("sig=");
    assertThat(credential.path("expiration-time-ms").asLong())
        .isGreaterThan(System.currentTimeMillis());
  }

  @Test
  void whatLiesOnThisMachineNeedsNone() throws Exception {
    open(data.resolve("storage").toString());
    assertThat(gold(200, admin, "READ").path("storage-credentials")).isEmpty();
    String id = govern.commits().stage(admin, EntityName.parse("main.default.new")).tableId();
    assertThat(call(200, admin, 1, Map.of("table_id", id), null).path("storage-credentials"))
        .isEmpty();
    assertThat(
            call(404, Principal.user("ann"), 1, Map.of("table_id", id), null)
                .at("/error/type")
                .asText())
        .isEqualTo("NoSuchTableException");
    assertThat(gold(403, Principal.user("ann"), "READ").at("/error/type").asText())
        .isEqualTo("PermissionDeniedException");
    assertThat(gold(400, admin, "DELETE").at("/error/message").asText()).contains("READ_WRITE");
  }
}
