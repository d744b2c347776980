package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteCommitsIT extends CommitsContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
