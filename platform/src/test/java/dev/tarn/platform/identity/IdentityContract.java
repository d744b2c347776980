package dev.tarn.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.platform.identity.directory.Group;
import dev.tarn.platform.identity.directory.Groups;
import dev.tarn.platform.identity.directory.PrincipalChange;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.directory.PrincipalType;
import dev.tarn.platform.identity.oauth.AccessToken;
import dev.tarn.platform.identity.oauth.OAuthException;
import dev.tarn.platform.identity.oauth.TokenRequest;
import dev.tarn.platform.identity.secrets.IssuedSecret;
import dev.tarn.platform.identity.tokens.IssuedToken;
import dev.tarn.platform.identity.tokens.TokenInfo;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What identity promises on every metadata database. */
abstract class IdentityContract extends OpenIdentity {
  private static final Duration HOUR = Duration.ofHours(1);

  private static PrincipalChange active(boolean active) {
    return new PrincipalChange(Optional.empty(), Optional.of(active), Optional.empty());
  }

  private static Groups.Change add(long... members) {
    return new Groups.Change(
        Optional.empty(),
        java.util.Arrays.stream(members).boxed().collect(java.util.stream.Collectors.toSet()),
        Set.of(),
        Optional.empty());
  }

  @Test
  void aTokenWorksUntilItExpiresAndItsUseIsNotedByTheDay() {
    PrincipalInfo ann = user("ann", "analysts");
    Principal asAnn = identity.principal("ann");
    IssuedToken token = identity.tokens().create(asAnn, "mine", Optional.of(HOUR));
    String id = token.tokenInfo().tokenId();
    assertThat(identity.tokens().get(admin, id).lastUsedDay()).isNull();
    assertThat(identity.authenticate(token.tokenValue()))
        .isEqualTo(new Principal("ann", Set.of("analysts"), false));
    assertThat(identity.tokens().get(admin, id).lastUsedDay())
        .isEqualTo(java.time.Instant.parse("2030-01-01T00:00:00Z").toEpochMilli());
    clock.pass(HOUR.minusMillis(1));
    assertThat(identity.authenticate(token.tokenValue()).name()).isEqualTo("ann");
    clock.pass(Duration.ofMillis(1));
    refused(token.tokenValue());

    assertThat(identity.tokens().listAll(admin, Optional.of(ann.id()), Optional.empty()))
        .extracting(t -> t.tokenId())
        .containsExactly(id);
    IssuedToken given = identity.tokens().createFor(admin, "ann", "given", Optional.empty());
    assertThat(identity.tokens().listAll(admin, Optional.empty(), Optional.of("admin")))
        .extracting(t -> t.comment())
        .containsExactly("first administrator", "given");
    assertThat(identity.tokens().get(admin, given.tokenInfo().tokenId()).ownerId())
        .isEqualTo(ann.id());

    identity.tokens().comment(asAnn, given.tokenInfo().tokenId(), "renamed");
    assertThat(identity.tokens().list(asAnn)).extracting(TokenInfo::comment).contains("renamed");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "tokens of others",
        () -> identity.tokens().listAll(asAnn, Optional.empty(), Optional.empty()));
    for (Duration wrong :
        List.of(
            Duration.ZERO,
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "lifetime",
          () -> identity.tokens().create(asAnn, null, Optional.of(wrong)));
    }
    assertThatThrownBy(() -> identity.tokens().revoke(asAnn, given.tokenValue()))
        .hasMessageNotContaining(given.tokenValue());
  }

  @Test
  void anOwnersNameStandsForAUserOrAGroupAsTheyAre() {
    PrincipalInfo ann = user("ann", "analysts");
    Group analysts =
        identity.groups().list(admin).stream()
            .filter(g -> g.name().equals("analysts"))
            .findFirst()
            .orElseThrow();
    identity.groups().create(admin, "staff", null, Set.of(analysts.id()));
    assertThat(identity.holder("Ann"))
        .contains(new Principal("ann", Set.of("analysts", "staff"), false));
    assertThat(identity.holder("analysts"))
        .contains(new Principal("analysts", Set.of("analysts", "staff"), false));
    assertThat(identity.holder("admins").orElseThrow().administrator()).isTrue();
    assertThat(identity.holder("nobody")).isEmpty();
    assertThat(identity.holder("")).isEmpty();
    identity.directory().change(admin, PrincipalType.USER, ann.id(), active(false));
    assertThat(identity.holder("ann")).isEmpty();
  }

  @Test
  void aUserHasAtMostSixHundredTokens() {
    user("ann");
    Principal ann = identity.principal("ann");
    IssuedToken first = identity.tokens().create(ann, null, Optional.of(HOUR));
    for (int i = 1; i < 600; i++) {
      identity.tokens().create(ann, null, Optional.empty());
    }
    fails(
        ErrorCode.RESOURCE_EXHAUSTED,
        "600",
        () -> identity.tokens().create(ann, null, Optional.empty()));
    clock.pass(HOUR);
    refused(first.tokenValue());
    identity.tokens().create(ann, "in the place of the expired one", Optional.empty());
  }

  @Test
  void whatADeletedOrInactiveUserHeldStopsAtOnce() {
    PrincipalInfo ann = user("ann", "admins");
    String token =
        identity.tokens().create(identity.principal("ann"), null, Optional.empty()).tokenValue();
    assertThat(identity.authenticate(token).administrator()).isTrue();

    identity.directory().change(admin, PrincipalType.USER, ann.id(), active(false));
    refused(token);
    identity.directory().change(admin, PrincipalType.USER, ann.id(), active(true));
    assertThat(identity.authenticate(token).name()).isEqualTo("ann");

    identity.directory().delete(admin, PrincipalType.USER, ann.id());
    refused(token);
    assertThat(identity.exists("ann")).isFalse();
    PrincipalInfo again = user("ann");
    assertThat(again.id()).as("ids are not used again").isGreaterThan(ann.id());
    assertThat(again.groups()).isEmpty();
    refused(token);
  }

  @Test
  void theFirstAdministratorStaysOne() {
    long id = identity.directory().get("admin").id();
    fails(
        ErrorCode.INVALID_STATE,
        "admin",
        () -> identity.directory().delete(admin, PrincipalType.USER, id));
    fails(
        ErrorCode.INVALID_STATE,
        "admin",
        () -> identity.directory().change(admin, PrincipalType.USER, id, active(false)));
    Group admins = identity.groups().list(admin).get(0);
    assertThat(admins.name()).isEqualTo("admins");
    Groups.Change without =
        new Groups.Change(Optional.of(Set.of()), Set.of(), Set.of(), Optional.empty());
    fails(
        ErrorCode.INVALID_STATE,
        "admins",
        () -> identity.groups().change(admin, admins.id(), without));
    fails(ErrorCode.INVALID_STATE, "admins", () -> identity.groups().delete(admin, admins.id()));
    assertThat(identity.principal("admin").administrator()).isTrue();
  }

  @Test
  void aGroupOfAGroupCountsAtAnyDepthAndCyclesEnd() {
    PrincipalInfo ann = user("ann");
    Group inner = identity.groups().create(admin, "Inner", "ext-1", Set.of(ann.id()));
    Group middle = identity.groups().create(admin, "middle", null, Set.of(inner.id()));
    long admins = identity.groups().list(admin).get(0).id();
    assertThat(identity.principal("ann").groups()).containsExactlyInAnyOrder("inner", "middle");
    assertThat(identity.principal("ann").administrator()).isFalse();

    identity.groups().change(admin, admins, add(middle.id()));
    assertThat(identity.principal("ann").administrator()).isTrue();
    identity.groups().change(admin, inner.id(), add(middle.id()));
    assertThat(identity.principal("ann").groups())
        .containsExactlyInAnyOrder("inner", "middle", "admins");
    assertThat(identity.groups().get(admin, middle.id()).members())
        .extracting(Group.Member::resource)
        .containsExactly("Group");

    identity.groups().delete(admin, middle.id());
    assertThat(identity.principal("ann").groups()).containsExactly("inner");
    assertThat(identity.exists("middle")).isFalse();
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "999999",
        () -> identity.groups().create(admin, "other", null, Set.of(999_999L)));
    assertThat(identity.exists("other")).as("nothing is half made").isFalse();
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "inner",
        () -> identity.groups().create(admin, "INNER", null, Set.of()));
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "ann",
        () -> identity.groups().create(admin, "ann", null, Set.of()));
    Principal asAnn = identity.principal("ann");
    fails(ErrorCode.PERMISSION_DENIED, "list groups", () -> identity.groups().list(asAnn));
  }

  @Test
  void aServicePrincipalLogsInWithASecretAndIsItsApplicationId() {
    PrincipalInfo etl = servicePrincipal("Nightly ETL", "loaders");
    assertThat(UUID.fromString(etl.name()).toString()).isEqualTo(etl.name());
    assertThat(etl.displayName()).isEqualTo("Nightly ETL");
    assertThat(identity.exists(etl.name())).isTrue();
    IssuedSecret secret = secret(etl);
    AccessToken token = login(etl.name(), secret.secret());
    assertThat(token.expiresIn()).isEqualTo(3600);
    assertThat(token.tokenType()).isEqualTo("Bearer");
    assertThat(identity.authenticate(token.accessToken()))
        .isEqualTo(new Principal(etl.name(), Set.of("loaders"), false));
    List<String> kept =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT secret_hash FROM service_principal_secrets")
                        .mapTo(String.class)
                        .list());
    assertThat(kept).hasSize(1).noneMatch(stored -> stored.contains(secret.secret().substring(4)));
    assertThat(secret.toString() + token).doesNotContain(secret.secret(), token.accessToken());

    // Personal access tokens on behalf of it work too.
    IssuedToken pat = identity.tokens().createFor(admin, etl.name(), null, Optional.empty());
    assertThat(identity.authenticate(pat.tokenValue()).name()).isEqualTo(etl.name());
  }

  @Test
  void anAccessTokenEndsWithItsTimeItsSecretAndItsServicePrincipal() {
    PrincipalInfo etl = servicePrincipal("etl");
    IssuedSecret one = secret(etl);
    IssuedSecret two = secret(etl);
    String byOne = login(etl.name(), one.secret()).accessToken();
    String byTwo = login(etl.name(), two.secret()).accessToken();
    identity.secrets().delete(admin, etl.id(), one.info().id());
    refused(byOne);
    assertThat(identity.authenticate(byTwo).name()).isEqualTo(etl.name());

    identity.directory().change(admin, PrincipalType.SERVICE_PRINCIPAL, etl.id(), active(false));
    refused(byTwo);
    assertThatThrownBy(() -> login(etl.name(), two.secret())).isInstanceOf(OAuthException.class);
    identity.directory().change(admin, PrincipalType.SERVICE_PRINCIPAL, etl.id(), active(true));
    assertThat(identity.authenticate(byTwo).name()).isEqualTo(etl.name());

    clock.pass(HOUR.minusMillis(1));
    assertThat(identity.authenticate(byTwo).name()).isEqualTo(etl.name());
    clock.pass(Duration.ofMillis(1));
    refused(byTwo);

    String fresh = login(etl.name(), two.secret()).accessToken();
    identity.directory().delete(admin, PrincipalType.SERVICE_PRINCIPAL, etl.id());
    refused(fresh);
    assertThatThrownBy(() -> login(etl.name(), two.secret())).isInstanceOf(OAuthException.class);
  }

  @Test
  void whatIsWrongWithALoginIsNotTold() {
    PrincipalInfo etl = servicePrincipal("etl");
    PrincipalInfo other = servicePrincipal("other");
    IssuedSecret secret = secret(etl);
    IssuedSecret brief = identity.secrets().create(admin, etl.id(), Optional.of(HOUR));
    clock.pass(HOUR);
    user("ann");
    String[][] wrong = {
      {etl.name(), "dose00"},
      {etl.name(), ""},
      {etl.name(), null},
      {null, secret.secret()},
      {other.name(), secret.secret()},
      {UUID.randomUUID().toString(), secret.secret()},
      {etl.name(), brief.secret()},
      {"ann", secret.secret()},
    };
    for (String[] each : wrong) {
      assertThatThrownBy(() -> login(each[0], each[1]))
          .isInstanceOfSatisfying(
              OAuthException.class, e -> assertThat(e.error()).isEqualTo("invalid_client"))
          .hasMessage("The client's id or secret is not valid.");
    }
    assertThat(login(etl.name().toUpperCase(java.util.Locale.ROOT), secret.secret())).isNotNull();
    oauthFails("unsupported_grant_type", "password", etl.name(), secret.secret(), null);
    oauthFails("invalid_request", null, etl.name(), secret.secret(), null);
    oauthFails("invalid_scope", "client_credentials", etl.name(), secret.secret(), "sql");
    oauthFails("invalid_client", "client_credentials", etl.name(), "x", "sql");
  }

  private void oauthFails(String error, String grant, String id, String secret, String scope) {
    assertThatThrownBy(
            () -> identity.oauth().issue(HERE, new TokenRequest(grant, id, secret, scope)))
        .isInstanceOfSatisfying(OAuthException.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  @Test
  void secretsAreFewEndAndAreForAdministrators() {
    PrincipalInfo etl = servicePrincipal("etl");
    for (int i = 0; i < 5; i++) {
      secret(etl);
    }
    fails(ErrorCode.RESOURCE_EXHAUSTED, "5 secrets", () -> secret(etl));
    assertThat(identity.secrets().list(admin, etl.id()))
        .hasSize(5)
        .allMatch(info -> info.status().equals("ACTIVE"));
    clock.pass(Duration.ofDays(730));
    assertThat(identity.secrets().list(admin, etl.id()))
        .allMatch(info -> info.status().equals("EXPIRED"));
    PrincipalInfo ann = user("ann");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "ann",
        () -> identity.secrets().list(identity.principal("ann"), etl.id()));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "ServicePrincipal",
        () -> identity.secrets().create(admin, ann.id(), Optional.empty()));
  }

  @Test
  void keysRotateByThemselvesAndOldTokensStayValidUntilTheyExpire() throws Exception {
    PrincipalInfo etl = servicePrincipal("etl");
    IssuedSecret secret = secret(etl);
    login(etl.name(), secret.secret());
    String firstKey = Files.readString(data.resolve("oauth.key"));
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("oauth.key"))))
        .isEqualTo("rw-------");
    clock.pass(Duration.ofDays(30).minusSeconds(1));
    String last = login(etl.name(), secret.secret()).accessToken();
    assertThat(Files.readString(data.resolve("oauth.key"))).isEqualTo(firstKey);
    clock.pass(Duration.ofSeconds(1));
    String first = login(etl.name(), secret.secret()).accessToken();
    assertThat(Files.readString(data.resolve("oauth.key"))).isNotEqualTo(firstKey);
    assertThat(keys()).as("both are published").hasSize(2);
    assertThat(keys().toString()).doesNotContain(" d=", "{d=");
    assertThat(identity.authenticate(last).name()).isEqualTo(etl.name());
    assertThat(identity.authenticate(first).name()).isEqualTo(etl.name());
    clock.pass(HOUR.plusMinutes(2));
    refused(last);
    assertThat(keys()).hasSize(1);
  }

  private List<?> keys() {
    return (List<?>) identity.oauth().publicKeys().get("keys");
  }

  @Test
  void anAdministratorRotatesKeysAndMayRevokeWhatTheySigned() {
    PrincipalInfo etl = servicePrincipal("etl");
    IssuedSecret secret = secret(etl);
    String before = login(etl.name(), secret.secret()).accessToken();
    identity.oauth().rotateKeys(admin, false);
    assertThat(identity.authenticate(before).name()).isEqualTo(etl.name());
    identity.oauth().rotateKeys(admin, true);
    refused(before);
    assertThat(keys()).hasSize(1);
    String after = login(etl.name(), secret.secret()).accessToken();
    assertThat(identity.authenticate(after).name()).isEqualTo(etl.name());
    Principal asEtl = identity.principal(etl.name());
    fails(ErrorCode.PERMISSION_DENIED, "rotate", () -> identity.oauth().rotateKeys(asEtl, true));
  }

  @Test
  void tokensAndKeysSurviveARestartAndALostKeyIsReplaced() throws Exception {
    PrincipalInfo etl = servicePrincipal("etl");
    IssuedSecret secret = secret(etl);
    String before = login(etl.name(), secret.secret()).accessToken();
    identity = new Identity(database, data, clock);
    assertThat(identity.authenticate(before).name()).isEqualTo(etl.name());
    login(etl.name(), secret.secret());
    assertThat(keys()).as("the same key signs").hasSize(1);
    for (String damaged : new String[] {"", "{", "{\"kty\":\"EC\"}"}) {
      Files.writeString(data.resolve("oauth.key"), damaged);
      identity = new Identity(database, data, clock);
      String after = login(etl.name(), secret.secret()).accessToken();
      assertThat(identity.authenticate(after).name()).isEqualTo(etl.name());
      assertThat(identity.authenticate(before).name()).isEqualTo(etl.name());
    }
  }

  @Test
  void serversThatShareTheDatabaseTakeEachOthersTokens(@TempDir Path otherFolder) {
    PrincipalInfo etl = servicePrincipal("etl");
    IssuedSecret secret = secret(etl);
    Identity other = new Identity(database, otherFolder, clock);
    AccessToken there =
        other
            .oauth()
            .issue(
                URI.create("http://other:1"),
                new TokenRequest("client_credentials", etl.name(), secret.secret(), null));
    assertThat(identity.authenticate(there.accessToken()).name()).isEqualTo(etl.name());
    String here = login(etl.name(), secret.secret()).accessToken();
    assertThat(other.authenticate(here).name()).isEqualTo(etl.name());
    assertThat(keys()).hasSize(2);
  }

  /** Not every database takes a NUL in a text: what has one must not get as far. */
  @Test
  void hostileTextsAreRefusedOrUnknown() {
    PrincipalInfo etl = servicePrincipal("etl");
    for (String hostile : List.of("\0", "a\0b", "\ud800", "' OR '1'='1", "x".repeat(10_000))) {
      refused(hostile);
      refused(hostile + "." + hostile + "." + hostile);
      assertThat(identity.exists(hostile)).isFalse();
      assertThat(identity.directory().find(hostile)).isEmpty();
      oauthFails("invalid_client", "client_credentials", hostile, hostile, null);
      fails(
          ErrorCode.RESOURCE_DOES_NOT_EXIST, "token", () -> identity.tokens().get(admin, hostile));
      fails(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "token",
          () -> identity.tokens().revoke(admin, hostile));
      fails(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "no such secret",
          () -> identity.secrets().delete(admin, etl.id(), hostile));
    }
    for (String hostile : List.of("\0", "a\0b", "x".repeat(10_000))) {
      PrincipalChange change =
          new PrincipalChange(Optional.of(hostile), Optional.empty(), Optional.of(hostile));
      fails(ErrorCode.INVALID_PARAMETER_VALUE, "characters", () -> user(hostile));
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "characters",
          () -> identity.directory().createUser(admin, "eve", change, List.of()));
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "characters",
          () -> identity.groups().create(admin, "evil", hostile, Set.of()));
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "characters",
          () -> identity.tokens().create(admin, hostile, Optional.empty()));
    }
    assertThat(identity.exists("eve") || identity.exists("evil")).isFalse();
  }

  /** A folder of the first release, with its users, groups and tokens. */
  @Test
  void aDatabaseOfTheFirstReleaseIsTakenOver(@TempDir Path folder) {
    DatabaseConfig old = newDatabase();
    String url = old.url() == null ? "jdbc:sqlite:" + folder.resolve("metadata.db") : old.url();
    Flyway.configure()
        .dataSource(url, old.user(), old.password())
        .locations("classpath:dev/tarn/platform/identity")
        .table("schema_history")
        .target("101")
        .load()
        .migrate();
    org.jdbi.v3.core.Jdbi.create(url)
        .useHandle(
            handle -> {
              handle.execute("INSERT INTO users VALUES ('admin', 1001, 5), ('ann', 1002, 6)");
              handle.execute("INSERT INTO user_groups VALUES ('admins', 5), ('analysts', 6)");
              handle.execute(
                  "INSERT INTO group_members VALUES ('admins', 'admin'), ('analysts', 'ann')");
              handle.execute(
                  "INSERT INTO tokens VALUES ('t1', '"
                      + dev.tarn.platform.identity.secrets.Secret.hash("dapi1")
                      + "', 'ann', 'old', 7, NULL)");
            });
    try (MetadataDatabase opened = MetadataDatabase.open(old, folder, Platform.MIGRATIONS)) {
      Identity taken = new Identity(opened, folder, clock);
      taken.bootstrapAdministrator(folder);
      assertThat(taken.authenticate("dapi1"))
          .isEqualTo(new Principal("ann", Set.of("analysts"), false));
      Principal first = taken.principal("admin");
      assertThat(first.administrator()).isTrue();
      List<Long> groups = taken.groups().list(first).stream().map(Group::id).toList();
      assertThat(groups).containsExactly(1003L, 1004L);
      assertThat(taken.directory().createUser(first, "bob", PrincipalChange.none(), List.of()).id())
          .isEqualTo(1005);
    }
  }
}
