package dev.tarn.acceptance.open;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.clients.ClientClasses;
import dev.tarn.acceptance.clients.ClientJvm;
import dev.tarn.acceptance.clients.ClientProcess;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every kind of securable through the open Unity Catalog's client, unmodified. */
@ExtendWith(TarnUnderTest.class)
class OpenCatalogIT {
  private static final List<String> NAMES =
      List.of(
          "open_catalog",
          "main.open_schema",
          "main.default.open_volume",
          "main.default.open_function",
          "main.default.open_model",
          "open_credential",
          "open_location");

  private static ClientProcess client(Tarn tarn, String token) {
    return new ClientProcess(
        new ClientJvm(
            OpenCatalogClient.class,
            ClientClasses.of(OpenCatalogClient.class),
            ClientJvm.jars(name -> !name.startsWith("tarn-")),
            "-Xmx256m"),
        Map.of("HOST_UNDER_TEST", tarn.url(), "TOKEN_OF_TEST", token));
  }

  private static List<List<String>> rows(ClientProcess client, String... step) {
    ClientProcess.Outcome outcome = client.run(step);
    assertThat(outcome.message()).isNull();
    return outcome.rows();
  }

  private static List<List<String>> each(String value) {
    return NAMES.stream().map(name -> List.of(name, value.replace("NAME", name))).toList();
  }

  @Test
  void everySecurableIsMadeReadListedChangedGrantedAndDeleted(Tarn tarn) {
    TarnClient administrator = new TarnClient(tarn.url(), tarn.administratorToken());
    administrator.createUser("open-ann");
    String token = administrator.createTokenFor("open-ann", "open", Duration.ofHours(1));
    try (ClientProcess admin = client(tarn, tarn.administratorToken());
        ClientProcess ann = client(tarn, token)) {
      assertThat(rows(admin, "life", "open-ann")).isEqualTo(each("NAME changed true"));
      assertThat(rows(ann, "refused")).isEqualTo(each("true true true true true false"));
      assertThat(rows(admin, "end")).isEqualTo(each("true false"));
    }
  }

  @Test
  void filesAreLentAsGranted(Tarn tarn) {
    TarnClient administrator = new TarnClient(tarn.url(), tarn.administratorToken());
    administrator.createUser("open-bob");
    String token = administrator.createTokenFor("open-bob", "open", Duration.ofHours(1));
    administrator.sql("CREATE TABLE main.default.lent AS SELECT id FROM range(3)");
    administrator.sql("CREATE TABLE main.default.hidden AS SELECT id FROM range(3)");
    administrator.sql(
        "CREATE FUNCTION main.default.lent_one(n BIGINT) RETURNS BOOLEAN RETURN n = 1");
    administrator.sql(
        "ALTER TABLE main.default.hidden SET ROW FILTER main.default.lent_one ON (id)");
    administrator.sql("CREATE VIEW main.default.lent_view AS SELECT * FROM main.default.lent");
    administrator.sql("CREATE VOLUME main.default.lent_files");
    administrator.grant(
        "schema", "main.default", "open-bob", List.of("USE_SCHEMA", "SELECT", "READ_VOLUME"));
    administrator.grant("catalog", "main", "open-bob", List.of("USE_CATALOG"));
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    // Other tests may have let clients in from outside.
    externalAccess(rest, false);
    try (ClientProcess bob = client(tarn, token);
        ClientProcess admin = client(tarn, tarn.administratorToken())) {
      assertThat(bob.run("table", "main.default.lent").message())
          .contains("external_access_enabled");
      externalAccess(rest, true);
      assertThat(bob.run("table", "main.default.lent").message()).contains("EXTERNAL USE SCHEMA");
      administrator.grant("schema", "main.default", "open-bob", List.of("EXTERNAL_USE_SCHEMA"));
      administrator.grant("schema", "main.default", "admin", List.of("EXTERNAL_USE_SCHEMA"));
      assertThat(rows(bob, "table", "main.default.lent")).containsExactly(List.of("true"));
      assertThat(rows(bob, "volume", "main.default.lent_files")).containsExactly(List.of("true"));
      assertThat(bob.run("table", "main.default.hidden").message()).contains("row filter");
      assertThat(admin.run("table", "main.default.hidden").message()).contains("row filter");
      assertThat(bob.run("table", "main.default.lent_view").message()).contains("no table");
      assertThat(rows(admin, "model")).containsExactly(List.of("1", "true", "READY", "true", "1"));
    }
  }

  private static void externalAccess(Rest rest, boolean enabled) {
    String metastore =
        rest.get("/api/2.1/unity-catalog/metastore_summary").json().path("metastore_id").asText();
    String path = "/api/2.1/unity-catalog/metastores/" + metastore;
    assertThat(rest.patch(path, Map.of("external_access_enabled", enabled)).status())
        .isEqualTo(200);
  }
}
