package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteLineageIT extends LineageContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
