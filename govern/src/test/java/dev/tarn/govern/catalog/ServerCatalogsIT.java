package dev.tarn.govern.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.Govern;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogs that the server itself makes, over both databases. */
class ServerCatalogsIT {
  private static final Principal ADMIN = Principal.administrator("admin");
  private static final Principal ANN = Principal.user("ann");
  private static final SchemaName SHOP = new SchemaName("shown", "shop");
  private static final EntityName SALES = SHOP.child("sales");

  private static PostgresServer postgres;

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Nested
  class OnSqlite extends Contract {
    @Override
    DatabaseConfig config() {
      return DatabaseConfig.defaults();
    }
  }

  @Nested
  class OnPostgres extends Contract {
    @Override
    DatabaseConfig config() {
      return new DatabaseConfig(postgres.newDatabase(), null, null);
    }
  }

  abstract static class Contract {
    @TempDir Path folder;
    private MetadataDatabase database;
    private Govern govern;

    abstract DatabaseConfig config();

    @BeforeEach
    void open() {
      database = MetadataDatabase.open(config(), folder, Govern.MIGRATIONS);
      govern = new Govern(database, name -> true, folder.resolve("storage").toString());
      govern.bootstrap(ADMIN);
      govern.serverCatalogs().enter(contents("sales"));
    }

    @AfterEach
    void close() {
      database.close();
    }

    private ServerCatalogs.Contents contents(String... tables) {
      return new ServerCatalogs.Contents(
          "shown",
          "To be read",
          Map.of("shop", "What a shop has"),
          List.of(tables).stream().map(this::table).toList(),
          Set.of(Privilege.USE_CATALOG, Privilege.USE_SCHEMA, Privilege.SELECT));
    }

    private NewTable table(String name) {
      return new NewTable(
          SHOP.child(name),
          TableType.MANAGED,
          "DELTA",
          govern.locations().newTable(),
          null,
          List.of(new ColumnInfo("n", "BIGINT", "\"long\"", 0, true, null)),
          Map.of(),
          null);
    }

    private static void refused(ThrowingCallable change) {
      assertThatThrownBy(change)
          .isInstanceOfSatisfying(
              TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
          .hasMessageContaining("belongs to the server");
    }

    @Test
    void everybodySeesAndReadsIt() {
      assertThat(govern.catalogs().list(ANN))
          .extracting(CatalogInfo::name)
          .containsExactly("shown", "system");
      assertThat(govern.catalogs().get(ANN, "shown").owner()).isEqualTo(Grants.SYSTEM_USER);
      assertThat(govern.schemas().list(ANN, "shown"))
          .extracting(SchemaInfo::name)
          .containsExactly(SHOP);
      assertThat(govern.tables().list(ANN, SHOP))
          .extracting(TableInfo::name)
          .containsExactly(SALES);
      govern.grants().requireTable(ANN, Privilege.SELECT, SALES);
    }

    @Test
    void nobodyChangesItNotEvenAnAdministrator() {
      Securable catalog = Securable.catalog("shown");
      refused(() -> govern.catalogs().delete(ADMIN, "shown", true));
      refused(
          () -> govern.catalogs().update(ADMIN, "shown", Optional.of("mine"), Optional.empty()));
      refused(
          () -> govern.catalogs().update(ADMIN, "shown", Optional.empty(), Optional.of("admin")));
      refused(
          () -> govern.schemas().create(ADMIN, new SchemaName("shown", "more"), null, Map.of()));
      refused(() -> govern.schemas().delete(ADMIN, SHOP, true));
      refused(() -> govern.tables().register(ADMIN, table("more")));
      refused(() -> govern.tables().delete(ADMIN, SALES));
      refused(() -> govern.tables().rename(ADMIN, SALES, SHOP.child("other")));
      refused(() -> govern.tables().setOwner(ADMIN, SALES, "admin"));
      refused(() -> govern.volumes().create(ADMIN, SHOP.child("v"), Optional.empty(), null));
      refused(() -> govern.grants().requireTable(ADMIN, Privilege.MODIFY, SALES));
      refused(() -> govern.grants().grant(ADMIN, catalog, "ann", Set.of(Privilege.MODIFY)));
      refused(
          () -> govern.grants().revoke(ADMIN, catalog, Grants.EVERYBODY, Set.of(Privilege.SELECT)));
      refused(
          () ->
              govern
                  .grants()
                  .grant(ADMIN, Securable.table(SALES), "ann", Set.of(Privilege.SELECT)));
      everybodySeesAndReadsIt();
      assertThat(govern.grants().list(ADMIN, catalog)).hasSize(3);
    }

    @Test
    void itIsEnteredOnceAndWhatALaterVersionAddsIsAdded() {
      TableInfo before = govern.tables().get(ANN, SALES);
      long epoch = govern.grants().epoch();
      govern.serverCatalogs().enter(contents("sales"));
      assertThat(govern.grants().epoch()).isEqualTo(epoch);
      govern.serverCatalogs().enter(contents("sales", "returns"));
      assertThat(govern.tables().get(ANN, SALES)).isEqualTo(before);
      assertThat(govern.tables().list(ANN, SHOP)).hasSize(2);
    }

    @Test
    void aCatalogOfAUsersKeepsItsName() {
      govern.catalogs().create(ADMIN, "taken", null);
      govern
          .serverCatalogs()
          .enter(
              new ServerCatalogs.Contents(
                  "taken", null, Map.of("shop", "ours"), List.of(), Set.of(Privilege.SELECT)));
      assertThat(govern.catalogs().get(ADMIN, "taken").owner()).isEqualTo("admin");
      assertThat(govern.schemas().find(new SchemaName("taken", "shop"))).isEmpty();
    }

    @Test
    void anAdministratorLetsOthersReadWhatTheServerRecords() {
      Securable system = Securable.catalog("system");
      assertThat(govern.grants().allows(ANN, Privilege.SELECT, system)).isFalse();
      govern.grants().grant(ADMIN, system, "ann", Set.of(Privilege.SELECT));
      assertThat(govern.grants().allows(ANN, Privilege.SELECT, system)).isTrue();
      refused(() -> govern.schemas().create(ADMIN, new SchemaName("system", "x"), null, Map.of()));
      refused(() -> govern.grants().grant(ANN, system, "ann", Set.of(Privilege.SELECT)));
    }
  }
}
