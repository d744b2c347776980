package dev.tarn.govern;

import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.testkit.postgres.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresLineageIT extends LineageContract {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  DatabaseConfig newDatabase() {
    return new DatabaseConfig(server.newDatabase(), null, null);
  }
}
