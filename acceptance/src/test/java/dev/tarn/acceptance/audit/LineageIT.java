package dev.tarn.acceptance.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.TarnClient;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Lineage as clients see it: the system tables and the lineage API, each as far as one may know.
 */
@ExtendWith(TarnUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LineageIT {
  private static final String TABLES = "/api/2.0/lineage-tracking/table-lineage?table_name=";
  private static final String COLUMNS = "/api/2.0/lineage-tracking/column-lineage?table_name=";

  private final TarnClient administrator;
  private final Rest rest;
  private final Rest spying;
  private final TarnClient spy;

  LineageIT(Tarn tarn) {
    administrator = tarn.administrator();
    rest = new Rest(tarn.url(), tarn.administratorToken());
    administrator.createUser("curious");
    String token = administrator.createTokenFor("curious", "lineage", Duration.ofHours(1));
    spying = new Rest(tarn.url(), token);
    spy = new TarnClient(tarn.url(), token);
    administrator.sql("CREATE SCHEMA main.traced");
    administrator.sql("CREATE TABLE main.traced.raw (id BIGINT, word STRING)");
    administrator.sql(
        "CREATE TABLE main.traced.made AS SELECT id, upper(word) AS loud FROM main.traced.raw");
    administrator.sql("CREATE VIEW main.traced.shown AS SELECT loud FROM main.traced.made");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> rest.get(TABLES + "main.traced.made").json().path("downstreams").size() == 1);
  }

  @Test
  void theApiTellsBothDirections() {
    JsonNode made = rest.get(TABLES + "main.traced.made").json();
    assertThat(made.at("/upstreams/0/tableInfo/name").asText()).isEqualTo("raw");
    assertThat(made.at("/upstreams/0/tableInfo/table_type").asText()).isEqualTo("TABLE");
    assertThat(made.at("/downstreams/0/tableInfo/name").asText()).isEqualTo("shown");
    assertThat(made.at("/downstreams/0/tableInfo/table_type").asText()).isEqualTo("VIEW");
    JsonNode loud = rest.get(COLUMNS + "main.traced.made&column_name=loud").json();
    assertThat(loud.at("/upstream_cols/0/name").asText()).isEqualTo("word");
    assertThat(loud.at("/upstream_cols/0/table_name").asText()).isEqualTo("raw");
    assertThat(loud.at("/downstream_cols/0/table_name").asText()).isEqualTo("shown");
    assertThat(rest.get(COLUMNS + "main.traced.made&column_name=none").status()).isEqualTo(400);
    assertThat(rest.get(TABLES + "main.traced.none").status()).isEqualTo(404);
  }

  @Test
  void nobodyLearnsOfTablesThatTheyMayNotSee() {
    assertThat(spying.get(TABLES + "main.traced.made").status()).isEqualTo(403);
    administrator.sql("GRANT USE CATALOG ON CATALOG main TO curious");
    administrator.sql("GRANT USE SCHEMA ON SCHEMA main.traced TO curious");
    administrator.sql("GRANT SELECT ON TABLE main.traced.made TO curious");
    JsonNode made = spying.get(TABLES + "main.traced.made").json();
    assertThat(made.at("/upstreams/0/tableInfo/has_permission").asBoolean(true)).isFalse();
    assertThat(made.toString()).doesNotContain("raw").doesNotContain("shown");
    assertThat(spying.get(COLUMNS + "main.traced.made&column_name=loud").json().toString())
        .doesNotContain("raw")
        .doesNotContain("word")
        .doesNotContain("shown");
    assertThatThrownBy(() -> spy.sql("SELECT * FROM system.access.table_lineage"))
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void theSystemTablesTellWhatHappened() {
    String where = " WHERE target_table_full_name = 'main.traced.made'";
    assertThat(
            administrator
                .sql(
                    "SELECT source_table_name, source_type, target_type, created_by,"
                        + " statement_id IS NOT NULL FROM system.access.table_lineage"
                        + where)
                .rows())
        .containsExactly(List.of("raw", "TABLE", "TABLE", "admin", "true"));
    assertThat(
            administrator
                .sql(
                    "SELECT source_column_name, target_column_name FROM"
                        + " system.access.column_lineage"
                        + where
                        + " ORDER BY 1")
                .rows())
        .containsExactly(List.of("id", "id"), List.of("word", "loud"));
    administrator.sql("SELECT word FROM main.traced.raw");
    assertThat(
            administrator
                .sql(
                    "SELECT source_column_name FROM system.access.column_lineage WHERE"
                        + " source_table_full_name = 'main.traced.raw' AND target_table_name IS NULL")
                .rows())
        .contains(List.of("word"));
  }
}
