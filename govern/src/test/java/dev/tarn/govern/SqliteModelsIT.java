package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteModelsIT extends ModelsContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
