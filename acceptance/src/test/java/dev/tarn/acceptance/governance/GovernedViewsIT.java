package dev.tarn.acceptance.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.connect.ConnectProcess;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A view opens what its owner may read, and no more, on every protocol. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GovernedViewsIT {
  private static final String UNITY = "/api/2.1/unity-catalog/";
  private static final String VIEW = "main.viewed.open";
  private static final String SECRET = "main.viewed.secret";
  private static final String JOINED = "SELECT * FROM " + VIEW + " JOIN " + SECRET + " USING (id)";

  private final Tarn tarn;
  private final TarnClient administrator;
  private final String token;

  GovernedViewsIT(Tarn tarn) {
    this.tarn = tarn;
    this.administrator = tarn.administrator();
    administrator.createUser("view-owner");
    administrator.createUser("view-reader");
    for (String sql :
        List.of(
            "CREATE SCHEMA main.viewed",
            "CREATE TABLE " + SECRET + " AS SELECT id, 'hidden' AS text FROM range(3)",
            "GRANT USE CATALOG ON CATALOG main TO `view-owner`",
            "GRANT USE CATALOG ON CATALOG main TO `view-reader`",
            "GRANT USE SCHEMA, CREATE TABLE ON SCHEMA main.viewed TO `view-owner`",
            "GRANT USE SCHEMA ON SCHEMA main.viewed TO `view-reader`",
            "GRANT SELECT ON TABLE " + SECRET + " TO `view-owner`")) {
      administrator.sql(sql);
    }
    TarnClient owner =
        new TarnClient(
            tarn.url(), administrator.createTokenFor("view-owner", "views", Duration.ofHours(1)));
    owner.sql(
        "CREATE VIEW "
            + VIEW
            + " (id COMMENT 'which') COMMENT 'for all' AS SELECT id FROM "
            + SECRET
            + " WHERE current_user() = 'view-reader'");
    owner.sql("GRANT SELECT ON VIEW " + VIEW + " TO `view-reader`");
    this.token = administrator.createTokenFor("view-reader", "views", Duration.ofHours(1));
  }

  @Test
  void statementsReadTheViewAlone() {
    TarnClient reader = new TarnClient(tarn.url(), token);
    assertThat(reader.sql("SELECT count(*) FROM " + VIEW).rows()).containsExactly(List.of("3"));
    assertThatThrownBy(() -> reader.sql(JOINED))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("'view-reader'")
        .hasMessageContaining(SECRET);
    assertThat(administrator.sql("SELECT count(*) FROM " + VIEW).rows())
        .containsExactly(List.of("0"));
  }

  @Test
  void jdbcReadsTheViewAlone() {
    JdbcProcess jdbc = new JdbcProcess(tarn.port(), "default", token, "");
    assertThat(jdbc.query("SELECT count(*) FROM " + VIEW)).containsExactly(List.of("3"));
    assertThat(jdbc.run("query " + JOINED).error()).contains("PERMISSION_DENIED").contains(SECRET);
    assertThat(jdbc.run("tables main viewed").rows().stream().map(row -> row.get(2)).toList())
        .containsExactly("open");
    JdbcProcess thrift = JdbcProcess.thrift(tarn.port(), "default", token, "");
    assertThat(thrift.query("SELECT count(*) FROM " + VIEW)).containsExactly(List.of("3"));
    assertThat(thrift.run("query " + JOINED).error()).contains(SECRET);
  }

  @Test
  void sparkConnectReadsTheViewAlone() {
    try (ConnectProcess reader = ConnectProcess.to(tarn.port(), token)) {
      assertThat(reader.rows("table", VIEW)).hasSize(3);
      assertThat(reader.rows("sql", "SELECT * FROM " + VIEW)).hasSize(3);
      assertThat(reader.failure("sql", JOINED).message()).contains(SECRET);
      assertThat(reader.failure("table", SECRET).message()).contains(SECRET);
      assertThat(reader.failure("insert-into", VIEW, "SELECT 9L AS id").message())
          .contains("MODIFY");
      assertThat(reader.rows("tables", "main.viewed").stream().map(r -> r.get(0))).contains("open");
    }
  }

  /** As the body of a function, with its owner's rights too. */
  @Test
  void aFunctionIsCalledOnEveryProtocol() {
    String function = "main.viewed.hidden_rows";
    administrator.sql(
        "CREATE FUNCTION "
            + function
            + "(least BIGINT DEFAULT 0) RETURNS BIGINT COMMENT 'how many' RETURN SELECT count(*)"
            + " FROM "
            + SECRET
            + " WHERE id >= least");
    administrator.sql("GRANT EXECUTE ON FUNCTION " + function + " TO `view-reader`");
    String call = "SELECT " + function + "(1), " + function + "()";
    List<String> answer = List.of("2", "3");
    assertThat(new TarnClient(tarn.url(), token).sql(call).rows()).containsExactly(answer);
    assertThat(new JdbcProcess(tarn.port(), "default", token, "").query(call))
        .containsExactly(answer);
    assertThat(JdbcProcess.thrift(tarn.port(), "default", token, "").query(call))
        .containsExactly(answer);
    try (ConnectProcess reader = ConnectProcess.to(tarn.port(), token)) {
      assertThat(reader.rows("sql", call)).containsExactly(answer);
    }

    Rest rest = new Rest(tarn.url(), token);
    String path = UNITY + "functions";
    JsonNode found = rest.get(path + "/" + function).json();
    assertThat(found.path("full_data_type").asText()).isEqualTo("BIGINT");
    assertThat(found.path("data_type").asText()).isEqualTo("LONG");
    assertThat(found.path("routine_definition").asText()).startsWith("SELECT count(*)");
    assertThat(found.path("sql_data_access").asText()).isEqualTo("READS_SQL_DATA");
    JsonNode parameter = found.path("input_params").path("parameters").path(0);
    assertThat(parameter.path("name").asText()).isEqualTo("least");
    assertThat(parameter.path("parameter_default").asText()).isEqualTo("0");
    assertThat(rest.get(path + "?catalog_name=main&schema_name=viewed").json().path("functions"))
        .hasSize(1);
    assertThat(rest.delete(path + "/" + function).status()).isEqualTo(403);
    assertThat(rest.patch(path + "/" + function, Map.of("owner", "view-reader")).status())
        .isEqualTo(403);
    Rest admin = new Rest(tarn.url(), tarn.administratorToken());
    assertThat(
            admin.patch(path + "/" + function, Map.of("owner", "view-owner")).json().path("owner"))
        .hasToString("\"view-owner\"");
    assertThat(admin.delete(path + "/" + function).status()).isEqualTo(200);
    assertThat(rest.get(path + "/" + function).status()).isEqualTo(404);
  }

  @Test
  void theCatalogTellsWhatTheViewIs() {
    Rest rest = new Rest(tarn.url(), token);
    JsonNode view = rest.get(UNITY + "tables/" + VIEW).json();
    assertThat(view.path("table_type").asText()).isEqualTo("VIEW");
    assertThat(view.path("view_definition").asText()).startsWith("SELECT id FROM " + SECRET);
    assertThat(view.path("owner").asText()).isEqualTo("view-owner");
    assertThat(view.path("comment").asText()).isEqualTo("for all");
    assertThat(view.path("columns").path(0).path("comment").asText()).isEqualTo("which");
    assertThat(view.has("storage_location")).isFalse();
    assertThat(
            rest.get(UNITY + "tables?catalog_name=main&schema_name=viewed").json().path("tables"))
        .hasSize(1);
    assertThat(rest.patch(UNITY + "tables/" + VIEW, Map.of("owner", "view-reader")).status())
        .isEqualTo(403);
    assertThat(rest.delete(UNITY + "tables/" + VIEW).status()).isEqualTo(403);
  }
}
