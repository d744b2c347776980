package dev.tarn.govern.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.config.Config;
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
    assertThat(set).isEqualTo(new StorageConfig("abfss://c@a.dfs.core.windows.net/x/"));
    assertThat(new ManagedLocations(set.rootIn(folder)).newVolume("id"))
        .isEqualTo("abfss://c@a.dfs.core.windows.net/x/volumes/id");

    StorageConfig absent =
        Config.load(folder.resolve("none"), Map.of(), Map.of())
            .bind("storage", StorageConfig.class);
    assertThat(absent).isEqualTo(StorageConfig.defaults());
    assertThat(new ManagedLocations(absent.rootIn(Path.of("/my data"))).newTable())
        .matches("file:///my data/storage/tables/[0-9a-f-]{36}");
  }
}
