package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteCredentialsIT extends CredentialsContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
