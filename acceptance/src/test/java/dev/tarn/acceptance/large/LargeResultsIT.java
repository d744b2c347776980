package dev.tarn.acceptance.large;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.acceptance.connect.ConnectProcess;
import dev.tarn.acceptance.jdbc.JdbcProcess;
import dev.tarn.acceptance.jdbc.JdbcProcess.Outcome;
import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results of more bytes than the server has heap, through each way that clients have. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeResultsIT {
  private static final String HEAP = "-Xmx520m";
  private static final long ROWS = 3_000_000;

  /** 700 MB as Arrow, and little on the wire once compressed. */
  private static final String LARGE =
      "SELECT id, repeat(chr(65 + id % 26), 220) AS filler FROM range(" + ROWS + ")";

  private Tarn tarn;

  @BeforeAll
  void start(@TempDir Path home) {
    tarn = Tarn.start(home, home.resolve("data"), 0, HEAP);
  }

  @AfterAll
  void stop() {
    tarn.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ";EnableQueryResultDownload=0", ";UseThriftClient=0"})
  void aResultLargerThanTheHeapIsRead(String properties) {
    JdbcProcess client =
        JdbcProcess.thrift(tarn.port(), "default", tarn.administratorToken(), properties);
    Outcome outcome = client.run("sum " + LARGE);
    assertThat(outcome.exitCode()).as(outcome.error()).isZero();
    assertThat(outcome.rows())
        .containsExactly(List.of(Long.toString(ROWS), Long.toString(ROWS * (ROWS - 1) / 2)));
    tarn.assertServes();
  }

  @Test
  void aResultLargerThanTheHeapIsReadBySparksClient() {
    try (ConnectProcess client = ConnectProcess.to(tarn.port(), tarn.administratorToken())) {
      assertThat(client.rows("drain", LARGE))
          .containsExactly(List.of(Long.toString(ROWS), Long.toString(ROWS * (ROWS - 1) / 2)));
    }
    tarn.assertServes();
  }

  @Test
  void whatExhaustsTheHeapOverSparkConnectFailsAlone() {
    try (ConnectProcess client = ConnectProcess.to(tarn.port(), tarn.administratorToken())) {
      for (String sql :
          List.of(
              "SELECT size(collect_list(id)) FROM range(100000000)",
              "CREATE TABLE main.default.never AS"
                  + " SELECT id % 10 AS k, array_agg(id) AS ids FROM range(100000000) GROUP BY 1")) {
        ConnectProcess.Failure failure = client.failure("sql", sql);
        assertThat(failure.sqlState()).as(failure.toString()).isEqualTo("53200");
        assertThat(failure.message()).contains("memory");
        assertThat(client.rows("sql", "SELECT 1")).containsExactly(List.of("1"));
      }
    }
    tarn.assertServes();
  }
}
