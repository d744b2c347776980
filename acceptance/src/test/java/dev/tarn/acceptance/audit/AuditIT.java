package dev.tarn.acceptance.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.acceptance.connect.ConnectProcess;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the protocol, a call leaves one record, with who, what, from where, and the verdict. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditIT {
  private static final String SECRET = "audit-secret-value";

  private final Tarn tarn;
  private final TarnClient administrator;
  private final Rest rest;
  private final String token;
  private final TarnClient spy;

  AuditIT(Tarn tarn) {
    this.tarn = tarn;
    this.administrator = tarn.administrator();
    this.rest = new Rest(tarn.url(), tarn.administratorToken());
    administrator.createUser("spy");
    this.token = administrator.createTokenFor("spy", "audit", Duration.ofHours(1));
    this.spy = new TarnClient(tarn.url(), token);
    administrator.sql("CREATE SCHEMA main.audited");
    administrator.sql("CREATE TABLE main.audited.kept (id BIGINT, word STRING)");
  }

  /** Service, action, user, status and address of what meets the condition. */
  private List<List<String>> records(String condition) {
    return administrator
        .sql(
            "SELECT service_name, action_name, user_identity.email, response.status_code,"
                + " source_ip_address FROM system.access.audit WHERE "
                + condition
                + " AND request_params.commandText NOT LIKE '%system.access%'")
        .rows();
  }

  private List<List<String>> commands(String marker) {
    return records("request_params.commandText LIKE '%" + marker + "%'");
  }

  private static List<List<String>> one(String service, String action, String user, String status) {
    return List.of(List.of(service, action, user, status, "127.0.0.1"));
  }

  @Test
  void statementsLeaveOneRecordWhateverBringsThem() {
    administrator.sql("SELECT id AS by_sea FROM main.audited.kept");
    assertThat(commands("by_sea")).isEqualTo(one("databrickssql", "commandSubmit", "admin", "200"));

    JdbcProcess thrift = JdbcProcess.thrift(tarn.port(), "default", tarn.administratorToken(), "");
    thrift.query("SELECT id AS by_thrift FROM main.audited.kept");
    assertThat(commands("by_thrift"))
        .isEqualTo(one("databrickssql", "commandSubmit", "admin", "200"));

    try (ConnectProcess connect = ConnectProcess.to(tarn.port(), tarn.administratorToken())) {
      connect.rows("table", "main.audited.kept");
      assertThat(
              records(
                  "request_params.protocol = 'SPARK_CONNECT' AND action_name = 'commandSubmit'"
                      + " AND user_identity.email = 'admin'"
                      + " AND request_params.commandText LIKE '%main.audited.kept%'"))
          .isEqualTo(one("databrickssql", "commandSubmit", "admin", "200"));
    }
  }

  @Test
  void refusedStatementsAreRecordedAsRefused() {
    assertThatThrownBy(() -> spy.sql("SELECT id AS refused_sea FROM main.audited.kept"))
        .isInstanceOf(ClientException.class);
    assertThat(commands("refused_sea"))
        .isEqualTo(one("databrickssql", "commandSubmit", "spy", "403"));

    JdbcProcess thrift = JdbcProcess.thrift(tarn.port(), "default", token, "");
    assertThat(thrift.run("query SELECT id AS refused_thrift FROM main.audited.kept").error())
        .contains("USE CATALOG");
    assertThat(verdicts("refused_thrift")).containsExactly("403");

    try (ConnectProcess connect = ConnectProcess.to(tarn.port(), token)) {
      assertThat(connect.failure("sql", "SELECT id AS refused_connect FROM main.audited.kept"))
          .isNotNull();
      List<List<String>> calls =
          administrator
              .sql(
                  "SELECT action_name, response.status_code, request_params.commandText,"
                      + " response.error_message FROM system.access.audit WHERE"
                      + " user_identity.email = 'spy' AND"
                      + " request_params.protocol = 'SPARK_CONNECT'")
              .rows();
      assertThat(calls)
          .as(calls.toString())
          .anySatisfy(
              call -> {
                assertThat(call.get(1)).isEqualTo("403");
                assertThat(call.get(2)).contains("refused_connect");
              });
    }
  }

  /** How each command ended whose text holds the marker, whether that was known at its answer. */
  private List<String> verdicts(String marker) {
    return administrator
        .sql(
            "WITH mine AS (SELECT request_params.commandId AS id FROM system.access.audit"
                + " WHERE action_name = 'commandSubmit' AND request_params.commandText LIKE '%"
                + marker
                + "%' AND request_params.commandText NOT LIKE '%system.access%')"
                + " SELECT max(response.status_code) FROM system.access.audit JOIN mine"
                + " ON request_params.commandId = mine.id"
                + " WHERE action_name IN ('commandSubmit', 'commandFinish') GROUP BY mine.id")
        .rows()
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  @Test
  void aStatementThatEndsAfterItsCallWasAnsweredLeavesItsVerdictToo() {
    String id =
        rest.post(
                "/api/2.0/sql/statements",
                Map.of(
                    "warehouse_id",
                    "default",
                    "wait_timeout",
                    "0s",
                    "statement",
                    "SELECT count(*), raise_error('no') AS later FROM range(20000000) a"
                        + " WHERE hash(a.id) = 1"))
            .json()
            .path("statement_id")
            .asText();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                rest.get("/api/2.0/sql/statements/" + id)
                    .json()
                    .at("/status/state")
                    .asText()
                    .equals("FAILED"));
    assertThat(
            administrator
                .sql(
                    "SELECT action_name, response.status_code FROM system.access.audit WHERE"
                        + " request_params.commandId = '"
                        + id
                        + "' ORDER BY event_time")
                .rows())
        .containsExactly(List.of("commandSubmit", "200"), List.of("commandFinish", "400"));
  }

  @Test
  void callsOfTheRestApiAndOfFilesLeaveOneRecord() {
    rest.get("/api/2.1/unity-catalog/tables/main.audited.by_rest");
    Rest spying = new Rest(tarn.url(), token);
    spying.get("/api/2.1/unity-catalog/tables/main.audited.by_spy");
    new Rest(tarn.url(), "dapi0").get("/api/2.1/unity-catalog/tables/main.audited.by_nobody");
    rest.get("/api/2.1/no-such/by_mistake");
    administrator.sql("CREATE VOLUME main.audited.files");
    administrator.putFile(
        "/Volumes/main/audited/files/by_file.txt", SECRET.getBytes(StandardCharsets.UTF_8));
    spying.get("/api/2.0/fs/files/Volumes/main/audited/files/by_file.txt");
    String named = " AND request_params.commandText IS NULL";
    String all = "SELECT service_name, action_name, user_identity.email, response.status_code FROM";
    String from = " system.access.audit WHERE to_json(request_params) LIKE ";
    assertThat(administrator.sql(all + from + "'%by_rest\"%'" + named).rows())
        .containsExactly(List.of("unityCatalog", "getTable", "admin", "404"));
    assertThat(administrator.sql(all + from + "'%by_spy\"%'" + named).rows())
        .containsExactly(List.of("unityCatalog", "getTable", "spy", "403"));
    assertThat(
            administrator
                .sql(
                    "SELECT service_name, action_name, response.status_code FROM"
                        + from
                        + "'%by_nobody\"%'"
                        + named)
                .rows())
        .containsExactly(List.of("accounts", "tokenLogin", "401"));
    assertThat(
            administrator
                .sql(
                    "SELECT action_name, response.status_code FROM"
                        + from
                        + "'%by_mistake\"%'"
                        + named)
                .rows())
        .containsExactly(List.of("endpointNotFound", "404"));
    assertThat(administrator.sql(all + from + "'%by_file.txt%' ORDER BY event_time").rows())
        .containsExactly(
            List.of("filesystem", "filesPut", "admin", "204"),
            List.of("filesystem", "filesGet", "spy", "403"));
  }

  @Test
  void noSecretTokenOrValueOfARowIsInIt() {
    administrator.sql("INSERT INTO main.audited.kept VALUES (77001177, '" + SECRET + "')");
    String own = administrator.createTokenFor("spy", "another", Duration.ofHours(1));
    new Rest(tarn.url(), tarn.administratorToken()).get("/api/2.0/sql/statements/" + own);
    assertThatThrownBy(
            () -> administrator.sql("SELECT CAST(word AS INT) FROM main.audited.kept WHERE id > 1"))
        .isInstanceOf(ClientException.class);
    for (String hidden : List.of(SECRET, "77001177", own, token, tarn.administratorToken())) {
      // Backwards, since the history of statements keeps the text.
      String backwards = new StringBuilder(hidden).reverse().toString();
      assertThat(
              administrator
                  .sql(
                      "SELECT count(*) FROM system.access.audit WHERE contains(to_json(struct(*)),"
                          + " reverse('"
                          + backwards
                          + "'))")
                  .rows())
          .containsExactly(List.of("0"));
    }
  }

  @Test
  void othersReadItByGrantOnly() {
    String read = "SELECT count(*) > 0 FROM system.access.audit";
    assertThatThrownBy(() -> spy.sql(read)).hasMessageContaining("USE SCHEMA");
    administrator.createUser("auditor");
    TarnClient auditor =
        new TarnClient(
            tarn.url(), administrator.createTokenFor("auditor", "a", Duration.ofHours(1)));
    administrator.sql("GRANT USE SCHEMA ON SCHEMA system.access TO auditor");
    assertThatThrownBy(() -> auditor.sql(read)).hasMessageContaining("SELECT");
    administrator.sql("GRANT SELECT ON TABLE system.access.audit TO auditor");
    assertThat(auditor.sql(read).rows()).containsExactly(List.of("true"));
    administrator.sql("REVOKE SELECT ON TABLE system.access.audit FROM auditor");
    assertThatThrownBy(() -> auditor.sql(read)).hasMessageContaining("SELECT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO system.access.audit (event_id) VALUES ('x')",
        "INSERT OVERWRITE system.access.audit SELECT * FROM system.access.audit",
        "DELETE FROM system.access.audit",
        "UPDATE system.access.audit SET action_name = 'x'",
        "MERGE INTO system.access.audit a USING (SELECT 1 AS one) ON false"
            + " WHEN MATCHED THEN DELETE",
        "TRUNCATE TABLE system.access.audit",
        "DROP TABLE system.access.audit",
        "ALTER TABLE system.access.audit SET TBLPROPERTIES ('delta.appendOnly' = 'false')",
        "ALTER TABLE system.access.audit ADD COLUMN x INT",
        "RESTORE TABLE system.access.audit TO VERSION AS OF 0",
        "VACUUM system.access.audit",
        "OPTIMIZE system.access.audit",
        "CREATE OR REPLACE TABLE system.access.audit (x INT)",
        "CREATE TABLE system.access.mine (x INT)",
        "DROP SCHEMA system.access CASCADE"
      })
  void notEvenAnAdministratorChangesIt(String sql) {
    assertThatThrownBy(() -> administrator.sql(sql)).isInstanceOf(ClientException.class);
    assertThat(administrator.sql("SELECT count(*) > 1 FROM system.access.audit").rows())
        .containsExactly(List.of("true"));
  }
}
