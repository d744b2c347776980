package dev.tarn.acceptance.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.acceptance.launcher.TrustStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Databricks SDK for Java, unmodified: identity, warehouses, statements; http and https. */
@ExtendWith(TarnUnderTest.class)
class SdkIT {
  private static SdkProcess withToken(String url, String token, List<String> options) {
    return new SdkProcess(Map.of("DATABRICKS_HOST", url, "DATABRICKS_TOKEN", token), options);
  }

  private static SdkProcess administrator(Tarn tarn) {
    return withToken(tarn.url(), tarn.administratorToken(), List.of());
  }

  private static String https(Tarn tarn) {
    return "https://localhost:" + tarn.port();
  }

  @Test
  void administersTokensUsersGroupsAndServicePrincipals(Tarn tarn) {
    SdkProcess.Outcome outcome = administrator(tarn).run("me", "tokens");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly("me\tadmin", "made\ttrue", "listed\trenamed 600000", "left\t0");
    outcome = administrator(tarn).run("users");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "made\tbo@lake.example Bo true", "patched\tfalse", "found\tBo B. true", "users\t0");
    outcome = administrator(tarn).run("groups");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "made\tcrew 1", "belongs\tcrew", "removed\t0", "added\t1", "emptied\t0", "groups\t0");
    outcome = administrator(tarn).run("service-principals");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "made\tLoader true",
            "patched\tNight loader",
            "found\tDay loader",
            "secret\ttrue ACTIVE",
            "listed\ttrue",
            "secrets\t0");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.error()).contains("ResourceDoesNotExist\tRESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void managesAWarehouse(Tarn tarn) {
    SdkProcess.Outcome outcome = administrator(tarn).run("warehouse-life");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "made\t2X-Small RUNNING",
            "edited\treporting Small",
            "stopped\tSTOPPED",
            "started\tRUNNING",
            "levels\t5",
            "permitted\t[CAN_USE]",
            "object\twarehouses",
            "config\tnobody",
            "default\ttrue",
            "defaults\t1",
            "updated\tLAST_SELECTED",
            "left\t0");
    assertThat(outcome.error()).contains("ResourceDoesNotExist\tRESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void managesExternalLocations(Tarn tarn) {
    SdkProcess.Outcome outcome = administrator(tarn).run("location-life");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "made\tabfss://raw@lake.dfs.core.windows.net/orders admin server",
            "pages\t[invoices, orders]",
            "catalog\tabfss://raw@lake.dfs.core.windows.net/lake/sales"
                + " abfss://raw@lake.dfs.core.windows.net/lake/sales/__unitystorage/catalogs/ID",
            "schema\tabfss://raw@lake.dfs.core.windows.net/lake/__unitystorage/schemas/ID",
            "changed\told_orders true kept",
            "left\t0");
    assertThat(outcome.error()).contains("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void tagsWhatIsInTheCatalog(Tarn tarn) {
    SdkProcess.Outcome outcome = administrator(tarn).run("tag-life");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "policy\tlevel [high, low]",
            "policies\t[level]",
            "changed\t[high, low, none] how secret",
            "made\tlevel=high admin true",
            "updated\tlevel=low",
            "listed\t[level, team]",
            "refused\tINVALID_PARAMETER_VALUE",
            "left\t[team]",
            "policies\t[]");
    assertThat(outcome.error()).contains("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void protectsByPoliciesAndNamesKeys(Tarn tarn) {
    SdkProcess.Outcome outcome =
        administrator(tarn)
            .run(
                "sql CREATE TABLE main.default.staff (id INT NOT NULL, ssn STRING)",
                "sql INSERT INTO main.default.staff VALUES (1, '078-05-1120')",
                "sql CREATE TABLE main.default.badges (id INT NOT NULL, staff INT)",
                "sql CREATE FUNCTION main.default.stars(v STRING, fill STRING) RETURNS STRING"
                    + " RETURN fill",
                "constraint-life",
                "policy-life");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsSubsequence(
            "key\tstaff_key [id] true",
            "reference\tbadges_staff_fk [staff] main.default.staff [id]",
            "shown\t1",
            "refused\tRESOURCE_CONFLICT",
            "shown\t0")
        .containsSubsequence(
            "made\tPOLICY_TYPE_COLUMN_MASK SCHEMA main.default [account users]",
            "row\t[***]",
            "listed\t[stars]",
            "inherited\t[stars]",
            "changed\tnot personnel [admin]",
            "row\t[078-05-1120]",
            "left\t0");
    assertThat(outcome.error()).contains("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void readsChunksCancelsAndFindsItAllInTheQueryHistory(Tarn tarn) {
    String links = "SELECT id + :n FROM range(1500000)";
    SdkProcess.Outcome outcome =
        administrator(tarn)
            .run(
                "links " + links,
                "queries",
                "chunks SELECT id FROM range(1000000)",
                "cancel SELECT count(*) FROM range(100000000000) WHERE id % 7 = 8");
    assertThat(outcome.lines())
        .as(outcome.error())
        .containsExactly(
            "format\tCSV",
            "rows\t1500000",
            "several\ttrue",
            "lines\t1500001",
            "text\t" + links,
            "query\tSELECT admin 1500000 Databricks SDK for Java true",
            "truncated\ttrue",
            "several\ttrue",
            "read\t900000 404999550000",
            "ended\tCANCELED");
  }

  @Test
  void toldWhatAQueryReadAndWhetherItsResultWasKept(Tarn tarn) {
    String sum = "sql SELECT sum(id) FROM main.default.parts WHERE part = 1";
    SdkProcess.Outcome outcome =
        administrator(tarn)
            .run(
                "sql CREATE TABLE main.default.parts PARTITIONED BY (part) AS SELECT id, id % 2 AS"
                    + " part FROM range(0, 10, 1, 1)",
                sum,
                "metrics",
                sum,
                "metrics",
                "sql INSERT INTO main.default.parts VALUES (11, 1)",
                sum,
                "metrics",
                "sql DROP TABLE main.default.parts");
    assertThat(outcome.lines().stream().filter(line -> !line.startsWith("state")))
        .as(outcome.error())
        .containsSubsequence(
            "row\t[25]",
            "metrics\tfalse 1 1 1",
            "row\t[25]",
            "metrics\ttrue 0 0 1",
            "row\t[36]",
            "metrics\tfalse 2 1 1");
  }

  @Test
  void logsInWithATokenOverHttps(Tarn tarn) {
    TrustStore trust = TrustStore.of(tarn.data().resolve("tls/ca.crt"));
    SdkProcess.Outcome outcome =
        withToken(https(tarn), tarn.administratorToken(), trust.options())
            .run("me", "warehouses", "sql SELECT current_user(), 40 + 2");
    assertThat(outcome.value("me")).isEqualTo("admin");
    assertThat(outcome.values("warehouse"))
        .isNotEmpty()
        .isEqualTo(
            new Rest(tarn.url(), tarn.administratorToken())
                .get("/api/2.0/sql/warehouses")
                .json()
                .path("warehouses")
                .findValuesAsText("id"));
    assertThat(outcome.value("row")).isEqualTo("[admin, 42]");

    SdkProcess.Outcome distrusting =
        withToken(https(tarn), tarn.administratorToken(), List.of()).run("me");
    assertThat(distrusting.exitCode()).isNotZero();
    assertThat(distrusting.error()).contains("PKIX");
  }

  @Test
  void aServicePrincipalLogsInWithItsSecret(Tarn tarn) {
    SdkProcess.Outcome made = administrator(tarn).run("new-service-principal Reporter");
    String id = made.value("application-id");
    SdkProcess.Outcome managed = administrator(tarn).run("managed-tokens " + id);
    assertThat(managed.lines())
        .as(managed.error())
        .containsExactly("managed\ton behalf of by admin", "filtered\ttrue", "left\t0");

    TrustStore trust = TrustStore.of(tarn.data().resolve("tls/ca.crt"));
    for (String url : List.of(tarn.url(), https(tarn))) {
      SdkProcess program =
          new SdkProcess(
              Map.of(
                  "DATABRICKS_HOST",
                  url,
                  "DATABRICKS_CLIENT_ID",
                  id,
                  "DATABRICKS_CLIENT_SECRET",
                  made.value("secret")),
              trust.options());
      SdkProcess.Outcome outcome = program.run("me", "sql SELECT current_user()");
      assertThat(outcome.value("me")).as(url).isEqualTo(id);
      assertThat(outcome.value("row")).isEqualTo("[" + id + "]");
      SdkProcess.Outcome forbidden = program.run("users");
      assertThat(forbidden.error()).contains("PermissionDenied\tPERMISSION_DENIED");
    }

    SdkProcess.Outcome wrong =
        new SdkProcess(
                Map.of(
                    "DATABRICKS_HOST",
                    tarn.url(),
                    "DATABRICKS_CLIENT_ID",
                    id,
                    "DATABRICKS_CLIENT_SECRET",
                    "dose0"),
                List.of())
            .run("me");
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.error()).contains("Unauthenticated: invalid_client");

    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    assertThat(
            rest.delete("/api/2.0/preview/scim/v2/ServicePrincipals/" + made.value("id")).status())
        .isEqualTo(204);
  }
}
