package dev.tarn.bench.catalog;

import dev.tarn.govern.Govern;
import dev.tarn.govern.catalog.ColumnInfo;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.json.Json;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.identity.directory.PrincipalChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * 100,000 tables in 100 schemas, 500 groups nested four deep with 100 users in them, and 10,000
 * grants; the same at every run.
 */
final class CatalogData {
  static final int SCHEMAS = 100;
  static final int TABLES_PER_SCHEMA = 1_000;
  static final int USERS = 100;
  private static final int GRANTS = 10_000;
  private static final int[] GROUPS_PER_LEVEL = {20, 80, 150, 250};
  private static final int BATCH = 1_000;
  private static final String CATALOG = "lake";
  private static final List<String> WORDS =
      List.of(
          "order",
          "customer",
          "payment",
          "flight",
          "airport",
          "sensor",
          "reading",
          "invoice",
          "stock",
          "price",
          "supplier",
          "contract",
          "claim",
          "visit",
          "session",
          "click",
          "device",
          "battery",
          "station",
          "route",
          "ticket",
          "refund",
          "budget",
          "employee",
          "shift",
          "salary",
          "project",
          "task",
          "machine",
          "defect",
          "batch",
          "recipe",
          "parcel",
          "truck",
          "driver",
          "weather",
          "river",
          "forest",
          "patient",
          "dose");

  private final Platform platform;
  private final Govern govern;
  private final Principal admin;
  private final Random random = new Random(7);
  private final List<List<String>> groups = new ArrayList<>();

  CatalogData(Platform platform, Govern govern, Principal admin) {
    this.platform = platform;
    this.govern = govern;
    this.admin = admin;
  }

  static SchemaName schema(int number) {
    return new SchemaName(CATALOG, "area_" + number);
  }

  /** {@code driver_river_417}, of a number from 0 to 99,999. */
  static EntityName table(int number) {
    return schema(number / TABLES_PER_SCHEMA)
        .child(word(number) + '_' + word(number / WORDS.size()) + '_' + number);
  }

  static String word(int number) {
    return WORDS.get(number % WORDS.size());
  }

  static String user(int number) {
    return "user" + number;
  }

  static List<ColumnInfo> columns(int number) {
    List<ColumnInfo> columns = new ArrayList<>();
    columns.add(new ColumnInfo("id", "bigint", "\"long\"", 0, false, "key"));
    for (int i = 1; i < 10; i++) {
      columns.add(
          new ColumnInfo(
              word(number * 3 + i * 7) + (i % 2 == 0 ? "_id" : "_name"),
              i % 2 == 0 ? "bigint" : "string",
              i % 2 == 0 ? "\"long\"" : "\"string\"",
              i,
              true,
              null));
    }
    return columns;
  }

  void enter() {
    enterGroups();
    govern.catalogs().create(admin, CATALOG, "Everything");
    for (int i = 0; i < SCHEMAS; i++) {
      govern.schemas().create(admin, schema(i), null, Map.of());
    }
    for (int from = 0; from < SCHEMAS * TABLES_PER_SCHEMA; from += BATCH) {
      int first = from;
      inBulk(handle -> enterTables(handle, first));
    }
    inBulk(this::enterGrants);
  }

  private void inBulk(Consumer<Handle> rows) {
    govern
        .grants()
        .changing(
            handle -> {
              rows.accept(handle);
              return null;
            });
  }

  private void enterGroups() {
    Map<String, Long> ids = new HashMap<>();
    for (int level = GROUPS_PER_LEVEL.length - 1; level >= 0; level--) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < GROUPS_PER_LEVEL[level]; i++) {
        names.add("group" + level + '_' + i);
      }
      groups.add(0, names);
      for (int i = 0; i < names.size(); i++) {
        Set<Long> members = new HashSet<>();
        if (level + 1 < GROUPS_PER_LEVEL.length) {
          List<String> below = groups.get(1);
          for (int member = i; member < below.size(); member += names.size()) {
            members.add(ids.get(below.get(member)));
          }
        }
        ids.put(
            names.get(i),
            platform.identity().groups().create(admin, names.get(i), null, members).id());
      }
    }
    List<String> leaves = groups.get(GROUPS_PER_LEVEL.length - 1);
    for (int i = 0; i < USERS; i++) {
      platform
          .identity()
          .directory()
          .createUser(
              admin,
              user(i),
              PrincipalChange.none(),
              List.of(
                  leaves.get(i), leaves.get((i * 3 + 7) % 250), leaves.get((i * 5 + 11) % 250)));
    }
  }

  /** In bulk, as the store would write them one by one. */
  private void enterTables(Handle handle, int from) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO tables (table_id, catalog_name, schema_name, name, table_type,"
                + " data_source_format, storage_location, owner, comment, columns_json, properties,"
                + " created_at, updated_at, storage_key) VALUES (:id, :catalog, :schema, :name,"
                + " 'MANAGED', 'DELTA', :location, 'admin', :comment, :columns, '{}', :at, :at,"
                + " :key)");
    for (int i = from; i < from + BATCH; i++) {
      EntityName name = table(i);
      String location = govern.locations().root() + "/tables/bulk-" + i;
      batch
          .bind("id", "id-" + i)
          .bind("catalog", name.catalog())
          .bind("schema", name.schema())
          .bind("name", name.name())
          .bind("location", location)
          .bind("key", HexFormat.of().formatHex(location.getBytes(StandardCharsets.UTF_8)))
          .bind("comment", "Every " + word(i * 11) + " of a " + word(i * 13 + 5))
          .bind("columns", Json.string(columns(i)))
          .bind("at", 1_700_000_000_000L + i)
          .add();
    }
    batch.execute();
  }

  private void enterGrants(Handle handle) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO grants (securable_type, full_name, principal, privilege, granted_by,"
                + " granted_at) VALUES (:type, :name, :principal, :privilege, 'admin', 1)"
                + " ON CONFLICT DO NOTHING");
    add(batch, Securable.catalog(CATALOG), Grants.EVERYBODY, Privilege.USE_CATALOG);
    int made = 1;
    for (int schema = 0; schema < SCHEMAS; schema++) {
      Securable on = Securable.schema(schema(schema));
      for (int i = 0; i < 5; i++) {
        add(batch, on, groups.get(0).get((schema + i * 4) % 20), Privilege.USE_SCHEMA);
        made++;
      }
      add(batch, on, groups.get(0).get(schema % 20), Privilege.SELECT);
      add(batch, on, groups.get(1).get(schema % 80), Privilege.SELECT);
      made += 2;
    }
    while (made < GRANTS) {
      List<String> level = groups.get(random.nextInt(groups.size()));
      add(
          batch,
          Securable.table(table(random.nextInt(SCHEMAS * TABLES_PER_SCHEMA))),
          level.get(random.nextInt(level.size())),
          Privilege.SELECT);
      made++;
    }
    batch.execute();
  }

  private static void add(
      PreparedBatch batch, Securable on, String principal, Privilege privilege) {
    batch
        .bind("type", on.type().name())
        .bind("name", on.fullName())
        .bind("principal", principal)
        .bind("privilege", privilege.name())
        .add();
  }
}
