package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteAttributesIT extends AttributesContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
