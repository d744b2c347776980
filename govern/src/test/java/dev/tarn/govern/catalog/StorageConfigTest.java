package dev.tarn.govern.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageConfigTest {
  @TempDir Path folder;

  @Test
  void binds_every_setting_and_defaults_to_the_data_folder() {
    StorageConfig set =
        Config.load(
                folder.resolve("none"),
                Map.of("TARN_STORAGE_ROOT", "abfss://c@a.dfs.core.windows.net/x/"),
                Map.of())
            .bind("storage", StorageConfig.class);
    assertThat(set).isEqualTo(new StorageConfig("abfss://c@a.dfs.core.windows.net/x/", Map.of()));
    assertThat(new ManagedLocations(set.rootIn(folder)).newVolume("id"))
        .isEqualTo("abfss://c@a.dfs.core.windows.net/x/volumes/id");

    StorageConfig absent =
        Config.load(folder.resolve("none"), Map.of(), Map.of())
            .bind("storage", StorageConfig.class);
    assertThat(absent).isEqualTo(StorageConfig.defaults());
    assertThat(new ManagedLocations(absent.rootIn(Path.of("/my data"))).newTable())
        .matches("file:///my data/storage/tables/[0-9a-f-]{36}");
  }

  private StorageConfig read(String yaml) throws Exception {
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(file, yaml);
    return Config.load(file, Map.of(), Map.of()).bind("storage", StorageConfig.class);
  }

  @Test
  void secrets_come_from_variables_and_files_and_are_never_shown() throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "from the file\n");
    StorageConfig config =
        read(
            "storage: {root: 'abfss://c@a/', options: {fs.one: plain, fs.two: '${env:KEY}', fs.three:"
                + " '${file:"
                + secret
                + "}', fs.four: 'a ${env:KEY}'}}");
    assertThat(config.resolved(Map.of("KEY", "from the variable")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "fs.one", "plain",
                "fs.two", "from the variable",
                "fs.three", "from the file",
                "fs.four", "a ${env:KEY}"));
    assertThat(config.toString()).contains("fs.one").doesNotContain("plain");

    assertThatThrownBy(() -> config.resolved(Map.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("fs.two")
        .hasMessageContaining("KEY");
    Files.delete(secret);
    assertThatThrownBy(() -> config.resolved(Map.of("KEY", "x")))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("fs.three")
        .hasMessageContaining(secret.toString());
  }

  @Test
  void refuses_what_is_no_setting_of_a_file_system() {
    assertThatThrownBy(() -> read("storage: {options: {hadoop.security.x: s3cret}}"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("hadoop.security.x")
        .hasMessageContaining("fs.")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> read("storage: {options: {fs.x: }}"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("fs.x");
    assertThatThrownBy(() -> read("storage: {options: s3cret}"))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("storage.options")
        .hasMessageNotContaining("s3cret");
  }
}
