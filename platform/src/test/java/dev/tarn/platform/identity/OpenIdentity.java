package dev.tarn.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.PrincipalChange;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.oauth.AccessToken;
import dev.tarn.platform.identity.oauth.TokenRequest;
import dev.tarn.platform.identity.secrets.IssuedSecret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Identity on a database, in a folder, with a clock. */
abstract class OpenIdentity {
  static final URI HERE = URI.create("https://lake.example:8443");

  @TempDir Path data;
  final SettableClock clock = new SettableClock();
  DatabaseConfig config;
  MetadataDatabase database;
  Identity identity;
  Principal admin;

  abstract DatabaseConfig newDatabase();

  @BeforeEach
  void open() {
    config = newDatabase();
    database = MetadataDatabase.open(config, data, Platform.MIGRATIONS);
    identity = new Identity(database, data, clock);
    identity.bootstrapAdministrator(data);
    admin = identity.principal("admin");
  }

  @AfterEach
  void close() {
    database.close();
  }

  static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  void refused(String token) {
    fails(ErrorCode.UNAUTHENTICATED, "invalid", () -> identity.authenticate(token));
  }

  PrincipalInfo user(String name, String... groups) {
    return identity.directory().createUser(admin, name, PrincipalChange.none(), List.of(groups));
  }

  PrincipalInfo servicePrincipal(String displayName, String... groups) {
    return identity
        .directory()
        .createServicePrincipal(
            admin,
            Optional.empty(),
            new PrincipalChange(Optional.of(displayName), Optional.empty(), Optional.empty()),
            List.of(groups));
  }

  IssuedSecret secret(PrincipalInfo of) {
    return identity.secrets().create(admin, of.id(), Optional.empty());
  }

  AccessToken login(String id, String secret) {
    return identity
        .oauth()
        .issue(HERE, new TokenRequest("client_credentials", id, secret, "all-apis"));
  }
}
