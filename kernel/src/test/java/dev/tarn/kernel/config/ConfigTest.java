package dev.tarn.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir Path folder;

  record Lake(String root, Integer maxFiles, String owner) {}

  private Lake lake(String yaml, Map<String, String> environment, Map<String, String> flags)
      throws Exception {
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(file, yaml);
    return Config.load(file, environment, flags).bind("lake", Lake.class);
  }

  @Test
  void flagsBeatVariablesBeatTheFile() throws Exception {
    Lake lake =
        lake(
            "lake:\n  root: /file\n  max_files: 1\n  owner: file\n",
            Map.of("TARN_LAKE_MAX_FILES", "2", "TARN_LAKE_OWNER", "variable", "TARN_HOST", "x"),
            Map.of("lake.owner", "flag"));
    assertThat(lake).isEqualTo(new Lake("/file", 2, "flag"));
  }

  @Test
  void anAbsentFileOrSectionBindsToNothing() throws Exception {
    assertThat(lake("other: {x: 1}", Map.of(), Map.of())).isEqualTo(new Lake(null, null, null));
    assertThat(Config.load(folder.resolve("absent"), Map.of(), Map.of()).bind("lake", Lake.class))
        .isEqualTo(new Lake(null, null, null));
  }

  @Test
  void mistakesNameTheSetting() {
    assertThatThrownBy(() -> lake("lake: {rot: /x}", Map.of(), Map.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("lake")
        .hasMessageContaining("rot");
    assertThatThrownBy(() -> lake("lake: {max_files: many}", Map.of(), Map.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("max");
    assertThatThrownBy(() -> lake("- a\n- b\n", Map.of(), Map.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("tarn.yaml");
    assertThatThrownBy(() -> lake("a: [", Map.of(), Map.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("YAML");
  }
}
