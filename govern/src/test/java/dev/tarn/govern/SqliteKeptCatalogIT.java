package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteKeptCatalogIT extends KeptCatalogContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
