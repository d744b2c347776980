package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NamespaceChange;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableType;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of securables on every metadata database. */
abstract class SecurablesContract {
  static final SchemaName FLIGHTS = new SchemaName("main", "flights");

  @TempDir Path data;
  Platform platform;
  Govern govern;
  Principal admin;
  Principal ann;

  abstract DatabaseConfig newDatabase();

  @BeforeEach
  void open() {
    platform = new Platform(data, newDatabase(), Govern.MIGRATIONS);
    govern =
        new Govern(
            platform.database(), platform.identity()::exists, data.resolve("storage").toString());
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    platform.identity().directory().createUser(admin, "ann", PrincipalChange.none(), List.of());
    ann = platform.identity().principal("ann");
    govern.schemas().create(admin, FLIGHTS, null, Map.of());
  }

  @AfterEach
  void close() {
    platform.close();
  }

  NewTable newTable(EntityName name) {
    return new NewTable(
        name,
        TableType.MANAGED,
        "DELTA",
        govern.locations().newTable(),
        null,
        List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
        Map.of(),
        null);
  }

  void grant(Securable on, Privilege... privileges) {
    govern.grants().grant(admin, on, "ann", Set.of(privileges));
  }

  static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private static NamespaceChange renamed(String name) {
    return new NamespaceChange(
        Optional.of(name),
        Optional.of("moved"),
        Optional.empty(),
        Optional.of(Map.of("k", "v")),
        Optional.of(true));
  }

  @Test
  void a_renamed_catalog_takes_its_contents_and_their_grants_along() {
    EntityName table = FLIGHTS.child("gold");
    govern.tables().register(admin, newTable(table));
    govern.volumes().create(admin, FLIGHTS.child("raw"), Optional.empty(), null);
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    grant(Securable.table(table), Privilege.SELECT);
    String id = govern.catalogs().get(admin, "main").catalogId();
    String schemaId = govern.schemas().get(admin, FLIGHTS).schemaId();

    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE",
        () -> govern.catalogs().update(ann, "main", renamed("mine")));
    grant(Securable.catalog("main"), Privilege.MANAGE);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE CATALOG",
        () -> govern.catalogs().update(ann, "main", renamed("mine")));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "reserved",
        () -> govern.catalogs().update(admin, "main", renamed("system")));
    govern.catalogs().create(admin, "other", null);
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "other",
        () -> govern.catalogs().update(admin, "main", renamed("Other")));

    assertThat(govern.catalogs().update(admin, "main", renamed("Prod")))
        .satisfies(
            c -> {
              assertThat(c.name()).isEqualTo("prod");
              assertThat(c.catalogId()).isEqualTo(id);
              assertThat(c.comment()).isEqualTo("moved");
              assertThat(c.properties()).isEqualTo(Map.of("k", "v"));
              assertThat(c.isolated()).isTrue();
              assertThat(c.updatedBy()).isEqualTo("admin");
            });
    fails(ErrorCode.CATALOG_DOES_NOT_EXIST, "main", () -> govern.catalogs().get(admin, "main"));
    EntityName moved = new EntityName("prod", "flights", "gold");
    assertThat(govern.schemas().get(ann, moved.parent()).schemaId()).isEqualTo(schemaId);
    assertThat(govern.tables().list(ann, moved.parent()))
        .extracting(t -> t.name())
        .containsExactly(moved);
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.table(moved))).isTrue();
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.table(table))).isFalse();
    assertThat(govern.volumes().find(moved.parent().child("raw"))).isPresent();
  }

  @Test
  void a_renamed_schema_takes_its_contents_and_their_grants_along() {
    EntityName table = FLIGHTS.child("gold");
    govern.tables().register(admin, newTable(table));
    grant(Securable.table(table), Privilege.SELECT);
    govern.schemas().create(admin, new SchemaName("main", "taken"), null, Map.of());
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "main.taken",
        () -> govern.schemas().update(admin, FLIGHTS, renamed("taken")));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "information_schema",
        () -> govern.schemas().update(admin, FLIGHTS, renamed("information_schema")));
    assertThat(govern.schemas().update(admin, FLIGHTS, renamed("air")).name())
        .isEqualTo(new SchemaName("main", "air"));
    assertThat(govern.schemas().find(FLIGHTS)).isEmpty();
    EntityName moved = new EntityName("main", "air", "gold");
    assertThat(govern.tables().find(moved)).isPresent();
    assertThat(govern.tables().find(table)).isEmpty();
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.table(moved))).isTrue();
  }

  @Test
  void a_renamed_volume_keeps_its_files_and_grants() {
    EntityName raw = FLIGHTS.child("raw");
    String location = govern.volumes().create(admin, raw, Optional.empty(), null).storageLocation();
    grant(Securable.volume(raw), Privilege.READ_VOLUME);
    govern.volumes().create(admin, FLIGHTS.child("taken"), Optional.empty(), null);
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "taken",
        () -> govern.volumes().rename(admin, raw, "taken"));
    assertThat(govern.volumes().rename(admin, raw, "Cooked").storageLocation()).isEqualTo(location);
    assertThat(
            govern
                .grants()
                .allows(ann, Privilege.READ_VOLUME, Securable.volume(FLIGHTS.child("cooked"))))
        .isTrue();
  }

  @Test
  void what_lets_files_leave_is_granted_by_name_and_by_the_catalogs_owner_only() {
    Securable schema = Securable.schema(FLIGHTS);
    grant(schema, Privilege.ALL_PRIVILEGES, Privilege.MANAGE);
    assertThat(govern.grants().allows(ann, Privilege.EXTERNAL_USE_SCHEMA, schema)).isFalse();
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE on Catalog 'main'",
        () -> govern.grants().grant(ann, schema, "ann", Set.of(Privilege.EXTERNAL_USE_SCHEMA)));
    assertThat(govern.grants().grantedByName(admin, Privilege.EXTERNAL_USE_SCHEMA, schema))
        .isFalse();
    grant(schema, Privilege.EXTERNAL_USE_SCHEMA);
    assertThat(
            govern
                .grants()
                .grantedByName(
                    ann, Privilege.EXTERNAL_USE_SCHEMA, Securable.table(FLIGHTS.child("gold"))))
        .isTrue();
  }

  @Test
  void there_is_one_metastore_and_administrators_change_it() {
    String id = govern.metastore().id();
    fails(
        ErrorCode.PERMISSION_DENIED,
        "metastore",
        () -> govern.metastore().update(ann, Optional.of("mine"), Optional.empty()));
    assertThat(govern.metastore().update(admin, Optional.of("Lake"), Optional.of(true)))
        .satisfies(
            m -> {
              assertThat(m.metastoreId()).isEqualTo(id);
              assertThat(m.name()).isEqualTo("lake");
              assertThat(m.externalAccess()).isTrue();
            });
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "There is one",
        () -> govern.metastore().requireId("other"));
  }
}
