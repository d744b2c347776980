package dev.tarn.platform.identity;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteIdentityIT extends IdentityContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
