package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.allowlists.ArtifactType;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.DroppedTable;
import dev.tarn.govern.catalog.ForeignSource;
import dev.tarn.govern.catalog.NamespaceChange;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.catalog.VolumeInfo;
import dev.tarn.govern.connections.ConnectionChange;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.listing.Page;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.encryption.EncryptionKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds of securables on every metadata database. */
abstract class SecurablesContract extends RoomContract {
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

  private Govern keeping(Duration dropped) {
    return new Govern(
        platform.database(),
        platform.identity()::exists,
        data.resolve("storage").toString(),
        new Govern.Deployment(() -> 1, dropped, EncryptionKey.ephemeral()));
  }

  @Test
  void a_dropped_table_comes_back_with_its_grants() {
    EntityName gold = FLIGHTS.child("gold");
    TableInfo first = govern.tables().register(admin, newTable(gold));
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    grant(Securable.table(gold), Privilege.SELECT);
    govern.tables().delete(admin, gold);
    assertThat(govern.tables().find(gold)).isEmpty();
    TableInfo second = govern.tables().register(admin, newTable(gold));
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.table(gold)))
        .as("grants wait for the old one")
        .isFalse();

    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "RENAME TO",
        () -> govern.droppedTables().undrop(admin, gold, false));
    govern.tables().delete(admin, gold);
    assertThat(govern.droppedTables().list(admin, FLIGHTS))
        .extracting(DroppedTable::tableId)
        .containsExactlyInAnyOrder(first.tableId(), second.tableId());
    assertThat(govern.droppedTables().list(ann, FLIGHTS)).isEmpty();
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        "SHOW TABLES DROPPED",
        () -> govern.droppedTables().undrop(ann, first.tableId(), false));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "no materialized view",
        () -> govern.droppedTables().undrop(admin, first.tableId(), true));
    govern.droppedTables().undrop(admin, first.tableId(), false);
    assertThat(govern.tables().find(gold)).contains(first);
    assertThat(govern.grants().allows(ann, Privilege.SELECT, Securable.table(gold))).isTrue();
    assertThat(govern.droppedTables().list(admin, FLIGHTS))
        .extracting(DroppedTable::tableId)
        .containsExactly(second.tableId());
    assertThat(govern.droppedTables().expire()).isEmpty();
  }

  @Test
  void an_owner_brings_back_what_was_theirs_and_may_make() {
    EntityName gold = FLIGHTS.child("gold");
    govern.tables().register(admin, newTable(gold));
    govern.tables().setOwner(admin, gold, "ann");
    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    govern.tables().delete(ann, gold);
    assertThat(govern.droppedTables().list(ann, FLIGHTS)).isEmpty();
    grant(Securable.schema(FLIGHTS), Privilege.CREATE_TABLE);
    assertThat(govern.droppedTables().list(ann, FLIGHTS)).hasSize(1);
    govern.droppedTables().undrop(ann, gold, false);
    assertThat(govern.tables().find(gold)).isPresent();
  }

  @Test
  void tables_of_a_dropped_schema_come_back_into_one_of_its_name() {
    EntityName gold = FLIGHTS.child("gold");
    govern.tables().register(admin, newTable(gold));
    String files =
        govern
            .volumes()
            .create(admin, FLIGHTS.child("raw"), Optional.empty(), null)
            .storageLocation();
    govern.schemas().delete(admin, FLIGHTS, true);
    fails(
        ErrorCode.SCHEMA_DOES_NOT_EXIST,
        "flights",
        () -> govern.droppedTables().undrop(admin, gold, false));
    govern.schemas().create(admin, FLIGHTS, null, Map.of());
    govern.schemas().update(admin, FLIGHTS, renamed("air"));
    EntityName moved = new EntityName("main", "air", "gold");
    govern.droppedTables().undrop(admin, moved, false);
    assertThat(govern.tables().find(moved)).isPresent();
    assertThat(govern.droppedTables().expire()).as("files stay a while").isEmpty();
    govern.droppedTables().purge("none", files);
    assertThat(govern.droppedTables().expire()).containsExactly(files);
    govern.droppedTables().removed(files);
    assertThat(govern.droppedTables().expire()).isEmpty();
  }

  @Test
  void managed_storage_is_kept_until_nothing_in_it_can_come_back() {
    String root = data.resolve("lake").toString();
    govern.externalLocations().create(admin, "lake", root, null, false);
    CatalogInfo made = govern.catalogs().create(admin, "c", null, Map.of(), Optional.of(root));
    SchemaName schema = new SchemaName("c", "s");
    SchemaInfo own = govern.schemas().create(admin, schema, null, Map.of(), Optional.of(root));
    govern.catalogs().update(admin, "c", renamed("sales"));
    govern.schemas().update(admin, new SchemaName("sales", "s"), renamed("own"));
    assertThat(govern.catalogs().get(admin, "sales").storage()).isEqualTo(made.storage());
    SchemaName moved = new SchemaName("sales", "own");
    assertThat(govern.schemas().get(admin, moved).storage()).isEqualTo(own.storage());

    String first = own.storage().orElseThrow().location();
    govern.schemas().update(admin, moved, NamespaceChange.ofStorageRoot(root + "/second"));
    String second = govern.storage().of(moved).root();
    assertThat(second).startsWith("file://" + root + "/second/__unitystorage/schemas/");
    Govern impatient = keeping(Duration.ofMinutes(-2));
    EntityName name = moved.child("gold");
    String location = govern.storage().of(moved).newTable();
    impatient.tables().register(admin, managed(name, location));
    impatient.catalogs().delete(admin, "sales", true);
    assertThat(impatient.droppedTables().expire())
        .as("what was in it goes first")
        .containsExactlyInAnyOrder(location, made.storage().orElseThrow().location());
    NewTable around =
        new NewTable(
            FLIGHTS.child("around"),
            TableType.EXTERNAL,
            "DELTA",
            root,
            null,
            List.of(),
            Map.of(),
            null);
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "what was dropped and may come back",
        () -> govern.tables().register(admin, around));
    for (String gone : List.of(location, made.storage().orElseThrow().location())) {
      impatient.droppedTables().removed(gone);
    }
    assertThat(impatient.droppedTables().expire()).containsExactly(second);
    impatient.droppedTables().removed(second);
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "overlaps",
        () -> govern.tables().register(admin, around));
    assertThat(govern.droppedTables().expire()).as("retired by who keeps longer").isEmpty();
    assertThat(first).startsWith("file://" + root + "/__unitystorage/schemas/");
  }

  private static NewTable managed(EntityName name, String location) {
    return new NewTable(
        name, TableType.MANAGED, "DELTA", location, null, List.of(), Map.of(), null);
  }

  @Test
  void what_is_gone_does_not_come_back() {
    EntityName gold = FLIGHTS.child("gold");
    Govern impatient = keeping(Duration.ofMinutes(-2));
    TableInfo table = impatient.tables().register(admin, newTable(gold));
    impatient.tables().delete(admin, gold);
    assertThat(govern.droppedTables().list(admin, FLIGHTS)).isEmpty();
    fails(
        ErrorCode.TABLE_DOES_NOT_EXIST,
        "its time is over",
        () -> govern.droppedTables().undrop(admin, table.tableId(), false));
    assertThat(govern.droppedTables().expire()).containsExactly(table.storageLocation());
    govern.tables().register(admin, newTable(gold));
    govern.tables().purge(admin, gold);
    assertThat(govern.droppedTables().list(admin, FLIGHTS)).isEmpty();
    assertThat(govern.droppedTables().expire()).hasSize(2);
  }

  @Test
  void an_external_table_comes_back_unless_its_files_are_anothers() {
    EntityName gold = FLIGHTS.child("gold");
    NewTable external =
        new NewTable(
            gold,
            TableType.EXTERNAL,
            "DELTA",
            data.resolve("elsewhere/gold").toString(),
            null,
            List.of(),
            Map.of(),
            null);
    govern.tables().register(admin, external);
    govern.tables().delete(admin, gold);
    govern
        .volumes()
        .create(
            admin, FLIGHTS.child("taker"), Optional.of(data.resolve("elsewhere").toString()), null);
    fails(
        ErrorCode.RESOURCE_CONFLICT,
        "main.flights.taker",
        () -> govern.droppedTables().undrop(admin, gold, false));
    govern.volumes().delete(admin, FLIGHTS.child("taker"));
    govern.droppedTables().undrop(admin, gold, false);
    assertThat(govern.tables().find(gold)).isPresent();
    assertThat(govern.droppedTables().expire()).as("no files of others").isEmpty();
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

  @Test
  void a_foreign_catalog_is_kept_and_says_if_it_cannot_be_read() {
    govern
        .connections()
        .create(
            admin,
            new Connections.NewConnection(
                "shop",
                "POSTGRESQL",
                Map.of("host", "db.example", "password", "p"),
                Map.of(),
                null,
                false));
    Map<String, String> database = Map.of("database", "sales");
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "shop", () -> foreign(ann, "far", "shop", database));
    grant(Securable.connection("shop"), Privilege.USE_CONNECTION);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE FOREIGN CATALOG",
        () -> foreign(ann, "far", "shop", database));
    grant(Securable.connection("shop"), Privilege.CREATE_FOREIGN_CATALOG);
    fails(
        ErrorCode.PERMISSION_DENIED, "CREATE CATALOG", () -> foreign(ann, "far", "shop", database));
    grant(Securable.METASTORE, Privilege.CREATE_CATALOG);
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "'database'",
        () -> foreign(ann, "far", "shop", Map.of()));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "'password'",
        () -> foreign(ann, "far", "shop", Map.of("database", "sales", "password", "p")));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "'host'",
        () -> foreign(ann, "far", "shop", Map.of("database", "sales", "host", "evil.example")));

    CatalogInfo made = foreign(ann, "far", "shop", database);
    assertThat(govern.catalogs().get(ann, "far")).isEqualTo(made);
    fails(ErrorCode.RESOURCE_CONFLICT, "'far'", () -> govern.connections().delete(admin, "shop"));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "'Port'",
        () -> options(Map.of("database", "sales", "Port", "6000")));
    govern
        .grants()
        .revoke(
            admin, Securable.connection("shop"), "ann", Set.of(Privilege.CREATE_FOREIGN_CATALOG));
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE FOREIGN CATALOG",
        () -> options(Map.of("database", "payroll")));
    fails(ErrorCode.INVALID_PARAMETER_VALUE, "'database'", () -> options(Map.of()));
    assertThat(options(database).foreign()).isEqualTo(made.foreign());
    govern
        .connections()
        .update(
            admin,
            "shop",
            new ConnectionChange(
                Optional.of("store"), Optional.empty(), Optional.empty(), Optional.empty()));
    govern.catalogs().update(ann, "far", renamed("away"));
    assertThat(govern.catalogs().get(ann, "away").foreign())
        .contains(new ForeignSource(made.foreign().get().connectionId(), "store", database));

    EntityName table = new EntityName("away", "public", "orders");
    fails(ErrorCode.NOT_IMPLEMENTED, "'away' is foreign", () -> govern.tables().find(table));
    fails(
        ErrorCode.NOT_IMPLEMENTED,
        "'away' is foreign",
        () -> govern.schemas().get(ann, table.parent()));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "'away' is foreign: what is in it is read only",
        () -> govern.schemas().create(ann, table.parent(), null, Map.of()));
    fails(
        ErrorCode.NOT_IMPLEMENTED, "'away' is foreign", () -> govern.schemas().listOf(ann, "away"));
    assertThat(govern.schemas().list(ann, "away")).isEmpty();
    govern.catalogs().delete(ann, "away", false);
    govern.connections().delete(admin, "store");
    assertThat(govern.catalogs().list(admin)).extracting(c -> c.name()).doesNotContain("away");
  }

  private CatalogInfo options(Map<String, String> options) {
    return govern.catalogs().update(ann, "far", NamespaceChange.ofOptions(options));
  }

  private CatalogInfo foreign(
      Principal by, String name, String connection, Map<String, String> options) {
    return govern.foreignCatalogs().create(by, name, null, Map.of(), connection, options);
  }

  @Test
  void an_allowlist_is_kept_by_whoever_may_manage_it() {
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE ALLOWLIST",
        () -> govern.allowlists().get(ann, ArtifactType.INIT_SCRIPT));
    grant(Securable.METASTORE, Privilege.MANAGE_ALLOWLIST);
    assertThat(govern.allowlists().get(ann, ArtifactType.INIT_SCRIPT).prefixes()).isEmpty();
    govern.allowlists().set(ann, ArtifactType.INIT_SCRIPT, List.of("/Volumes/a/", "/Volumes/b/"));
    govern.allowlists().set(ann, ArtifactType.INIT_SCRIPT, List.of("/Volumes/c/"));
    assertThat(govern.allowlists().get(ann, ArtifactType.INIT_SCRIPT))
        .satisfies(list -> assertThat(list.prefixes()).containsExactly("/Volumes/c/"))
        .satisfies(list -> assertThat(list.set().orElseThrow().by()).isEqualTo("ann"));
    assertThat(govern.allowlists().get(ann, ArtifactType.LIBRARY_MAVEN).set()).isEmpty();
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "prefix",
        () -> govern.allowlists().set(ann, ArtifactType.LIBRARY_JAR, List.of(" ")));
  }

  @Test
  void listings_go_on_after_a_name() {
    for (String name : List.of("a", "b", "c")) {
      govern.volumes().create(admin, FLIGHTS.child(name), Optional.empty(), null);
      govern.schemas().create(admin, new SchemaName("main", "s" + name), null, Map.of());
    }
    Page<VolumeInfo> first = govern.volumes().page(admin, FLIGHTS, "", 2, volume -> true);
    assertThat(first.entries()).extracting(v -> v.name().name()).containsExactly("a", "b");
    assertThat(first.next()).contains("b");
    govern.volumes().delete(admin, FLIGHTS.child("a"));
    Page<VolumeInfo> second = govern.volumes().page(admin, FLIGHTS, "b", 2, volume -> true);
    assertThat(second.entries()).extracting(v -> v.name().name()).containsExactly("c");
    assertThat(second.next()).isEmpty();

    grant(Securable.catalog("main"), Privilege.USE_CATALOG);
    grant(Securable.schema(FLIGHTS), Privilege.USE_SCHEMA);
    grant(Securable.volume(FLIGHTS.child("c")), Privilege.READ_VOLUME);
    assertThat(govern.volumes().page(ann, FLIGHTS, "", 1, volume -> true).entries())
        .extracting(v -> v.name().name())
        .containsExactly("c");
    assertThat(govern.schemas().page(admin, "main", "sa", 1, schema -> true).entries())
        .extracting(s -> s.name().schema())
        .containsExactly("sb");
    assertThat(govern.schemas().page(ann, "main", "", 5, schema -> true).entries())
        .extracting(SchemaInfo::name)
        .containsExactly(FLIGHTS);
    assertThat(govern.functions().page(admin, FLIGHTS, "", 5, function -> true).entries())
        .isEmpty();
  }
}
