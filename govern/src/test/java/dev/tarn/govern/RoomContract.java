package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.catalog.CatalogConfig;
import dev.tarn.govern.catalog.ColumnInfo;
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
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A room on a metadata database, for what holds on every one. */
abstract class RoomContract {
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
            platform.database(),
            platform.identity()::exists,
            data.resolve("storage").toString(),
            new Govern.Deployment(
                () -> 1, CatalogConfig.defaults().keepDropped(), platform.encryptionKey()));
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
}
