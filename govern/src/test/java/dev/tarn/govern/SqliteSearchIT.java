package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteSearchIT extends SearchContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
