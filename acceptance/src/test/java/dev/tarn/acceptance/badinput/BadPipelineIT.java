package dev.tarn.acceptance.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.acceptance.badinput.PipelineUnderTest.Outcome;
import dev.tarn.acceptance.launcher.Rest;
import dev.tarn.acceptance.launcher.TarnUnderTest;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import dev.tarn.server.client.ClientException;
import dev.tarn.server.client.TarnClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Definitions that are wrong: the message says in which file and line. */
@ExtendWith(TarnUnderTest.class)
class BadPipelineIT {
  private final Tarn tarn;
  private final TarnClient client;

  BadPipelineIT(Tarn tarn) {
    this.tarn = tarn;
    this.client = tarn.administrator();
  }

  @AfterEach
  void serves() {
    tarn.assertServes();
  }

  private Outcome update(String schema, String sql) {
    return new PipelineUnderTest(client, schema, Map.of(), sql).update();
  }

  @Test
  void aTypo() {
    assertThat(
            update(
                    "typo",
                    """
                    CREATE OR REFRESH MATERIALIZED VIEW good AS SELECT 1 AS x;

                    CREATE OR REFRESH MATERIALIZED VIEW bad AS
                    SELECT x
                    FORM good;
                    """)
                .failed())
        .contains("/Users/admin/pipelines/typo/flows.sql:5")
        .contains("'good'");
  }

  /** Or whoever writes there would write with the rights of the pipeline's creator. */
  @Test
  void sourcesThatOthersMayWrite() {
    String folder = "/Workspace/Shared/pipelines";
    client.putWorkspaceFile(
        folder + "/flows.sql",
        "CREATE OR REFRESH MATERIALIZED VIEW a AS SELECT 1 AS x".getBytes(StandardCharsets.UTF_8));
    String id = client.pipelines().createOrEdit("shared", "main", "default", folder, Map.of());
    assertThatThrownBy(() -> client.pipelines().start(id, false, false))
        .hasMessageContaining("/Shared/pipelines/flows.sql")
        .hasMessageContaining("others may write it");
  }

  @Test
  void anUnknownColumn() {
    assertThat(
            update(
                    "unknown_column",
                    """
                    CREATE OR REFRESH MATERIALIZED VIEW good AS SELECT 1 AS amount;

                    CREATE OR REFRESH MATERIALIZED VIEW bad AS SELECT amont FROM good;
                    """)
                .failed())
        .contains("flows.sql:3")
        .contains("`amont`")
        .contains("`amount`");
  }

  @Test
  void anUnknownTable() {
    assertThat(
            update(
                    "unknown_table",
                    "CREATE OR REFRESH MATERIALIZED VIEW bad AS\nSELECT * FROM nothing;")
                .failed())
        .contains("flows.sql:1")
        .contains("nothing");
  }

  @Test
  void aCycle() {
    String errors =
        update(
                "cycle",
                """
                CREATE OR REFRESH MATERIALIZED VIEW a AS SELECT * FROM c;
                CREATE OR REFRESH MATERIALIZED VIEW b AS SELECT * FROM a;
                CREATE OR REFRESH MATERIALIZED VIEW c AS SELECT * FROM b;
                """)
            .failed();
    assertThat(errors).containsIgnoringCase("circular").contains("cycle");
    assertThat(errors).contains(".a").contains(".c");
  }

  @Test
  void aValueThatIsNotSet() {
    assertThat(
            update(
                    "no_value",
                    "CREATE OR REFRESH MATERIALIZED VIEW a AS\nSELECT '${kafka.bootstrap}' AS x;")
                .failed())
        .contains("flows.sql:2")
        .contains("${kafka.bootstrap}")
        .contains("configuration");
  }

  @Test
  void aSecondUpdateWhileOneRuns() throws IOException {
    // Looking for a broker in vain keeps it busy until it is stopped.
    PipelineUnderTest pipeline =
        new PipelineUnderTest(
            client,
            "busy",
            Map.of(),
            "CREATE OR REFRESH STREAMING TABLE a AS SELECT value FROM STREAM read_kafka("
                + "bootstrapServers => '"
                + BadKafkaIT.nobody()
                + "', subscribe => 'a');");
    String first = pipeline.start();
    ClientException conflict = catchThrowableOfType(ClientException.class, pipeline::start);
    assertThat(conflict).isNotNull();
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.errorCode()).isEqualTo("RESOURCE_CONFLICT");
    assertThat(conflict).hasMessageContaining("'busy'").hasMessageContaining("running");
    Rest rest = new Rest(tarn.url(), tarn.administratorToken());
    assertThat(rest.post("/api/2.0/pipelines/" + pipeline.id() + "/stop", Map.of()).status())
        .isEqualTo(200);
    assertThat(List.of("CANCELED", "FAILED")).contains(pipeline.follow(first).state());
  }
}
