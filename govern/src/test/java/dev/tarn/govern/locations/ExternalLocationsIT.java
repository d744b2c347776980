package dev.tarn.govern.locations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.Govern;
import dev.tarn.govern.bindings.Binding;
import dev.tarn.govern.bindings.Bindings;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.StorageRoot;
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

class ExternalLocationsIT {
  private static final String URL = "abfss://raw@lake.dfs.core.windows.net/in";

  @TempDir private Path data;
  private Platform platform;
  private Govern govern;
  private ExternalLocations locations;
  private Principal admin;
  private Principal ann;

  @BeforeEach
  void open() {
    platform = new Platform(data, DatabaseConfig.defaults(), Govern.MIGRATIONS);
    govern =
        new Govern(
            platform.database(),
            platform.identity()::exists,
            "abfss://managed@lake.dfs.core.windows.net/tarn");
    locations = govern.externalLocations();
    admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
    for (String user : List.of("ann", "bob")) {
      platform.identity().directory().createUser(admin, user, PrincipalChange.none(), List.of());
    }
    ann = platform.identity().principal("ann");
    govern
        .grants()
        .grant(
            admin,
            Securable.catalog("main"),
            "ann",
            Set.of(
                Privilege.USE_CATALOG,
                Privilege.USE_SCHEMA,
                Privilege.CREATE_TABLE,
                Privilege.CREATE_VOLUME));
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private void allow(String location, Privilege... privileges) {
    govern.grants().grant(admin, Securable.externalLocation(location), "ann", Set.of(privileges));
  }

  private static void fails(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TarnException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private void register(Principal principal, String name, String url) {
    govern
        .tables()
        .register(
            principal,
            new NewTable(
                new EntityName("main", "default", name),
                TableType.EXTERNAL,
                "DELTA",
                url,
                null,
                List.of(),
                Map.of(),
                null));
  }

  @Test
  void areMadeSeenChangedAndRemovedByThoseWhoMay() {
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE EXTERNAL LOCATION",
        () -> locations.create(ann, "raw", URL, null, null, false));
    govern
        .grants()
        .grant(admin, Securable.METASTORE, "ann", Set.of(Privilege.CREATE_EXTERNAL_LOCATION));
    ExternalLocation made = locations.create(ann, "Raw", URL + "//x/", null, "files", false);
    assertThat(made.url()).isEqualTo(URL + "/x");
    assertThat(made.name()).isEqualTo("raw");
    assertThat(made.owner()).isEqualTo("ann");
    assertThat(locations.get(ann, "RAW")).isEqualTo(made);
    assertThat(locations.list(admin)).containsExactly(made);
    Principal bob = platform.identity().principal("bob");
    assertThat(locations.list(bob)).isEmpty();
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "raw", () -> locations.get(bob, "raw"));
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "raw",
        () -> locations.create(ann, "raw", URL + "/y", null, null, false));
    fails(
        ErrorCode.PERMISSION_DENIED,
        "server's own disks",
        () -> locations.create(ann, "etc", "/etc", null, null, false));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "abfss://",
        () -> locations.create(ann, "etc", "har:///etc", null, null, false));

    allow("raw", Privilege.READ_FILES);
    LocationChange change =
        new LocationChange(
            Optional.of("renamed"),
            Optional.of(URL),
            Optional.of("all"),
            Optional.of("bob"),
            Optional.of(true),
            Optional.empty(),
            false);
    ExternalLocation changed = locations.update(ann, "raw", change);
    assertThat(changed.locationId()).isEqualTo(made.locationId());
    assertThat(locations.get(bob, "renamed")).isEqualTo(changed);
    assertThat(changed.owner()).isEqualTo("bob");
    assertThat(locations.list(ann)).as("the grant went along").containsExactly(changed);
    fails(ErrorCode.PERMISSION_DENIED, "MANAGE", () -> locations.delete(ann, "renamed", true));
    for (LocationChange wider :
        List.of(
            new LocationChange(
                Optional.empty(),
                Optional.of(URL + "/elsewhere"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true),
            new LocationChange(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(false),
                Optional.empty(),
                false))) {
      fails(
          ErrorCode.PERMISSION_DENIED,
          "CREATE EXTERNAL LOCATION",
          () -> locations.update(bob, "renamed", wider));
    }
    locations.delete(bob, "renamed", false);
    assertThat(locations.list(admin)).isEmpty();
  }

  @Test
  void overlapWithNothing() {
    locations.create(admin, "raw", URL, null, null, false);
    locations.create(admin, "beside", URL + "2", null, null, false);
    for (String url :
        List.of(
            URL,
            URL + "/deeper",
            "abfss://raw@lake.dfs.core.windows.net/",
            URL + "/./a",
            URL.replace("abfss:", "ABFS:"),
            URL.replace("lake.dfs", "LAKE.dfs").replace(".net/", ".net:443/"))) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "overlaps with external location",
          () -> locations.create(admin, "other", url, null, null, false));
    }
    for (String url :
        List.of(
            "abfss://managed@lake.dfs.core.windows.net/tarn/tables/x",
            "abfs://managed@lake.dfs.core.windows.net/tarn/tables/x",
            "abfss://managed@lake.dfs.core.windows.net")) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "managed storage",
          () -> locations.create(admin, "other", url, null, null, false));
    }
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "'..'",
        () -> locations.create(admin, "other", URL + "3/../in", null, null, false));
    assertThat(locations.list(admin)).hasSize(2);
  }

  @Test
  void letTablesAndVolumesBeMadeOfTheirFiles() {
    ThrowingCallable table = () -> register(ann, "t", URL + "/t");
    ThrowingCallable volume =
        () ->
            govern
                .volumes()
                .create(ann, new EntityName("main", "default", "v"), Optional.of(URL + "/v"), null);
    fails(ErrorCode.PERMISSION_DENIED, "CREATE EXTERNAL TABLE", table);
    locations.create(admin, "raw", URL, null, null, false);
    fails(ErrorCode.PERMISSION_DENIED, "CREATE EXTERNAL TABLE", table);
    fails(ErrorCode.PERMISSION_DENIED, "CREATE EXTERNAL VOLUME", volume);
    allow("raw", Privilege.CREATE_EXTERNAL_TABLE, Privilege.CREATE_EXTERNAL_VOLUME);
    assertThat(locations.list(ann)).hasSize(1);
    register(ann, "t", URL + "/t");
    govern
        .volumes()
        .create(ann, new EntityName("main", "default", "v"), Optional.of(URL + "/v"), null);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE EXTERNAL TABLE",
        () -> register(ann, "u", URL + "2/t"));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE, "overlaps", () -> register(ann, "u", URL + "/t/deeper"));
    for (String pattern : List.of("/*", "/{t,x}", "/[t]", "/?", "/\\\\t")) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "patterns of names",
          () ->
              govern
                  .volumes()
                  .create(
                      ann,
                      new EntityName("main", "default", "all"),
                      Optional.of(URL + pattern),
                      null));
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "patterns of names",
          () -> catalog(admin, "all", URL + pattern));
    }

    fails(ErrorCode.INVALID_STATE, "main.default", () -> locations.delete(admin, "raw", false));
    locations.delete(admin, "raw", true);
    assertThat(govern.tables().find(new EntityName("main", "default", "t"))).isPresent();
  }

  @Test
  void letFilesBeReadThatAreNoTables() {
    locations.create(admin, "raw", URL, null, null, true);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "READ FILES",
        () -> locations.requireFiles(ann, Privilege.READ_FILES, URL + "/a"));
    allow("raw", Privilege.READ_FILES, Privilege.WRITE_FILES);
    locations.requireFiles(ann, Privilege.READ_FILES, URL + "/a");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "read-only",
        () -> locations.requireFiles(ann, Privilege.WRITE_FILES, URL + "/a"));
    register(admin, "secret", URL + "/secret");
    for (String path : List.of(URL, URL + "/secret", URL + "/secret/part.parquet")) {
      fails(
          ErrorCode.PERMISSION_DENIED,
          "main.default.secret",
          () -> locations.requireFiles(ann, Privilege.READ_FILES, path));
    }
    for (String path :
        List.of(URL + "/s*", URL + "/{secret,a}/x", URL + "/[s]ecret", URL + "/?*")) {
      fails(
          ErrorCode.PERMISSION_DENIED,
          "main.default.secret",
          () -> locations.requireFiles(ann, Privilege.READ_FILES, path));
    }
    fails(
        ErrorCode.PERMISSION_DENIED,
        "READ FILES",
        () -> locations.requireFiles(ann, Privilege.READ_FILES, URL + "*"));
    locations.requireFiles(ann, Privilege.READ_FILES, URL + "/a/*.csv");
    locations.requireFiles(admin, Privilege.READ_FILES, URL + "/secret");
    locations.requireFiles(ann, Privilege.READ_FILES, URL + "/a");
  }

  private CatalogInfo catalog(Principal principal, String name, String root) {
    return govern.catalogs().create(principal, name, null, Map.of(), Optional.of(root));
  }

  @Test
  void holdManagedStorageForThoseWhoMay() {
    govern.grants().grant(admin, Securable.METASTORE, "ann", Set.of(Privilege.CREATE_CATALOG));
    for (Principal who : List.of(ann, admin)) {
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "in no external location",
          () -> catalog(who, "sales", URL + "/sales"));
    }
    locations.create(admin, "raw", URL, null, null, false);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE MANAGED STORAGE",
        () -> catalog(ann, "sales", URL + "/sales"));
    allow("raw", Privilege.CREATE_MANAGED_STORAGE);
    CatalogInfo sales = catalog(ann, "sales", URL + "/sales/");
    String folder = URL + "/sales/__unitystorage/catalogs/" + sales.catalogId();
    assertThat(sales.storage()).contains(new StorageRoot(URL + "/sales", folder));
    assertThat(govern.catalogs().get(ann, "sales")).isEqualTo(sales);

    SchemaName in = new SchemaName("sales", "default");
    assertThat(govern.storage().of(in).newTable()).startsWith(folder + "/tables/");
    assertThat(govern.volumes().create(ann, in.child("v"), Optional.empty(), null))
        .satisfies(v -> assertThat(v.storageLocation()).startsWith(folder + "/volumes/"));
    assertThat(govern.models().create(ann, in.child("m"), null))
        .satisfies(m -> assertThat(m.storageLocation()).startsWith(folder + "/models/"));
    SchemaInfo own =
        govern
            .schemas()
            .create(
                ann, new SchemaName("sales", "own"), null, Map.of(), Optional.of(URL + "/sales"));
    assertThat(govern.storage().of(own.name()).root())
        .isEqualTo(URL + "/sales/__unitystorage/schemas/" + own.schemaId());
    assertThat(govern.storage().of(new SchemaName("main", "default")).root())
        .isEqualTo(govern.locations().root());
  }

  @Test
  void keepManagedStorageApartFromAllElse() {
    locations.create(admin, "raw", URL, null, null, false);
    allow(
        "raw",
        Privilege.READ_FILES,
        Privilege.CREATE_EXTERNAL_TABLE,
        Privilege.CREATE_EXTERNAL_VOLUME);
    register(admin, "t", URL + "/t");
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "main.default.t",
        () -> catalog(admin, "c", URL + "/t/deeper"));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "overlaps with the managed storage",
        () -> catalog(admin, "c", govern.locations().root() + "/tables"));
    String folder = catalog(admin, "sales", URL + "/sales").storage().orElseThrow().location();
    catalog(admin, "beside", URL + "/sales");
    for (String path : List.of(URL, URL + "/sales", folder, folder + "/tables/x")) {
      fails(
          ErrorCode.PERMISSION_DENIED,
          "grants decide",
          () -> locations.requireFiles(ann, Privilege.READ_FILES, path));
      fails(ErrorCode.INVALID_PARAMETER_VALUE, "overlaps", () -> register(ann, "u", path));
      fails(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "overlaps",
          () ->
              govern
                  .volumes()
                  .create(ann, new EntityName("main", "default", "v"), Optional.of(path), null));
    }
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "overlap",
        () -> catalog(admin, "inside", folder + "/tables"));
    locations.requireFiles(ann, Privilege.READ_FILES, URL + "/sales/files");
    register(ann, "u", URL + "/sales/u");
  }

  private static LocationChange change(String url, boolean readOnly, boolean force) {
    return new LocationChange(
        Optional.empty(),
        Optional.ofNullable(url),
        Optional.empty(),
        Optional.empty(),
        Optional.of(readOnly),
        Optional.empty(),
        force);
  }

  @Test
  void stayWhileManagedStorageLiesInThem() {
    locations.create(admin, "raw", URL, null, null, true);
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "read-only",
        () -> catalog(admin, "sales", URL + "/sales"));
    locations.update(admin, "raw", change(null, false, false));
    catalog(admin, "sales", URL + "/sales");
    String catalog = "is used by 'catalog sales'";
    fails(
        ErrorCode.INVALID_STATE,
        catalog,
        () -> locations.update(admin, "raw", change(null, true, false)));
    fails(
        ErrorCode.INVALID_STATE,
        catalog,
        () -> locations.update(admin, "raw", change(URL + "2", false, false)));
    fails(ErrorCode.INVALID_STATE, catalog, () -> locations.delete(admin, "raw", false));
    govern.catalogs().delete(admin, "sales", true);
    fails(
        ErrorCode.INVALID_STATE,
        "what was dropped and may come back",
        () -> locations.delete(admin, "raw", false));
    locations.delete(admin, "raw", true);
    assertThat(locations.list(admin)).isEmpty();
  }

  private void isolate(boolean isolated) {
    locations.update(
        admin,
        "raw",
        new LocationChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(isolated),
            false));
  }

  @Test
  void areReachedByBoundWorkspacesOnlyOnceIsolated() {
    locations.create(admin, "raw", URL, null, null, false);
    allow("raw", Privilege.READ_FILES, Privilege.WRITE_FILES);
    Securable raw = Securable.externalLocation("raw");
    Bindings bindings = govern.bindings();
    assertThat(bindings.list(admin, raw)).as("open").isEmpty();
    isolate(true);
    assertThat(bindings.list(admin, raw)).containsExactly(new Binding(1, false));
    assertThat(bindings.unbound(admin, raw)).isFalse();
    locations.requireFiles(ann, Privilege.WRITE_FILES, URL + "/a");

    bindings.update(admin, raw, List.of(new Binding(1, true)), List.of());
    for (Principal who : List.of(ann, admin)) {
      locations.requireFiles(who, Privilege.READ_FILES, URL + "/a");
      fails(
          ErrorCode.PERMISSION_DENIED,
          "read-only",
          () -> locations.requireFiles(who, Privilege.WRITE_FILES, URL + "/a"));
      fails(
          ErrorCode.PERMISSION_DENIED,
          "read-only",
          () -> locations.require(who, Privilege.CREATE_EXTERNAL_TABLE, URL + "/a"));
    }

    bindings.update(admin, raw, List.of(new Binding(7, false)), List.of(1L));
    for (Principal who : List.of(ann, admin)) {
      fails(
          ErrorCode.PERMISSION_DENIED,
          "not bound",
          () -> locations.requireFiles(who, Privilege.READ_FILES, URL + "/a"));
      fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "raw", () -> locations.get(who, "raw"));
    }
    assertThat(bindings.unbound(admin, raw)).isTrue();
    assertThat(bindings.unbound(ann, raw)).isFalse();
    assertThat(locations.list(admin)).isEmpty();
    assertThat(locations.list(admin, each -> bindings.unbound(admin, raw))).hasSize(1);
    bindings.update(admin, raw, List.of(new Binding(1, false)), List.of());
    isolate(false);
    assertThat(locations.list(ann)).hasSize(1);
  }
}
