package dev.tarn.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.tokens.IssuedToken;
import dev.tarn.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresIdentityIT extends IdentityContract {
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
  void anotherServerSeesAtOnceWhatIsTakenAway(@TempDir Path otherFolder) {
    PrincipalInfo ann = user("ann", "analysts");
    IssuedToken token = identity.tokens().create(identity.principal("ann"), null, Optional.empty());
    try (MetadataDatabase shared =
        MetadataDatabase.open(config, otherFolder, Platform.MIGRATIONS)) {
      Identity other = new Identity(shared, otherFolder, clock);
      assertThat(other.authenticate(token.tokenValue()).groups()).containsExactly("analysts");
      long group = ann.groups().get(0).id();
      identity.groups().delete(admin, group);
      assertThat(other.authenticate(token.tokenValue()).groups()).isEmpty();
      identity.tokens().revoke(admin, token.tokenInfo().tokenId());
      fails(ErrorCode.UNAUTHENTICATED, "invalid", () -> other.authenticate(token.tokenValue()));
    }
  }
}
