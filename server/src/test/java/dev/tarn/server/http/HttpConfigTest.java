package dev.tarn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpConfigTest {
  @TempDir Path folder;

  @Test
  void hasDefaults() {
    HttpConfig config =
        Config.load(folder.resolve("tarn.yaml"), Map.of(), Map.of())
            .bind("server", HttpConfig.class);
    assertThat(config).isEqualTo(new HttpConfig("127.0.0.1", 8080, 16 << 20, 128));
  }

  @Test
  void everySettingMaps() throws Exception {
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(file, "server:\n  bind_address: 0.0.0.0\n  port: 81\n  handler_threads: 7\n");
    HttpConfig config =
        Config.load(
                file,
                Map.of("TARN_SERVER_PORT", "82", "TARN_SERVER_MAX_JSON_BYTES", "9"),
                Map.of("server.port", "83"))
            .bind("server", HttpConfig.class);
    assertThat(config).isEqualTo(new HttpConfig("0.0.0.0", 83, 9, 7));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Config config = Config.load(folder.resolve("x"), Map.of("TARN_SERVER_PROT", "1"), Map.of());
    assertThatThrownBy(() -> config.bind("server", HttpConfig.class))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("prot");
    assertThatThrownBy(() -> new HttpConfig(null, 70000, null, null))
        .isInstanceOf(TarnException.class);
  }
}
