package dev.tarn.store.temporary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.Govern;
import dev.tarn.govern.abac.PolicyDefinition;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.StagingTable;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may take files out of the platform. */
class TemporaryCredentialsIT {
  private static final SchemaName DEFAULT = new SchemaName("main", "default");
  private static final EntityName GOLD = DEFAULT.child("gold");

  @TempDir private Path data;
  private Platform platform;
  private Govern govern;
  private Principal admin;
  private final Principal ann = Principal.user("ann");
  private TemporaryCredentials temporary;
  private TableInfo gold;

  @BeforeEach
  void open() {
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    govern = new Govern(platform.database(), name -> true, data.resolve("storage").toString());
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    ObjectStores stores = ObjectStores.unconfigured();
    temporary =
        new TemporaryCredentials(
            govern,
            new Samples(govern.serverCatalogs(), govern.locations(), stores, true),
            stores,
            Clock.systemUTC());
    gold = table(GOLD, TableType.MANAGED);
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private TableInfo table(EntityName name, TableType type) {
    return govern
        .tables()
        .register(
            admin,
            new NewTable(
                name,
                type,
                type == TableType.VIEW ? null : "DELTA",
                type == TableType.VIEW ? null : govern.locations().newTable(),
                null,
                List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
                Map.of(),
                type == TableType.VIEW ? "SELECT 1 AS n" : null));
  }

  private void grant(Securable on, Privilege... privileges) {
    govern.grants().grant(admin, on, "ann", Set.of(privileges));
  }

  private static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private void denied(String words, Principal who, TableInfo table, boolean write) {
    fails(ErrorCode.PERMISSION_DENIED, words, () -> temporary.ofTable(who, table.tableId(), write));
  }

  private void allowOutside() {
    govern.metastore().update(admin, Optional.empty(), Optional.of(true));
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
  }

  @Test
  void aTableNeedsEveryPrivilegeOnTheWay() {
    denied("external_access_enabled", admin, gold, false);
    govern.metastore().update(admin, Optional.empty(), Optional.of(true));
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        gold.tableId(),
        () -> temporary.ofTable(ann, gold.tableId(), false));
    allowOutside();
    grant(Securable.table(GOLD), Privilege.SELECT);
    denied("EXTERNAL USE SCHEMA", ann, gold, false);
    denied("EXTERNAL USE SCHEMA", admin, gold, false);
    grant(Securable.schema(DEFAULT), Privilege.ALL_PRIVILEGES);
    denied("EXTERNAL USE SCHEMA", ann, gold, false);
    govern
        .grants()
        .revoke(admin, Securable.schema(DEFAULT), "ann", Set.of(Privilege.ALL_PRIVILEGES));
    grant(Securable.schema(DEFAULT), Privilege.EXTERNAL_USE_SCHEMA);
    TemporaryCredential read = temporary.ofTable(ann, gold.tableId(), false);
    assertThat(read.url()).isEqualTo(gold.storageLocation());
    assertThat(read.sas()).isEmpty();
    denied("MODIFY", ann, gold, true);
    grant(Securable.table(GOLD), Privilege.MODIFY);
    assertThat(temporary.ofTable(ann, gold.tableId(), true).url()).isEqualTo(read.url());
    govern.grants().revoke(admin, Securable.table(GOLD), "ann", Set.of(Privilege.SELECT));
    denied("SELECT", ann, gold, true);
  }

  @Test
  void whatIsHiddenIsNotHandedOut() {
    allowOutside();
    grant(
        Securable.schema(DEFAULT),
        Privilege.SELECT,
        Privilege.MODIFY,
        Privilege.EXTERNAL_USE_SCHEMA);
    denied("view", ann, table(DEFAULT.child("v"), TableType.VIEW), false);
    denied("materialized view", ann, table(DEFAULT.child("m"), TableType.MATERIALIZED_VIEW), false);
    assertThat(temporary.ofTable(ann, gold.tableId(), false).url()).isNotEmpty();
    EntityName none = DEFAULT.child("none");
    govern
        .functions()
        .create(
            admin,
            none,
            null,
            new FunctionDefinition(
                List.of(), "", "BOOLEAN", List.of(), "false", null, true, false, null),
            false);
    govern.tables().filters().setRowFilter(admin, GOLD, none, List.of());
    denied("row filter", ann, gold, false);
    denied("row filter", ann, gold, true);
  }

  @Test
  void whatAColumnHidThatIsGoneIsNotHandedOut() {
    allowOutside();
    grant(Securable.schema(DEFAULT), Privilege.SELECT, Privilege.EXTERNAL_USE_SCHEMA);
    EntityName none = DEFAULT.child("none");
    govern
        .functions()
        .create(
            admin,
            none,
            null,
            new FunctionDefinition(
                List.of(), "", "BOOLEAN", List.of(), "false", null, true, false, null),
            false);
    govern.tagPolicies().create(admin, "pii", null, List.of());
    govern.tags().create(admin, TaggedEntity.column(Securable.table(GOLD), "n"), "pii", "yes");
    govern
        .policies()
        .create(
            admin,
            Securable.table(GOLD),
            "hide",
            new PolicyDefinition(
                null,
                PolicyDefinition.Kind.ROW_FILTER,
                List.of("ann"),
                List.of(),
                null,
                List.of(new PolicyDefinition.MatchedColumn("has_tag('pii')", null)),
                none.fullName(),
                null,
                null,
                List.of()),
            false);
    denied("policies", ann, gold, false);
    govern
        .tables()
        .update(
            admin,
            GOLD,
            new TableChange(
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.of(new ColumnInfo("k", "bigint", "\"long\"", 0, true, null))),
                Optional.empty()));
    denied("policies", ann, gold, false);
  }

  @Test
  void aVolumeAndAPathAreHandedOutAsGranted() {
    VolumeInfo raw = govern.volumes().create(admin, DEFAULT.child("raw"), Optional.empty(), null);
    allowOutside();
    fails(
        ErrorCode.VOLUME_DOES_NOT_EXIST,
        raw.volumeId(),
        () -> temporary.ofVolume(ann, raw.volumeId(), false));
    grant(Securable.schema(DEFAULT), Privilege.READ_VOLUME);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "EXTERNAL USE SCHEMA",
        () -> temporary.ofVolume(ann, raw.volumeId(), false));
    grant(Securable.schema(DEFAULT), Privilege.EXTERNAL_USE_SCHEMA);
    assertThat(temporary.ofVolume(ann, raw.volumeId(), false).url())
        .isEqualTo(raw.storageLocation());
    fails(
        ErrorCode.PERMISSION_DENIED,
        "WRITE VOLUME",
        () -> temporary.ofVolume(ann, raw.volumeId(), true));

    String outside = "file://" + data.resolve("outside");
    govern.externalLocations().create(admin, "outside", outside, null, null, true);
    List<Privilege> read = List.of(Privilege.READ_FILES);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "EXTERNAL USE LOCATION",
        () -> temporary.ofPath(admin, outside + "/a", read, false));
    grant(
        Securable.externalLocation("outside"),
        Privilege.EXTERNAL_USE_LOCATION,
        Privilege.READ_FILES,
        Privilege.WRITE_FILES);
    assertThat(temporary.ofPath(ann, outside + "/a/", read, false).url()).isEqualTo(outside + "/a");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "read-only",
        () -> temporary.ofPath(ann, outside + "/a", List.of(Privilege.WRITE_FILES), true));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "..",
        () -> temporary.ofPath(ann, outside + "/../storage", read, false));
    govern.volumes().create(admin, DEFAULT.child("ext"), Optional.of(outside + "/a/deep"), null);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "overlaps",
        () -> temporary.ofPath(ann, outside + "/a", read, false));
    fails(
        ErrorCode.PERMISSION_DENIED,
        "external location",
        () -> temporary.ofPath(ann, gold.storageLocation(), read, false));
  }

  @Test
  void aTableThatTheCatalogManagesIsItsMakersUntilItIsThere() {
    EntityName name = DEFAULT.child("managed");
    allowOutside();
    grant(Securable.schema(DEFAULT), Privilege.CREATE_TABLE, Privilege.EXTERNAL_USE_SCHEMA);
    StagingTable staged = govern.commits().stage(ann, name);
    assertThat(temporary.ofTable(ann, staged.tableId(), true).url()).isEqualTo(staged.location());
    for (Principal other : List.of(admin, Principal.user("bob"))) {
      fails(
          ErrorCode.TABLE_DOES_NOT_EXIST,
          staged.tableId(),
          () -> temporary.ofTable(other, staged.tableId(), true));
    }
    TableInfo made =
        govern
            .commits()
            .create(
                ann,
                new NewTable(
                    name,
                    TableType.MANAGED,
                    "DELTA",
                    staged.location(),
                    null,
                    List.of(),
                    Map.of(Commits.TABLE_ID, staged.tableId(), Commits.FEATURE, "supported"),
                    null),
                each -> {});
    assertThat(made.tableId()).isEqualTo(staged.tableId());
    assertThat(temporary.ofTable(ann, made.tableId(), true).url()).isEqualTo(staged.location());
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        made.tableId(),
        () -> temporary.ofTable(Principal.user("bob"), made.tableId(), false));
    govern.tables().setOwner(admin, name, "admin");
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        made.tableId(),
        () -> temporary.ofTable(ann, made.tableId(), false));
    grant(Securable.table(name), Privilege.SELECT);
    assertThat(temporary.ofTable(ann, made.tableId(), false).url()).isEqualTo(staged.location());
    denied("MODIFY", ann, made, true);
    grant(Securable.table(name), Privilege.MODIFY);
    assertThat(temporary.ofTable(ann, made.tableId(), true).url()).isEqualTo(staged.location());
    govern
        .grants()
        .revoke(admin, Securable.schema(DEFAULT), "ann", Set.of(Privilege.EXTERNAL_USE_SCHEMA));
    denied("EXTERNAL USE SCHEMA", ann, made, false);
  }
}
