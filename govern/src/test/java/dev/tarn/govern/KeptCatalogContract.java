package dev.tarn.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.catalog.NamespaceChange;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.govern.grants.SecurableType;
import dev.tarn.govern.tags.TaggedEntity;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.identity.directory.PrincipalChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What servers keep of the catalog is what stands in the database, after every change by any of
 * them: random changes, and then the same questions to servers that have asked them before and to
 * one that never asked anything.
 */
abstract class KeptCatalogContract {
  private static final int CHANGES = 250;
  private static final List<String> SCHEMAS = List.of("one", "two", "three");
  private static final List<String> TABLES = List.of("a", "b", "c");
  private static final List<Privilege> PRIVILEGES =
      List.of(Privilege.SELECT, Privilege.MODIFY, Privilege.BROWSE, Privilege.MANAGE);

  @TempDir Path data;
  private Random random;
  private Principal admin;
  private Principal ann;

  abstract DatabaseConfig newDatabase();

  @Test
  void every_server_answers_as_one_that_keeps_nothing(@TempDir Path elsewhere) throws Exception {
    long seed = Long.getLong("tarn.seed", 1);
    random = new Random(seed);
    DatabaseConfig config = newDatabase();
    Files.createDirectories(elsewhere);
    try (Platform first = new Platform(data, config, Govern.MIGRATIONS);
        Platform second =
            config.url() == null ? null : new Platform(elsewhere, config, Govern.MIGRATIONS)) {
      List<Platform> platforms = second == null ? List.of(first) : List.of(first, second);
      List<Govern> servers = new ArrayList<>();
      platforms.forEach(each -> servers.add(govern(each)));
      admin = first.identity().principal("admin");
      servers.get(0).bootstrap(admin);
      first.identity().directory().createUser(admin, "ann", PrincipalChange.none(), List.of());
      ann = first.identity().principal("ann");
      servers
          .get(0)
          .grants()
          .grant(admin, Securable.catalog("main"), "ann", Set.of(Privilege.USE_CATALOG));
      for (int i = 0; i < CHANGES; i++) {
        Govern server = servers.get(random.nextInt(servers.size()));
        String change = change(server);
        List<String> expected = answers(govern(first));
        for (Govern each : servers) {
          assertThat(answers(each))
              .as("seed %d, change %d: %s", seed, i, change)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void what_a_change_reads_that_then_fails_is_not_kept() {
    DatabaseConfig config = newDatabase();
    try (Platform platform = new Platform(data, config, Govern.MIGRATIONS)) {
      Govern server = govern(platform);
      admin = platform.identity().principal("admin");
      server.bootstrap(admin);
      EntityName table = new EntityName("main", "default", "t");
      server.tables().register(admin, newTable(server, table));
      assertThatThrownBy(
              () ->
                  server
                      .grants()
                      .changing(
                          Securable.table(table),
                          handle -> {
                            handle.execute("UPDATE tables SET comment = 'never' WHERE name = 't'");
                            assertThat(server.tables().find(table).orElseThrow().comment())
                                .isEqualTo("never");
                            throw new IllegalStateException("no");
                          }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(server.tables().find(table).orElseThrow().comment()).isEqualTo("made");
      server.grants().changing(handle -> handle.execute("UPDATE tables SET owner = 'ann'"));
      assertThat(server.tables().find(table).orElseThrow().comment()).isEqualTo("made");
    }
  }

  @Test
  void a_change_in_the_middle_of_another_is_seen_with_it() {
    try (Platform platform = new Platform(data, newDatabase(), Govern.MIGRATIONS)) {
      Govern server = govern(platform);
      admin = platform.identity().principal("admin");
      server.bootstrap(admin);
      EntityName table = new EntityName("main", "default", "t");
      EntityName other = new EntityName("main", "default", "other");
      server.tables().register(admin, newTable(server, table));
      assertThat(server.tables().find(table)).isPresent();
      assertThat(server.tables().find(other)).isEmpty();
      server
          .grants()
          .changing(
              Securable.table(other),
              handle -> {
                server.tables().register(admin, newTable(server, other));
                server.tables().delete(admin, table);
                return null;
              });
      assertThat(server.tables().find(table)).isEmpty();
      assertThat(server.tables().find(other)).isPresent();
    }
  }

  private static NewTable newTable(Govern server, EntityName name) {
    return new NewTable(
        name,
        TableType.MANAGED,
        "DELTA",
        server.locations().newTable(),
        "made",
        List.of(new ColumnInfo("n", "bigint", "\"long\"", 0, true, null)),
        Map.of(),
        null);
  }

  private Govern govern(Platform platform) {
    return new Govern(
        platform.database(), platform.identity()::exists, data.resolve("storage").toString());
  }

  private static SchemaName schema(String name) {
    return new SchemaName("main", name);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String change(Govern server) {
    SchemaName schema = schema(any(SCHEMAS));
    EntityName table = schema.child(any(TABLES));
    int kind = random.nextInt(12);
    try {
      change(server, kind, schema, table);
      return kind + " of " + table;
    } catch (TarnException e) {
      return kind + " of " + table + " refused: " + e.getMessage();
    }
  }

  private void change(Govern server, int kind, SchemaName schema, EntityName table) {
    switch (kind) {
      case 0 -> server.schemas().create(admin, schema, null, Map.of());
      case 1, 2 -> server.tables().register(admin, newTable(server, table));
      case 3 ->
          server
              .tables()
              .update(
                  admin,
                  table,
                  new TableChange(
                      Optional.empty(),
                      Optional.of("comment " + random.nextInt(100)),
                      Optional.empty(),
                      Optional.empty()));
      case 4 -> server.tables().rename(admin, table, schema(any(SCHEMAS)).child(any(TABLES)));
      case 5 -> server.tables().delete(admin, table);
      case 6 -> server.tables().setOwner(admin, table, random.nextBoolean() ? "ann" : "admin");
      case 7 -> grant(server, Securable.table(table));
      case 8 -> grant(server, Securable.schema(schema));
      case 9 ->
          server
              .tags()
              .set(admin, TaggedEntity.of(Securable.table(table)), Map.of("k", any(TABLES)));
      case 10 ->
          server
              .schemas()
              .update(
                  admin,
                  schema,
                  new NamespaceChange(
                      Optional.of(any(SCHEMAS)),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()));
      default -> {
        if (random.nextInt(3) == 0) {
          server.schemas().delete(admin, schema, true);
        } else {
          server.droppedTables().undrop(admin, table, false);
        }
      }
    }
  }

  private void grant(Govern server, Securable on) {
    Privilege privilege = any(PRIVILEGES);
    Set<Privilege> privileges =
        on.type() == SecurableType.SCHEMA && random.nextBoolean()
            ? Set.of(Privilege.USE_SCHEMA)
            : Set.of(privilege);
    if (random.nextInt(3) == 0) {
      server.grants().revoke(admin, on, "ann", privileges);
    } else {
      server.grants().grant(admin, on, "ann", privileges);
    }
  }

  private List<String> answers(Govern server) {
    List<String> answers = new ArrayList<>();
    for (String schema : SCHEMAS) {
      answers.add(schema + ' ' + rights(server, Securable.schema(schema(schema))));
      for (String table : TABLES) {
        EntityName name = schema(schema).child(table);
        Optional<TableInfo> found = server.tables().find(name);
        answers.add(
            name
                + " "
                + found.map(info -> info.tableId() + info.owner() + info.comment()).orElse("none")
                + ' '
                + rights(server, Securable.table(name))
                + ' '
                + server.tags().ofTable(name));
      }
      answers.add(listed(server, schema));
    }
    return answers;
  }

  private String rights(Govern server, Securable securable) {
    return PRIVILEGES.stream().filter(each -> server.grants().allows(ann, each, securable)).toList()
        + (server.grants().sees(ann, securable) ? "sees" : "")
        + server.grants().exists(securable);
  }

  private String listed(Govern server, String schema) {
    try {
      return server.tables().list(ann, schema(schema)).stream()
          .map(table -> table.name() + table.comment())
          .collect(Collectors.joining(" "));
    } catch (TarnException e) {
      return e.code().name();
    }
  }
}
