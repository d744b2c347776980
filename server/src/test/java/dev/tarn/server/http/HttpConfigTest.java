package dev.tarn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.server.tls.TlsConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpConfigTest {
  @TempDir Path folder;

  @Test
  void hasDefaults() {
    HttpConfig config =
        Config.load(folder.resolve("tarn.yaml"), Map.of(), Map.of())
            .bind("server", HttpConfig.class);
    assertThat(config)
        .isEqualTo(new HttpConfig("127.0.0.1", 8080, 16 << 20, 128, 900, null, null, null, null));
  }

  @Test
  void everySettingMaps() throws Exception {
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(
        file,
        "server:\n  bind_address: 0.0.0.0\n  port: 81\n  handler_threads: 7\n  stalled_seconds: 60\n  public_url: https://t.example\n"
            + "  https_port: 443\n  tls_certificate: /c.pem\n  tls_key: /k.pem\n");
    HttpConfig config =
        Config.load(
                file,
                Map.of("TARN_SERVER_PORT", "82", "TARN_SERVER_MAX_JSON_BYTES", "9"),
                Map.of("server.port", "83"))
            .bind("server", HttpConfig.class);
    assertThat(config)
        .isEqualTo(
            new HttpConfig(
                "0.0.0.0",
                83,
                9,
                7,
                60,
                Optional.of(URI.create("https://t.example")),
                Optional.of(443),
                Optional.of(Path.of("/c.pem")),
                Optional.of(Path.of("/k.pem"))));
    assertThat(config.tls())
        .isEqualTo(
            new TlsConfig(config.tlsCertificate(), config.tlsKey(), "0.0.0.0", config.publicUrl()));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Config config = Config.load(folder.resolve("x"), Map.of("TARN_SERVER_PROT", "1"), Map.of());
    assertThatThrownBy(() -> config.bind("server", HttpConfig.class))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("prot");
    assertThatThrownBy(() -> new HttpConfig(null, 70000, null, null, null, null, null, null, null))
        .isInstanceOf(TarnException.class);
    Map<String, String> same = Map.of("server.port", "443", "server.https_port", "443");
    Config twice = Config.load(folder.resolve("x"), Map.of(), same);
    assertThatThrownBy(() -> twice.bind("server", HttpConfig.class))
        .hasMessageContaining("https_port");
    Map<String, String> half = Map.of("server.tls_key", "/k.pem");
    HttpConfig keyOnly =
        Config.load(folder.resolve("x"), Map.of(), half).bind("server", HttpConfig.class);
    assertThatThrownBy(keyOnly::tls).hasMessageContaining("server.tls_certificate");
  }
}
