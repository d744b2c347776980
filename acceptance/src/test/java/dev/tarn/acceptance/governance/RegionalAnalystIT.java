package dev.tarn.acceptance.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.acceptance.connect.ConnectProcess;
import dev.tarn.acceptance.flights.FlightsPlatformUnderTest;
import dev.tarn.acceptance.flights.FlightsPlatformUnderTest.Demo;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The analysts of the example's governance.sql, on every protocol. */
@ExtendWith(FlightsPlatformUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegionalAnalystIT {
  private static final String SCIM = "/api/2.0/preview/scim/v2/";
  private static final String AIRPORTS = "main.flights.airports";
  private static final String DEPARTURES = "main.flights.regional_departures";
  private static final String REPORTS = "main.flights.bird_strikes";
  private static final String WEST = " WHERE state IN ('AK', 'CA', 'HI', 'NV', 'OR', 'WA')";
  private static final String STATES =
      "SELECT state, count(*) FROM " + AIRPORTS + " GROUP BY state ORDER BY state";
  private static final String ORIGINS =
      "SELECT state, count(*) FROM " + DEPARTURES + " GROUP BY state ORDER BY state";
  private static final String OPERATORS =
      "SELECT operator, count(*) FROM " + REPORTS + " GROUP BY operator ORDER BY operator";

  private final Demo demo;
  private final TarnClient administrator;
  private final Rest rest;

  RegionalAnalystIT(Demo demo) throws IOException {
    this.demo = demo;
    this.administrator = demo.administrator();
    this.rest = new Rest(demo.url(), demo.administratorToken());
    String me = rest.get(SCIM + "Me").json().path("id").asText();
    group("west-region", user("west-analyst"));
    group("investigators", user("investigator"), me);
    group("all-regions", me);
    String script = Files.readString(Path.of("../examples/flights/governance.sql"));
    for (String statement : script.split(";\n")) {
      if (!statement.isBlank()) {
        administrator.sql(statement);
      }
    }
    for (String user : List.of("west-analyst", "investigator")) {
      administrator.sql("GRANT USE CATALOG ON CATALOG main TO `" + user + "`");
      administrator.sql("GRANT USE SCHEMA ON SCHEMA main.flights TO `" + user + "`");
      for (String table : List.of(AIRPORTS, DEPARTURES, REPORTS)) {
        administrator.sql("GRANT SELECT ON TABLE " + table + " TO `" + user + "`");
      }
    }
  }

  private String user(String name) {
    return rest.post(SCIM + "Users", Map.of("userName", name)).json().path("id").asText();
  }

  private void group(String name, String... members) {
    Map<String, Object> body =
        Map.of(
            "displayName",
            name,
            "members",
            Stream.of(members).map(id -> Map.of("value", id)).toList());
    assertThat(rest.post(SCIM + "Groups", body).status()).isBetween(200, 201);
  }

  private String token(String user) {
    return administrator.createTokenFor(user, "governance", Duration.ofHours(1));
  }

  private void onEveryProtocol(String user, String sql, List<List<String>> rows) {
    String token = token(user);
    Function<String, List<List<String>>> statements =
        text -> new TarnClient(demo.url(), token).sql(text).rows();
    assertThat(statements.apply(sql)).as("statements").isEqualTo(rows);
    assertThat(new JdbcProcess(demo.port(), "default", token, "").query(sql))
        .as("JDBC")
        .isEqualTo(rows);
    assertThat(JdbcProcess.thrift(demo.port(), "default", token, "").query(sql))
        .as("Thrift")
        .isEqualTo(rows);
    try (ConnectProcess connect = ConnectProcess.to(demo.port(), token)) {
      assertThat(connect.rows("sql", sql)).as("Spark Connect").isEqualTo(rows);
    }
  }

  @Test
  void anAnalystSeesTheAirportsOfTheRegion() {
    List<List<String>> west =
        administrator.sql(STATES.replace(" GROUP BY", WEST + " GROUP BY")).rows();
    assertThat(west).hasSize(6);
    onEveryProtocol("west-analyst", STATES, west);
    onEveryProtocol("investigator", STATES, List.of());
  }

  @Test
  void aViewShowsTheAirportsOfItsReader() {
    List<List<String>> west =
        administrator.sql(ORIGINS.replace(" GROUP BY", WEST + " GROUP BY")).rows();
    assertThat(west).hasSize(6);
    onEveryProtocol("west-analyst", ORIGINS, west);
    onEveryProtocol("investigator", ORIGINS, List.of());
  }

  @Test
  void onlyInvestigatorsSeeTheAirline() {
    List<List<String>> all = administrator.sql(OPERATORS).rows();
    assertThat(all.size()).isGreaterThan(1);
    onEveryProtocol("investigator", OPERATORS, all);
    String reports = administrator.sql("SELECT count(*) FROM " + REPORTS).rows().get(0).get(0);
    onEveryProtocol("west-analyst", OPERATORS, List.of(List.of("AIRLINE", reports)));
  }

  /** An error, a copy, a file or a plan would tell what the filter hides. */
  @Test
  void nothingGoesAround() {
    String token = token("west-analyst");
    TarnClient analyst = new TarnClient(demo.url(), token);
    String folder = location(AIRPORTS);
    for (String statement :
        List.of(
            "SELECT count(*) FROM delta.`" + folder + "`",
            "SELECT count(*) FROM parquet.`" + folder + "`",
            "SELECT count(*) FROM read_files('" + folder + "', format => 'parquet')",
            "SELECT input_file_name() FROM " + AIRPORTS,
            "SELECT _metadata.file_path FROM " + REPORTS,
            "EXPLAIN EXTENDED SELECT * FROM " + AIRPORTS,
            "DESCRIBE HISTORY " + AIRPORTS,
            "DESCRIBE DETAIL " + AIRPORTS,
            "CREATE TABLE main.flights.mine SHALLOW CLONE " + AIRPORTS,
            "DELETE FROM " + AIRPORTS,
            "ALTER TABLE " + AIRPORTS + " DROP ROW FILTER",
            "ALTER TABLE " + REPORTS + " ALTER COLUMN operator DROP MASK")) {
      assertThatThrownBy(() -> analyst.sql(statement)).as(statement).hasMessageNotContaining("TX");
    }
    assertThat(
            analyst
                .sql("SELECT count(*) FROM " + AIRPORTS + " WHERE if(state = 'TX', 1 / 0, 1) = 1")
                .rows())
        .isEqualTo(analyst.sql("SELECT count(*) FROM " + AIRPORTS).rows());
    Rest files = new Rest(demo.url(), token);
    assertThat(files.get("/api/2.0/fs/directories" + folder).status()).isBetween(400, 404);
    String id =
        rest.get("/api/2.1/unity-catalog/tables/" + AIRPORTS).json().path("table_id").asText();
    assertThat(
            files
                .post(
                    "/api/2.1/unity-catalog/temporary-table-credentials",
                    Map.of("table_id", id, "operation", "READ"))
                .status())
        .isBetween(400, 404);
  }

  private String location(String table) {
    String location =
        rest.get("/api/2.1/unity-catalog/tables/" + table).json().path("storage_location").asText();
    assertThat(location).isNotEmpty();
    return location.replaceFirst("^file:/+", "/");
  }

  @Test
  void theTableBehindTheViewIsClosed() {
    TarnClient analyst = new TarnClient(demo.url(), token("west-analyst"));
    assertThatThrownBy(() -> analyst.sql("SELECT * FROM main.flights.flights LIMIT 1"))
        .hasMessageContaining("SELECT")
        .hasMessageContaining("main.flights.flights");
    assertThatThrownBy(
            () ->
                analyst.sql(
                    "SELECT * FROM "
                        + DEPARTURES
                        + " d JOIN main.flights.flights f ON f.id = d.id"))
        .hasMessageContaining("main.flights.flights");
  }
}
