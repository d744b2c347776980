package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.EngineConfig;
import dev.tarn.govern.audit.AuditConfig;
import dev.tarn.govern.catalog.CatalogConfig;
import dev.tarn.govern.catalog.StorageConfig;
import dev.tarn.govern.lineage.LineageConfig;
import dev.tarn.govern.lineage.OpenLineageConfig;
import dev.tarn.kernel.config.Config;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.serve.history.HistoryConfig;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
  @TempDir Path folder;

  private ServerConfig config(String yaml, Map<String, String> environment) throws Exception {
    Path file = folder.resolve("tarn.yaml");
    Files.writeString(file, yaml);
    return ServerConfig.from(Config.load(file, environment, Map.of()));
  }

  @Test
  void everySectionReachesItsRoom() throws Exception {
    ServerConfig config =
        config(
            """
            server: {port: 81}
            database: {url: 'jdbc:postgresql://db/tarn', user: u, password: p}
            storage: {root: /lake, options: {fs.a: '1'}}
            catalog: {undrop_days: 2}
            engine:
              spark_master: 'spark://m:7077'
              sql_shuffle_partitions: 12
              native_memory_mb: 14
              result_cache_mb: 15
              file_cache_mb: 16
            statements: {max_running: 3, max_queued: 4, keep_seconds: 5}
            results: {chunk_bytes: 6, inline_bytes: 7, link_seconds: 8}
            history: {keep_days: 9, max_queries: 10}
            audit: {retention_days: 11, move_seconds: 12, sync: true}
            lineage:
              retention_days: 14
              move_seconds: 15
              openlineage: {url: 'http://h/lineage', token: t, namespace: n}
            """,
            Map.of("TARN_ENGINE_SQL_SHUFFLE_PARTITIONS", "13"));
    assertThat(config.http().port()).isEqualTo(81);
    assertThat(config.database())
        .isEqualTo(new DatabaseConfig("jdbc:postgresql://db/tarn", "u", "p"));
    assertThat(config.storage()).isEqualTo(new StorageConfig("/lake", Map.of("fs.a", "1")));
    assertThat(config.catalog()).isEqualTo(new CatalogConfig(2));
    assertThat(config.engine()).isEqualTo(new EngineConfig("spark://m:7077", 13, 14L, 15, 16));
    assertThat(config.statements()).isEqualTo(new StatementsConfig(3, 4, 5, null));
    assertThat(config.results()).isEqualTo(new ResultsConfig(6, 7, 8));
    assertThat(config.history()).isEqualTo(new HistoryConfig(9, 10));
    assertThat(config.audit()).isEqualTo(new AuditConfig(11, 12, true));
    assertThat(config.lineage())
        .isEqualTo(new LineageConfig(14, 15, new OpenLineageConfig("http://h/lineage", "t", "n")));
  }

  @Test
  void anEmptyFileMeansDefaults() throws Exception {
    ServerConfig config = config("", Map.of());
    assertThat(config.engine().sparkMaster()).isEqualTo("local[*]");
    assertThat(config.engine().sqlShufflePartitions())
        .isEqualTo(Math.max(2, Runtime.getRuntime().availableProcessors()));
    assertThat(config.storage().rootIn(folder)).isEqualTo(folder.resolve("storage").toString());
  }

  @Test
  void aMisspeltSettingIsRefusedByName() {
    assertThatThrownBy(() -> config("engine: {spark_mster: x}", Map.of()))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("engine")
        .hasMessageContaining("spark_mster");
  }
}
