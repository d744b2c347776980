package dev.tarn.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.config.Config;
import dev.tarn.serve.history.HistoryConfig;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeConfigTest {
  @TempDir Path folder;

  @Test
  void bindsEverySetting() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tarn.yaml"),
            "results:\n  chunk_bytes: 1\n  inline_bytes: 2\n"
                + "statements:\n  max_running: 4\n  max_queued: 5\n"
                + "history:\n  keep_days: 7\n  max_queries: 8\n");
    Config config =
        Config.load(
            file, Map.of("TARN_RESULTS_LINK_SECONDS", "3"), Map.of("statements.keep_seconds", "6"));

    assertThat(config.bind("results", ResultsConfig.class)).isEqualTo(new ResultsConfig(1, 2, 3));
    assertThat(config.bind("statements", StatementsConfig.class))
        .isEqualTo(new StatementsConfig(4, 5, 6, null));
    assertThat(config.bind("history", HistoryConfig.class)).isEqualTo(new HistoryConfig(7, 8));
  }

  @Test
  void hasDefaults() {
    Config config = Config.load(folder.resolve("tarn.yaml"), Map.of(), Map.of());

    assertThat(config.bind("results", ResultsConfig.class))
        .isEqualTo(new ResultsConfig(8 << 20, 25 << 20, 900));
    assertThat(config.bind("statements", StatementsConfig.class))
        .isEqualTo(new StatementsConfig(64, 1000, 3600, null));
    assertThat(config.bind("history", HistoryConfig.class))
        .isEqualTo(new HistoryConfig(30, 100_000));
  }
}
