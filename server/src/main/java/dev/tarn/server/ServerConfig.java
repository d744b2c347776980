package dev.tarn.server;

import dev.tarn.engine.EngineConfig;
import dev.tarn.govern.audit.AuditConfig;
import dev.tarn.govern.catalog.CatalogConfig;
import dev.tarn.govern.catalog.StorageConfig;
import dev.tarn.govern.lineage.LineageConfig;
import dev.tarn.kernel.config.Config;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.serve.history.HistoryConfig;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.server.http.HttpConfig;

/** The settings of every room, section by section. */
public record ServerConfig(
    HttpConfig http,
    DatabaseConfig database,
    StorageConfig storage,
    CatalogConfig catalog,
    EngineConfig engine,
    StatementsConfig statements,
    ResultsConfig results,
    HistoryConfig history,
    AuditConfig audit,
    LineageConfig lineage) {

  /**
   * @throws dev.tarn.kernel.error.TarnException INVALID_PARAMETER_VALUE naming a setting that is
   *     unknown or wrong
   */
  public static ServerConfig from(Config config) {
    return new ServerConfig(
        config.bind("server", HttpConfig.class),
        config.bind("database", DatabaseConfig.class),
        config.bind("storage", StorageConfig.class),
        config.bind("catalog", CatalogConfig.class),
        config.bind("engine", EngineConfig.class),
        config.bind("statements", StatementsConfig.class),
        config.bind("results", ResultsConfig.class),
        config.bind("history", HistoryConfig.class),
        config.bind("audit", AuditConfig.class),
        config.bind("lineage", LineageConfig.class));
  }
}
