package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.FunctionInfo;
import dev.tarn.govern.catalog.FunctionParameter;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.ViewContext;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.grants.Grant;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalChange;
import dev.tarn.platform.identity.tokens.IssuedToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What identity, grants and the catalog promise, over whichever database holds them. */
abstract class MetadataContract {
  static final SchemaName FLIGHTS = new SchemaName("main", "flights");
  static final EntityName GOLD = FLIGHTS.child("gold");
  static final EntityName SILVER = FLIGHTS.child("silver");

  @TempDir Path data;
  Path storage;
  DatabaseConfig config;
  Platform platform;
  Govern govern;
  Principal admin;
  Principal ann;

  abstract DatabaseConfig newDatabase();

  @BeforeEach
  void open() {
    storage = data.resolve("storage");
    config = newDatabase();
    start();
    platform
        .identity()
        .directory()
        .createUser(admin, "ann", PrincipalChange.none(), List.of("Analysts"));
    ann = platform.identity().principal("ann");
    govern.schemas().create(admin, FLIGHTS, null, Map.of());
  }

  private void start() {
    platform = new Platform(data, config, Govern.MIGRATIONS);
    govern = new Govern(platform.database(), platform.identity()::exists, storage.toString());
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private NewTable newTable(EntityName name) {
    return new NewTable(
        name,
        TableType.MANAGED,
        "DELTA",
        govern.locations().newTable(),
        "a comment",
        List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
        Map.of("delta.minReaderVersion", "3"),
        null);
  }

  private void grant(Securable on, Privilege... privileges) {
    govern.grants().grant(admin, on, "ann", Set.of(privileges));
  }

  private static void denied(String words, ThrowingCallable call) {
    fails(ErrorCode.PERMISSION_DENIED, words, call);
  }

  private static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Test
  void the_first_token_is_in_a_file_of_its_owner_and_outlives_a_restart() throws Exception {
    Path file = data.resolve("admin.token");
    String token = Files.readString(file).strip();
    assertThat(token).matches("dapi[0-9a-f]{32}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(platform.identity().authenticate(token)).isEqualTo(admin);
    platform.close();
    start();
    assertThat(Files.readString(file).strip()).isEqualTo(token);
    assertThat(platform.identity().authenticate(token).administrator()).isTrue();
  }

  @Test
  void a_revoked_first_token_stays_revoked() throws Exception {
    String token = Files.readString(data.resolve("admin.token")).strip();
    platform.identity().tokens().create(admin, "another", Optional.empty());
    platform
        .identity()
        .tokens()
        .revoke(admin, platform.identity().tokens().list(admin).get(0).tokenId());
    platform.close();
    start();
    fails(ErrorCode.UNAUTHENTICATED, "invalid", () -> platform.identity().authenticate(token));
  }

  @Test
  void tokens_expire_and_are_revoked_and_only_hashes_are_kept() {
    IssuedToken token = platform.identity().tokens().create(ann, "mine", Optional.empty());
    assertThat(platform.identity().authenticate(token.tokenValue()))
        .isEqualTo(new Principal("ann", Set.of("analysts"), false));
    List<String> stored =
        platform
            .database()
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery("SELECT token_hash FROM access_tokens")
                        .mapTo(String.class)
                        .list());
    assertThat(stored).noneMatch(text -> text.contains(token.tokenValue().substring(4)));
    assertThat(token.toString()).doesNotContain(token.tokenValue());

    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "does not exist",
        () ->
            platform
                .identity()
                .tokens()
                .revoke(ann, platform.identity().tokens().list(admin).get(0).tokenId()));
    platform.identity().tokens().revoke(ann, token.tokenInfo().tokenId());
    fails(
        ErrorCode.UNAUTHENTICATED,
        "invalid",
        () -> platform.identity().authenticate(token.tokenValue()));

    IssuedToken brief =
        platform.identity().tokens().create(ann, null, Optional.of(Duration.ofHours(1)));
    assertThat(brief.tokenInfo().expiryTime() - brief.tokenInfo().creationTime())
        .isEqualTo(3_600_000);
    platform
        .database()
        .jdbi()
        .useHandle(h -> h.execute("UPDATE access_tokens SET expires_at = 1 WHERE expires_at > 0"));
    fails(
        ErrorCode.UNAUTHENTICATED,
        "expired",
        () -> platform.identity().authenticate(brief.tokenValue()));
    for (String wrong : new String[] {null, "", "dapi", "' OR '1'='1"}) {
      fails(ErrorCode.UNAUTHENTICATED, "invalid", () -> platform.identity().authenticate(wrong));
    }
  }

  @Test
  void only_administrators_make_users_and_a_user_cannot_take_the_name_of_a_group() {
    denied(
        "create users",
        () ->
            platform
                .identity()
                .directory()
                .createUser(ann, "eve", PrincipalChange.none(), List.of("admins")));
    denied(
        "tokens for others",
        () -> platform.identity().tokens().createFor(ann, "admin", null, Optional.empty()));
    for (String taken : List.of("analysts", "Account Users", "ADMINS")) {
      fails(
          ErrorCode.RESOURCE_ALREADY_EXISTS,
          "already exists",
          () ->
              platform
                  .identity()
                  .directory()
                  .createUser(admin, taken, PrincipalChange.none(), List.of()));
    }
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "already exists",
        () ->
            platform
                .identity()
                .directory()
                .createUser(admin, "ANN", PrincipalChange.none(), List.of()));
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "already exists",
        () ->
            platform
                .identity()
                .directory()
                .createUser(admin, "bob", PrincipalChange.none(), List.of("ann")));
    assertThat(platform.identity().exists("bob")).isFalse();
  }

  @Test
  void a_service_principal_sees_what_is_granted_to_its_application_id() {
    String id =
        platform
            .identity()
            .directory()
            .createServicePrincipal(admin, Optional.empty(), PrincipalChange.none(), List.of())
            .name();
    Principal program = platform.identity().principal(id);
    denied("USE CATALOG on Catalog 'main'", () -> govern.catalogs().get(program, "main"));
    govern.grants().grant(admin, Securable.catalog("main"), id, Set.of(Privilege.USE_CATALOG));
    assertThat(govern.catalogs().get(program, "main").name()).isEqualTo("main");
  }

  @Test
  void a_new_user_sees_nothing_of_others() {
    govern.tables().register(admin, newTable(GOLD));
    assertThat(govern.catalogs().list(ann)).extracting(CatalogInfo::name).containsExactly("system");
    assertThat(govern.schemas().list(ann, "system")).isEmpty();
    denied("USE CATALOG on Catalog 'main'", () -> govern.catalogs().get(ann, "main"));
    denied("USE CATALOG on Catalog 'main'", () -> govern.schemas().list(ann, "main"));
    denied("USE CATALOG on Catalog 'main'", () -> govern.tables().list(ann, FLIGHTS));
    denied("USE CATALOG on Catalog 'main'", () -> govern.tables().get(ann, GOLD));
    denied("USE CATALOG on Catalog 'nope'", () -> govern.catalogs().get(ann, "nope"));
    denied("CREATE CATALOG on Metastore", () -> govern.catalogs().create(ann, "mine", null));
    denied("MANAGE", () -> govern.grants().list(ann, Securable.catalog("main")));
  }

  @Test
  void the_first_privilege_that_is_missing_is_named_and_a_listing_shows_what_is_granted() {
    govern.tables().register(admin, newTable(GOLD));
    govern.tables().register(admin, newTable(SILVER));
    ThrowingCallable select = () -> govern.grants().requireTable(ann, Privilege.SELECT, GOLD);
    denied("USE CATALOG on Catalog 'main'", select);
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    denied("USE SCHEMA on Schema 'main.flights'", select);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    denied("SELECT on Table 'main.flights.gold'", select);
    grant(Securable.table(GOLD), Privilege.SELECT);
    govern.grants().requireTable(ann, Privilege.SELECT, GOLD);

    assertThat(govern.tables().list(ann, FLIGHTS))
        .extracting(TableInfo::name)
        .containsExactly(GOLD);
    assertThat(govern.schemas().list(ann, "main"))
        .extracting(SchemaInfo::name)
        .containsExactly(FLIGHTS);
    denied("SELECT on Table", () -> govern.tables().get(ann, SILVER));
    denied("MODIFY", () -> govern.grants().requireTable(ann, Privilege.MODIFY, GOLD));
    denied("MANAGE", () -> govern.tables().delete(ann, GOLD));
    denied(
        "MODIFY",
        () ->
            govern
                .tables()
                .update(
                    ann,
                    GOLD,
                    new TableChange(
                        Optional.empty(), Optional.of("x"), Optional.empty(), Optional.empty())));
    denied(
        "MANAGE",
        () -> govern.grants().grant(ann, Securable.table(GOLD), "ann", Set.of(Privilege.MODIFY)));
    denied("CREATE TABLE", () -> govern.tables().register(ann, newTable(FLIGHTS.child("t"))));

    govern.grants().revoke(admin, Securable.catalog("main"), "ann", Set.of(Privilege.USE_CATALOG));
    denied("USE CATALOG on Catalog 'main'", select);
  }

  @Test
  void privileges_come_down_the_tree_through_users_groups_and_everybody() {
    Securable gold = Securable.table(GOLD);
    govern.tables().register(admin, newTable(GOLD));
    for (String grantee : List.of("ANN", "Analysts", "account users")) {
      for (Securable at : List.of(Securable.catalog("main"), Securable.schema(FLIGHTS), gold)) {
        assertThat(govern.grants().allows(ann, Privilege.SELECT, gold)).isFalse();
        govern.grants().grant(admin, at, grantee, Set.of(Privilege.SELECT));
        assertThat(govern.grants().allows(ann, Privilege.SELECT, gold))
            .as("%s %s", grantee, at)
            .isTrue();
        govern.grants().revoke(admin, at, grantee, Set.of(Privilege.SELECT));
      }
    }
    grant(Securable.schema(FLIGHTS), Privilege.SELECT);
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.catalog("main"))).isFalse();
    assertThat(
            govern
                .grants()
                .allows(
                    ann,
                    Privilege.SELECT,
                    Securable.table(new EntityName("main", "flights2", "gold"))))
        .isFalse();
  }

  @Test
  void all_privileges_gives_everything_but_manage() {
    grant(Securable.catalog("main"), Privilege.ALL_PRIVILEGES);
    govern.tables().register(admin, newTable(GOLD));
    govern.grants().requireTable(ann, Privilege.MODIFY, GOLD);
    govern.tables().register(ann, newTable(SILVER));
    denied("MANAGE", () -> govern.tables().delete(ann, GOLD));
    govern.tables().delete(ann, SILVER);
  }

  @Test
  void owners_have_everything_below_but_still_need_the_way_there() {
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.CREATE_SCHEMA);
    SchemaName own = new SchemaName("main", "own");
    assertThat(govern.schemas().create(ann, own, null, Map.of()).owner()).isEqualTo("ann");
    govern.tables().register(admin, newTable(own.child("t")));
    govern.grants().requireTable(ann, Privilege.SELECT, own.child("t"));
    govern.grants().grant(ann, Securable.schema(own), "analysts", Set.of(Privilege.SELECT));
    govern.grants().revoke(admin, Securable.catalog("main"), "ann", Set.of(Privilege.USE_CATALOG));
    denied(
        "USE CATALOG", () -> govern.grants().requireTable(ann, Privilege.SELECT, own.child("t")));
  }

  @Test
  void grants_go_with_a_rename_and_never_to_the_next_of_the_name() {
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
    govern.tables().register(admin, newTable(GOLD));
    grant(Securable.table(GOLD), Privilege.SELECT);
    govern.tables().rename(admin, GOLD, SILVER);
    assertThat(govern.tables().find(GOLD)).isEmpty();
    govern.grants().requireTable(ann, Privilege.SELECT, SILVER);
    govern.tables().register(admin, newTable(GOLD));
    denied("SELECT", () -> govern.grants().requireTable(ann, Privilege.SELECT, GOLD));

    govern.tables().delete(admin, SILVER);
    govern.tables().register(admin, newTable(SILVER));
    denied("SELECT", () -> govern.grants().requireTable(ann, Privilege.SELECT, SILVER));

    grant(Securable.table(GOLD), Privilege.SELECT);
    grant(Securable.schema(FLIGHTS), Privilege.MODIFY);
    fails(
        ErrorCode.RESOURCE_CONFLICT,
        "not empty",
        () -> govern.schemas().delete(admin, FLIGHTS, false));
    govern.schemas().delete(admin, FLIGHTS, true);
    govern.schemas().create(admin, FLIGHTS, null, Map.of());
    govern.tables().register(admin, newTable(GOLD));
    denied("SELECT", () -> govern.grants().requireTable(ann, Privilege.SELECT, GOLD));
    denied("MODIFY", () -> govern.grants().requireTable(ann, Privilege.MODIFY, GOLD));
  }

  @Test
  void grants_are_validated() {
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "cannot be granted",
        () -> grant(Securable.catalog("main"), Privilege.CREATE_CATALOG));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "'anne'",
        () ->
            govern
                .grants()
                .grant(admin, Securable.catalog("main"), "anne", Set.of(Privilege.USE_CATALOG)));
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        "gold",
        () -> grant(Securable.table(GOLD), Privilege.SELECT));
    long before = govern.grants().epoch();
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    assertThat(govern.grants().epoch()).isGreaterThan(before);
    assertThat(govern.grants().list(admin, Securable.catalog("MAIN")))
        .containsExactly(
            new Grant("ann", Securable.catalog("main"), Privilege.USE_CATALOG, admin.name()));
    assertThat(Privilege.parse("use  catalog")).isEqualTo(Privilege.USE_CATALOG);
    assertThat(Privilege.USE_CATALOG.sql()).isEqualTo("USE CATALOG");
  }

  @Test
  void a_table_comes_back_as_registered_also_after_a_restart() {
    TableInfo registered =
        govern.tables().register(admin, newTable(new EntityName("MAIN", "Flights", "Gold")));
    assertThat(registered.storageLocation()).startsWith("file:///").contains("/storage/tables/");
    assertThat(govern.tables().find(GOLD)).contains(registered);
    TableInfo changed =
        govern
            .tables()
            .update(
                admin,
                GOLD,
                new TableChange(
                    Optional.of(TableType.STREAMING_TABLE),
                    Optional.of("Ü'\"\\"),
                    Optional.of(
                        List.of(new ColumnInfo("m", "string", "\"string\"", 0, false, "c"))),
                    Optional.of(Map.of("k", ""))));
    assertThat(govern.tables().find(GOLD)).contains(changed);
    platform.close();
    start();
    assertThat(govern.tables().find(GOLD)).contains(changed);
    assertThat(changed.comment()).isEqualTo("Ü'\"\\");
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "already exists",
        () -> govern.tables().register(admin, newTable(GOLD)));
    fails(
        ErrorCode.SCHEMA_DOES_NOT_EXIST,
        "main.nope",
        () -> govern.tables().register(admin, newTable(new EntityName("main", "nope", "t"))));
  }

  @Test
  void no_name_reaches_over_the_files_of_another() {
    TableInfo gold = govern.tables().register(admin, newTable(GOLD));
    grant(Securable.catalog("main"), Privilege.ALL_PRIVILEGES);
    for (String location :
        List.of(
            gold.storageLocation(),
            gold.storageLocation() + "/part",
            gold.storageLocation().replace("file:///", "file:/") + "//./",
            govern.locations().root() + "/tables")) {
      for (TableType type : List.of(TableType.MANAGED, TableType.EXTERNAL)) {
        NewTable over =
            new NewTable(SILVER, type, "DELTA", location, null, List.of(), Map.of(), null);
        assertThatThrownBy(() -> govern.tables().register(ann, over))
            .isInstanceOf(TarnException.class);
        assertThatThrownBy(() -> govern.tables().register(admin, over))
            .isInstanceOf(TarnException.class);
      }
    }
    denied(
        "CREATE EXTERNAL VOLUME",
        () -> govern.volumes().create(ann, FLIGHTS.child("v"), Optional.of("/etc"), null));
    for (String outside :
        List.of("/a/../etc", "/", storage.getParent().toString(), "relative", "")) {
      assertThatThrownBy(
              () -> govern.volumes().create(admin, FLIGHTS.child("v"), Optional.of(outside), null))
          .isInstanceOf(TarnException.class);
    }
    VolumeInfo external =
        govern.volumes().create(admin, FLIGHTS.child("v"), Optional.of("/srv/landing/"), null);
    assertThat(external.storageLocation()).isEqualTo("file:///srv/landing");
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "overlaps",
        () -> govern.volumes().create(admin, FLIGHTS.child("w"), Optional.of("/srv"), null));
  }

  @Test
  void a_function_is_made_replaced_given_away_and_dropped() {
    EntityName name = FLIGHTS.child("plus");
    FunctionDefinition first = function("n + 1");
    denied("USE CATALOG", () -> govern.functions().create(ann, name, null, first, false));
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    denied("CREATE FUNCTION", () -> govern.functions().create(ann, name, null, first, false));
    FunctionInfo made = govern.functions().create(admin, name, "adds", first, false);
    assertThat(govern.functions().find(name)).contains(made);
    denied("EXECUTE", () -> govern.functions().get(ann, name));
    assertThat(govern.functions().list(ann, FLIGHTS)).isEmpty();
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "plus",
        () -> govern.functions().create(admin, name, null, first, false));

    grant(Securable.function(name), Privilege.EXECUTE);
    assertThat(govern.functions().get(ann, name)).isEqualTo(made);
    assertThat(govern.functions().list(ann, FLIGHTS)).containsExactly(made);
    denied("MANAGE", () -> govern.functions().create(ann, name, null, first, true));
    denied("MANAGE", () -> govern.functions().delete(ann, name));
    long epoch = govern.grants().epoch();
    FunctionInfo other = govern.functions().create(admin, name, null, function("n + 2"), true);
    assertThat(govern.grants().epoch()).isGreaterThan(epoch);
    assertThat(other.functionId()).isEqualTo(made.functionId());
    assertThat(other.definition().body()).isEqualTo("n + 2");
    assertThat(govern.functions().update(admin, name, Optional.of("c"), Optional.of("ann")))
        .isEqualTo(govern.functions().find(name).orElseThrow())
        .satisfies(f -> assertThat(f.owner()).isEqualTo("ann"));
    fails(
        ErrorCode.RESOURCE_CONFLICT,
        "not empty",
        () -> govern.schemas().delete(admin, FLIGHTS, false));
    govern.functions().delete(ann, name);
    assertThat(govern.functions().find(name)).isEmpty();
    govern.functions().create(admin, name, null, first, false);
    assertThat(govern.grants().allows(ann, Privilege.EXECUTE, Securable.function(name))).isFalse();
    govern.schemas().delete(admin, FLIGHTS, true);
    assertThat(govern.functions().find(name)).isEmpty();
  }

  private static FunctionDefinition function(String body) {
    return new FunctionDefinition(
        List.of(new FunctionParameter("n", "INT", "\"integer\"", 0, "1", null)),
        "n INT DEFAULT 1",
        "INT",
        null,
        body,
        null,
        true,
        false,
        new ViewContext("main", List.of("flights"), null, null, null));
  }

  @Test
  void a_view_is_its_text_and_what_it_means() {
    ViewContext written =
        new ViewContext(
            "main",
            List.of("flights"),
            Map.of("spark.sql.ansi.enabled", "true"),
            "COMPENSATION",
            List.of("a", "A"));
    TableInfo view =
        govern.tables().register(admin, view("SELECT 1 AS a, 2 AS A", written, Map.of("k", "v")));
    assertThat(govern.tables().find(GOLD)).contains(view);
    assertThat(view.storageLocation()).isNull();
    assertThat(view.viewContext()).isEqualTo(written);

    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    grant(Securable.table(GOLD), Privilege.SELECT, Privilege.MODIFY);
    NewTable other = view("SELECT 3 AS a", new ViewContext("main", null, null, null, null), null);
    denied("MANAGE", () -> govern.tables().redefine(ann, other));
    long epoch = govern.grants().epoch();
    TableInfo changed = govern.tables().redefine(admin, other);
    assertThat(govern.grants().epoch()).isGreaterThan(epoch);
    assertThat(govern.tables().find(GOLD)).contains(changed);
    assertThat(changed.viewDefinition()).isEqualTo("SELECT 3 AS a");
    assertThat(changed.tableId()).isEqualTo(view.tableId());
    assertThat(changed.owner()).isEqualTo("admin");
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.table(GOLD))).isTrue();

    govern.tables().register(admin, newTable(SILVER));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "no view",
        () ->
            govern
                .tables()
                .redefine(
                    admin,
                    new NewTable(
                        SILVER, TableType.VIEW, null, null, null, List.of(), Map.of(), "x")));
  }

  private static NewTable view(String text, ViewContext context, Map<String, String> properties) {
    return new NewTable(
        GOLD,
        TableType.VIEW,
        null,
        null,
        null,
        List.of(new ColumnInfo("a", "int", "\"integer\"", 0, false, null)),
        properties,
        text,
        context);
  }

  @Test
  void catalogs_are_made_given_away_and_dropped() {
    CatalogInfo dev = govern.catalogs().create(admin, "Dev", "for trying");
    assertThat(dev.name()).isEqualTo("dev");
    assertThat(govern.schemas().list(admin, "dev"))
        .extracting(schema -> schema.name().schema())
        .containsExactly("default");
    assertThat(govern.catalogs().update(admin, "dev", Optional.empty(), Optional.of("ANN")).owner())
        .isEqualTo("ann");
    assertThat(govern.catalogs().list(ann))
        .extracting(CatalogInfo::name)
        .containsExactly("dev", "system");
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "nobody",
        () -> govern.catalogs().update(admin, "dev", Optional.empty(), Optional.of("nobody")));
    govern.volumes().create(ann, new EntityName("dev", "default", "v"), Optional.empty(), null);
    fails(
        ErrorCode.RESOURCE_CONFLICT, "CASCADE", () -> govern.catalogs().delete(ann, "dev", false));
    govern.catalogs().delete(ann, "dev", true);
    fails(ErrorCode.CATALOG_DOES_NOT_EXIST, "'dev'", () -> govern.catalogs().get(admin, "dev"));
    assertThat(govern.volumes().find(new EntityName("dev", "default", "v"))).isEmpty();
  }
}
