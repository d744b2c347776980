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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The analysts of the example's governance.sql, on every protocol. */
@ExtendWith(FlightsPlatformUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegionalAnalystIT {
  private static final String SCIM = "/api/2.0/preview/scim/v2/";
  private static final String DEPARTURES = "main.flights.regional_departures";
  private static final String REPORTS = "main.flights.bird_strike_reports";
  private static final String STATES =
      "SELECT state, count(*) FROM " + DEPARTURES + " GROUP BY state ORDER BY state";
  private static final String OPERATORS =
      "SELECT operator, count(*) FROM " + REPORTS + " GROUP BY operator ORDER BY operator";

  private final Demo demo;
  private final TarnClient administrator;

  RegionalAnalystIT(Demo demo) throws IOException {
    this.demo = demo;
    this.administrator = demo.administrator();
    member("west-analyst", "west-region");
    member("investigator", "investigators");
    String script = Files.readString(Path.of("../examples/flights/governance.sql"));
    for (String statement : script.split(";\n")) {
      if (!statement.isBlank()) {
        administrator.sql(statement);
      }
    }
    for (String user : List.of("west-analyst", "investigator")) {
      administrator.sql("GRANT USE CATALOG ON CATALOG main TO `" + user + "`");
      administrator.sql("GRANT USE SCHEMA ON SCHEMA main.flights TO `" + user + "`");
      administrator.sql("GRANT SELECT ON VIEW " + DEPARTURES + " TO `" + user + "`");
      administrator.sql("GRANT SELECT ON VIEW " + REPORTS + " TO `" + user + "`");
    }
  }

  private void member(String user, String group) {
    Rest rest = new Rest(demo.url(), demo.administratorToken());
    String id = rest.post(SCIM + "Users", Map.of("userName", user)).json().path("id").asText();
    Map<String, Object> body =
        Map.of("displayName", group, "members", List.of(Map.of("value", id)));
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
        administrator
            .sql(
                "SELECT a.state, count(*) FROM main.flights.flights f JOIN main.flights.airports a"
                    + " ON a.iata = f.origin WHERE a.state IN ('AK', 'CA', 'HI', 'NV', 'OR', 'WA')"
                    + " GROUP BY a.state ORDER BY a.state")
            .rows();
    assertThat(west).hasSize(6);
    onEveryProtocol("west-analyst", STATES, west);
    onEveryProtocol("investigator", STATES, List.of());
  }

  @Test
  void onlyInvestigatorsSeeTheAirline() {
    List<List<String>> all =
        administrator
            .sql(
                "SELECT operator, count(*) FROM main.flights.bird_strikes GROUP BY operator"
                    + " ORDER BY operator")
            .rows();
    assertThat(all.size()).isGreaterThan(1);
    onEveryProtocol("investigator", OPERATORS, all);
    String reports =
        administrator.sql("SELECT count(*) FROM main.flights.bird_strikes").rows().get(0).get(0);
    onEveryProtocol("west-analyst", OPERATORS, List.of(List.of("AIRLINE", reports)));
  }

  @Test
  void theTablesBehindAreClosed() {
    TarnClient analyst = new TarnClient(demo.url(), token("west-analyst"));
    for (String table : List.of("flights", "airports", "bird_strikes")) {
      assertThatThrownBy(() -> analyst.sql("SELECT * FROM main.flights." + table + " LIMIT 1"))
          .hasMessageContaining("SELECT")
          .hasMessageContaining("main.flights." + table);
    }
    assertThatThrownBy(
            () ->
                analyst.sql(
                    "SELECT * FROM "
                        + DEPARTURES
                        + " d JOIN main.flights.flights f ON f.id = d.id"))
        .hasMessageContaining("main.flights.flights");
  }
}
