package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.bindings.Binding;
import dev.tarn.govern.catalog.CatalogInfo;
import dev.tarn.govern.catalog.FunctionDefinition;
import dev.tarn.govern.catalog.NamespaceChange;
import dev.tarn.govern.connections.Connection;
import dev.tarn.govern.connections.ConnectionChange;
import dev.tarn.govern.connections.Connections.NewConnection;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.models.ModelAlias;
import dev.tarn.govern.models.ModelVersion;
import dev.tarn.govern.models.RegisteredModel;
import dev.tarn.govern.quotas.Quotas;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds of models, connections, bindings and quotas. */
abstract class ModelsContract extends RoomContract {
  private static final EntityName DELAYS = FLIGHTS.child("delays");
  private static final Optional<String> SAME = Optional.empty();
  private static final String SECRET = "hunter2";

  private static FunctionDefinition one() {
    return new FunctionDefinition(List.of(), "", "INT", List.of(), "1", null, true, false, null);
  }

  @Test
  void models_have_versions_and_aliases() {
    fails(
        ErrorCode.PERMISSION_DENIED,
        "USE CATALOG",
        () -> govern.models().create(ann, DELAYS, null));
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE MODEL",
        () -> govern.models().create(ann, DELAYS, null));
    RegisteredModel made = govern.models().create(admin, DELAYS, "late?");
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "delays",
        () -> govern.models().create(admin, DELAYS, null));
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "delays",
        () -> govern.functions().create(admin, DELAYS, null, one(), false));
    govern.functions().create(admin, FLIGHTS.child("one"), null, one(), false);
    fails(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        "one",
        () -> govern.models().create(admin, FLIGHTS.child("one"), null));

    assertThat(govern.models().list(ann, Optional.empty())).isEmpty();
    fails(ErrorCode.PERMISSION_DENIED, "EXECUTE", () -> govern.models().get(ann, DELAYS));
    grant(Securable.function(DELAYS), Privilege.EXECUTE);
    assertThat(govern.models().list(ann, Optional.of(FLIGHTS))).containsExactly(made);
    assertThat(govern.models().list(ann, Optional.empty())).containsExactly(made);
    Securable main = Securable.catalog("main");
    govern.grants().revoke(admin, main, "ann", Set.of(Privilege.USE_SCHEMA));
    assertThat(govern.models().list(ann, Optional.empty())).isEmpty();
    grant(main, Privilege.USE_SCHEMA);
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE",
        () -> govern.models().createVersion(ann, DELAYS, null, null, null));

    ModelVersion first = govern.models().createVersion(admin, DELAYS, "dbfs:/x", "run", "one");
    ModelVersion second = govern.models().createVersion(admin, DELAYS, null, null, null);
    assertThat(first.version()).isEqualTo(1);
    assertThat(second.status()).isEqualTo(ModelVersion.Status.PENDING_REGISTRATION);
    assertThat(govern.models().updateVersion(admin, DELAYS, 2, SAME, true).status())
        .isEqualTo(ModelVersion.Status.READY);
    govern.models().setAlias(admin, DELAYS, "Champion", 1);
    govern.models().setAlias(admin, DELAYS, "champion", 2);
    assertThat(govern.models().aliases(ann, DELAYS)).containsExactly(new ModelAlias("champion", 2));
    assertThat(govern.models().version(ann, DELAYS, "CHAMPION").version()).isEqualTo(2);
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "v1",
        () -> govern.models().setAlias(admin, DELAYS, "v1", 1));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "delays/9",
        () -> govern.models().setAlias(admin, DELAYS, "best", 9));
    govern.models().deleteVersion(admin, DELAYS, 2);
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "champion",
        () -> govern.models().version(ann, DELAYS, "champion"));
    assertThat(govern.models().createVersion(admin, DELAYS, null, null, null).version())
        .as("no number is given twice")
        .isEqualTo(3);
    assertThat(govern.models().versions(ann, DELAYS))
        .extracting(ModelVersion::version)
        .containsExactly(3, 1);
  }

  @Test
  void models_go_and_move_with_what_they_lie_in() {
    govern.models().create(admin, DELAYS, null);
    govern.models().createVersion(admin, DELAYS, null, null, null);
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
    grant(Securable.function(DELAYS), Privilege.EXECUTE);
    govern.models().update(admin, DELAYS, Optional.of("late"), Optional.of("c"), SAME);
    EntityName late = FLIGHTS.child("late");
    assertThat(govern.models().get(ann, late).comment()).isEqualTo("c");
    govern
        .schemas()
        .update(
            admin,
            FLIGHTS,
            new NamespaceChange(
                Optional.of("air"), SAME, SAME, Optional.empty(), Optional.empty()));
    EntityName moved = new EntityName("main", "air", "late");
    assertThat(govern.models().versions(ann, moved)).hasSize(1);
    SchemaName air = moved.parent();
    fails(
        ErrorCode.RESOURCE_CONFLICT, "not empty", () -> govern.schemas().delete(admin, air, false));
    govern.schemas().delete(admin, air, true);
    govern.schemas().create(admin, air, null, Map.of());
    assertThat(govern.models().list(admin, Optional.of(air))).isEmpty();
    govern.models().create(admin, moved, null);
    assertThat(govern.models().list(ann, Optional.of(air))).as("old grants are gone").isEmpty();
    assertThat(govern.models().versions(admin, moved)).isEmpty();
    govern.models().delete(admin, moved);
    assertThat(govern.models().list(admin, Optional.empty())).isEmpty();
  }

  private static NewConnection connection(String name) {
    return new NewConnection(
        name,
        "postgresql",
        Map.of("host", "db.example", "port", "5432", "user", "u", "password", SECRET),
        Map.of(),
        "theirs",
        true);
  }

  @Test
  void connections_keep_their_secrets() {
    fails(
        ErrorCode.PERMISSION_DENIED,
        "CREATE CONNECTION",
        () -> govern.connections().create(ann, connection("pg")));
    Connection made = govern.connections().create(admin, connection("PG"));
    assertThat(made.options()).containsOnlyKeys("host", "port", "user");
    assertThat(connection("pg").toString()).doesNotContain(SECRET);
    String stored =
        platform
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT secrets FROM connections")
                        .mapTo(String.class)
                        .one());
    assertThat(stored).isNotBlank().doesNotContain(SECRET);
    fails(ErrorCode.RESOURCE_DOES_NOT_EXIST, "pg", () -> govern.connections().get(ann, "pg"));
    assertThat(govern.connections().list(ann)).isEmpty();
    grant(Securable.connection("pg"), Privilege.USE_CONNECTION);
    assertThat(govern.connections().open(ann, "pg")).containsEntry("password", SECRET);
    fails(ErrorCode.PERMISSION_DENIED, "MANAGE", () -> govern.connections().delete(ann, "pg"));

    ConnectionChange elsewhere =
        new ConnectionChange(
            Optional.of("db"), Optional.of(Map.of("host", "attacker.example")), SAME, SAME);
    assertThat(govern.connections().update(admin, "pg", elsewhere).name()).isEqualTo("db");
    assertThat(govern.connections().open(ann, "db"))
        .as("the secret does not go to another host")
        .isEqualTo(Map.of("host", "attacker.example"));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "not a type",
        () ->
            govern
                .connections()
                .create(admin, new NewConnection("x", "cobol", null, null, null, false)));
    fails(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "host",
        () ->
            govern
                .connections()
                .create(admin, new NewConnection("x", "mysql", null, null, null, false)));
    govern.connections().delete(admin, "db");
    govern.connections().create(admin, connection("db"));
    assertThat(govern.connections().list(ann)).as("old grants are gone").isEmpty();
  }

  private void isolate(boolean isolated) {
    govern
        .catalogs()
        .update(
            admin,
            "main",
            new NamespaceChange(
                Optional.empty(), SAME, SAME, Optional.empty(), Optional.of(isolated)));
  }

  @Test
  void an_isolated_catalog_is_reached_by_bound_workspaces_only() {
    grant(Securable.catalog("main"), Privilege.USE_CATALOG, Privilege.USE_SCHEMA);
    Securable main = Securable.catalog("main");
    assertThat(govern.bindings().list(admin, main)).as("open to all").isEmpty();
    isolate(true);
    assertThat(govern.bindings().list(admin, main))
        .as("the workspace that isolates it is bound")
        .containsExactly(new Binding(1, false));
    fails(ErrorCode.PERMISSION_DENIED, "to own", () -> govern.bindings().list(ann, main));
    assertThat(govern.catalogs().list(ann)).extracting(CatalogInfo::name).contains("main");

    govern.bindings().update(admin, main, List.of(new Binding(1, true)), List.of());
    assertThat(govern.catalogs().list(ann)).extracting(CatalogInfo::name).contains("main");
    fails(
        ErrorCode.PERMISSION_DENIED,
        "read-only",
        () -> govern.models().create(admin, DELAYS, null));

    govern.bindings().update(admin, main, List.of(new Binding(7, false)), List.of(1L));
    assertThat(govern.bindings().list(admin, main)).containsExactly(new Binding(7, false));
    for (var who : List.of(ann, admin)) {
      assertThat(govern.catalogs().list(who)).extracting(CatalogInfo::name).doesNotContain("main");
      fails(
          ErrorCode.PERMISSION_DENIED,
          "main",
          () -> govern.tables().get(who, FLIGHTS.child("gold")));
    }
    govern.bindings().update(admin, main, List.of(), List.of(7L));
    assertThat(govern.bindings().list(admin, main)).isEmpty();
    assertThat(govern.catalogs().list(admin)).extracting(CatalogInfo::name).doesNotContain("main");
    govern.bindings().update(admin, main, List.of(new Binding(1, false)), List.of());
    assertThat(govern.catalogs().list(ann)).extracting(CatalogInfo::name).contains("main");
    govern
        .catalogs()
        .update(
            admin,
            "main",
            new NamespaceChange(
                Optional.of("prod"), SAME, SAME, Optional.empty(), Optional.empty()));
    assertThat(govern.bindings().list(admin, Securable.catalog("prod")))
        .containsExactly(new Binding(1, false));
    fails(ErrorCode.CATALOG_DOES_NOT_EXIST, "main", () -> govern.bindings().list(admin, main));
  }

  @Test
  void quotas_count_what_the_caller_manages() {
    govern.tables().register(admin, newTable(FLIGHTS.child("gold")));
    govern.models().create(admin, DELAYS, null);
    Securable schema = Securable.schema(FLIGHTS);
    assertThat(govern.quotas().get(admin, schema, "table-quota").count()).isEqualTo(1);
    assertThat(govern.quotas().get(admin, schema, "registered-model-quota").count()).isEqualTo(1);
    assertThat(govern.quotas().get(admin, Securable.METASTORE, "catalog-quota").count())
        .isEqualTo(2);
    assertThat(govern.quotas().list(admin))
        .extracting(Quotas.Quota::name)
        .contains("volume-quota", "connection-quota");
    assertThat(govern.quotas().list(ann)).isEmpty();
    fails(
        ErrorCode.PERMISSION_DENIED,
        "MANAGE",
        () -> govern.quotas().get(ann, schema, "table-quota"));
    fails(
        ErrorCode.RESOURCE_DOES_NOT_EXIST,
        "no-quota",
        () -> govern.quotas().get(admin, schema, "no-quota"));
  }
}
