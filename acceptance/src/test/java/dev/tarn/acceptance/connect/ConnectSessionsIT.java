package dev.tarn.acceptance.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions of Spark Connect: apart from each other, cancelled, streamed, over TLS. */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectSessionsIT {
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000000) a CROSS JOIN range(1000000000) b"
          + " WHERE a.id * b.id % 7 = 3";

  private final Tarn tarn;
  private final String id = UUID.randomUUID().toString();
  private final ConnectProcess client;

  ConnectSessionsIT(Tarn tarn) {
    this.tarn = tarn;
    this.client = new ConnectProcess(url("http", tarn.administratorToken()) + ";session_id=" + id);
  }

  private String url(String scheme, String token) {
    return scheme.equals("https")
        ? "sc://localhost:" + tarn.port() + "/;token=" + token
        : "sc://127.0.0.1:"
            + tarn.port()
            + "/;use_ssl=false;authorization=Bearer%20"
            + token
            + ";x-databricks-cluster-id=default";
  }

  @AfterAll
  void end() {
    client.close();
  }

  @Test
  void manySessionsShareNothing() {
    tarn.administrator().sql("CREATE SCHEMA IF NOT EXISTS main.information");
    try (ConnectProcess many = ConnectProcess.to(tarn.port(), tarn.administratorToken())) {
      many.rows("sessions", "64");
    }
  }

  @Test
  void nobodyEntersAnothersSessionOrView() {
    TarnClient administrator = tarn.administrator();
    administrator.createUser("connect-guest");
    administrator.sql("CREATE SCHEMA main.lent");
    administrator.sql("CREATE TABLE main.lent.t AS SELECT id FROM range(3)");
    administrator.sql("GRANT USE CATALOG ON CATALOG main TO `connect-guest`");
    administrator.sql("GRANT USE SCHEMA ON SCHEMA main.lent TO `connect-guest`");
    administrator.sql("GRANT SELECT ON TABLE main.lent.t TO `connect-guest`");
    client.rows("view", "only_mine", "SELECT 'secret'");
    String token = administrator.createTokenFor("connect-guest", "connect", Duration.ofHours(1));
    try (ConnectProcess guest =
        new ConnectProcess(url("http", token) + ";user_id=admin;session_id=" + id)) {
      assertThat(guest.rows("sql", "SELECT current_user()"))
          .containsExactly(List.of("connect-guest"));
      guest.rows("sql", "USE main.lent");
      assertThat(guest.failure("table", "only_mine").condition())
          .isEqualTo("TABLE_OR_VIEW_NOT_FOUND");
      client.rows("start", ENDLESS);
      assertThat(guest.rows("interrupt")).containsExactly(List.of("0"));
      awaitInterrupted("interrupt");

      guest.rows("view", "lent", "SELECT * FROM main.lent.t");
      assertThat(guest.rows("table", "lent")).hasSize(3);
      administrator.sql("REVOKE SELECT ON TABLE main.lent.t FROM `connect-guest`");
      assertThat(guest.failure("table", "lent").sqlState()).isEqualTo("42501");
    }
    assertThat(client.rows("table", "only_mine")).containsExactly(List.of("secret"));
  }

  @Test
  void interruptsByTag() {
    client.rows("tagged", "slow", ENDLESS);
    awaitInterrupted("interrupt-tag", "slow");
  }

  private void awaitInterrupted(String... step) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> client.rows(step).equals(List.of(List.of("1"))));
    assertThat(client.rows("join").toString()).contains("OPERATION_CANCELED");
    tarn.assertServes();
  }

  @Test
  void streamsLargeResults() {
    assertThat(client.rows("drain", "SELECT id, concat('row ', id) FROM range(2000000)"))
        .containsExactly(List.of("2000000", "1999999000000"));
  }

  @Test
  void sendsLocalRows() {
    assertThat(client.rows("local", "100000"))
        .containsExactly(List.of("100000", "4999950000", "a text of some length, number 99999"));
  }

  @Test
  void browsesTheCatalog() {
    assertThat(client.rows("databases").stream().map(row -> row.get(0))).contains("default");
    assertThat(client.rows("where")).containsExactly(List.of("main", "default"));
    assertThat(client.rows("exists", "main.default.nothing")).containsExactly(List.of("false"));
  }
}
