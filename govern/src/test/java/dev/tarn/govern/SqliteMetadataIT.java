package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;

class SqliteMetadataIT extends MetadataContract {
  @Override
  DatabaseConfig newDatabase() {
    return DatabaseConfig.defaults();
  }
}
