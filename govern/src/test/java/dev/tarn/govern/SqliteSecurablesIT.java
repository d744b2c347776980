package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteSecurablesIT extends SecurablesContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
