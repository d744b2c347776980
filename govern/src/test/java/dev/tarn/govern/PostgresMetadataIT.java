package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.testkit.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresMetadataIT extends MetadataContract {
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

  @Test
  void a_revocation_by_one_server_holds_at_once_on_another(@TempDir Path otherFolder)
      throws Exception {
    Securable main = Securable.catalog("main");
    govern.grants().grant(admin, main, "ann", Set.of(Privilege.USE_CATALOG));
    Files.createDirectories(otherFolder);
    try (Platform other = new Platform(otherFolder, config, Govern.MIGRATIONS)) {
      Govern otherGovern =
          new Govern(other.database(), other.identity()::exists, storage.toString());
      assertThat(otherGovern.grants().allows(ann, Privilege.USE_CATALOG, main)).isTrue();
      govern.grants().revoke(admin, main, "ann", Set.of(Privilege.USE_CATALOG));
      assertThat(otherGovern.grants().allows(ann, Privilege.USE_CATALOG, main)).isFalse();
    }
  }
}
