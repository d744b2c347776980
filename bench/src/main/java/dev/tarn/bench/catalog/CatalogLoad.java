package dev.tarn.bench.catalog;

import dev.tarn.govern.Govern;
import dev.tarn.govern.audit.AuditConfig;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.audit.AuditedCall;
import dev.tarn.govern.catalog.NewTable;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.govern.grants.Securable;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Handler;
import dev.tarn.kernel.http.Method;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.Platform;
import dev.tarn.platform.database.DatabaseConfig;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Identity and Unity Catalog in a process of their own, under load: facades and the handlers of
 * routes are called directly, without HTTP. Times are printed in microseconds.
 */
final class CatalogLoad {
  private static final int OFTEN = 5_000;
  private static final int ALL = CatalogData.SCHEMAS * CatalogData.TABLES_PER_SCHEMA;
  private static final int LOOKUPS = 100_000;
  private static final int READERS = 2;
  private static final int WRITES_PER_SECOND = 50;
  private static final long MIXED_SECONDS = 20;

  private record Lookup(String user, EntityName table) {}

  private interface Call {
    void run(int number) throws Exception;
  }

  private final Platform platform;
  private final Govern govern;
  private final Principal admin;
  private final Random random = new Random(11);

  private CatalogLoad(Platform platform) {
    this.platform = platform;
    this.govern =
        new Govern(platform.database(), platform.identity()::exists, "/nowhere/bench/storage");
    this.admin = platform.identity().principal("admin");
    govern.bootstrap(admin);
  }

  /**
   * @param arguments an empty folder; optionally a JDBC URL of an empty PostgreSQL database
   */
  public static void main(String[] arguments) throws Exception {
    DatabaseConfig config =
        arguments.length > 1
            ? new DatabaseConfig(arguments[1], null, null)
            : DatabaseConfig.defaults();
    try (Platform platform = new Platform(Path.of(arguments[0]), config, Govern.MIGRATIONS)) {
      CatalogLoad load = new CatalogLoad(platform);
      new CatalogData(platform, load.govern, load.admin).enter();
      System.out.println("entered");
      load.measure();
    }
    System.out.println("done");
    System.exit(0);
  }

  private void measure() throws Exception {
    List<Lookup> often = lookups(OFTEN);
    List<Lookup> all = lookups(ALL);
    for (List<Lookup> each : List.of(all, often, often)) {
      times("warm-up", LOOKUPS, i -> lookup(each.get(i % each.size())));
    }
    times("lookup-often", LOOKUPS, i -> lookup(often.get(random.nextInt(often.size()))));
    times("lookup-all", LOOKUPS, i -> lookup(all.get(i % all.size())));
    Handler tables = handler("/api/2.1/unity-catalog/tables");
    for (int size : new int[] {50, 1_000}) {
      times("warm-up", 300, i -> page(tables, i, size));
      times("page-" + size, 300, i -> page(tables, i, size));
    }
    Handler search = handler("/api/2.0/tarn/search");
    times("search-first", 1, i -> search(search, i));
    times("warm-up", 1_000, i -> search(search, i));
    times("search", 1_000, i -> search(search, i));
    times("warm-up", 300, this::grantAndLook);
    times("grant", 300, this::grantAndLook);
    audit();
    mixed(often);
  }

  /** What is recorded of a call before its answer leaves; a call over HTTP takes that longer. */
  private void audit() throws Exception {
    Path folder = Files.createTempDirectory("tarn-bench-audit");
    try (AuditLog log = new AuditLog(folder, "1", "1", AuditConfig.DEFAULT, Clock.systemUTC())) {
      Call record =
          i ->
              log.record(
                  new AuditedCall(
                      new AuditedCall.Action("databrickssql", "executeStatement"),
                      CatalogData.user(i % CatalogData.USERS),
                      new AuditedCall.Origin("127.0.0.1", "bench/1.0", "request-" + i),
                      "session-" + i % 100,
                      Map.of("commandText", "SELECT 1", "warehouseId", "default"),
                      AuditedCall.Verdict.DONE));
      times("warm-up", LOOKUPS, record);
      times("audit", LOOKUPS, record);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  /** Of users and tables that they may read. */
  private List<Lookup> lookups(int tables) {
    List<Principal> users =
        IntStream.range(0, CatalogData.USERS)
            .mapToObj(i -> platform.identity().principal(CatalogData.user(i)))
            .toList();
    List<Lookup> lookups = new ArrayList<>();
    for (int i = 0; i < tables; i++) {
      EntityName table = CatalogData.table((int) ((long) i * ALL / tables));
      int first = random.nextInt(users.size());
      for (int u = 0; u < users.size(); u++) {
        Principal user = users.get((first + u) % users.size());
        Securable schema = Securable.schema(table.parent());
        if (govern.grants().allows(user, Privilege.USE_SCHEMA, schema)
            && govern.grants().allows(user, Privilege.SELECT, schema)) {
          lookups.add(new Lookup(user.name(), table));
          break;
        }
      }
    }
    return lookups;
  }

  /** As a statement resolves a table and asks for the right to read it. */
  private void lookup(Lookup lookup) {
    Principal user = platform.identity().principal(lookup.user());
    TableInfo table = govern.tables().find(lookup.table()).orElseThrow();
    govern.policies().seenBy(user, table, List.of());
    govern.grants().requireTable(user, Privilege.SELECT, table.name());
  }

  private Handler handler(String path) {
    for (Capability capability : govern.capabilities(staged -> {}, (table, commit) -> {})) {
      for (Route route : capability.routes()) {
        if (route.path().equals(path) && route.method() == Method.GET) {
          return route.handler();
        }
      }
    }
    throw new IllegalStateException("no route " + path);
  }

  /** The first page of a schema, as JSON. */
  private void page(Handler tables, int number, int size) throws Exception {
    Principal user =
        number % 2 == 0
            ? admin
            : platform.identity().principal(CatalogData.user(number % CatalogData.USERS));
    Map<String, String> query =
        Map.of(
            "catalog_name",
            "lake",
            "schema_name",
            CatalogData.schema(visible(user, number)).schema(),
            "max_results",
            Integer.toString(size));
    tables.handle(new Query(user, query)).body().writeTo(OutputStream.nullOutputStream());
  }

  private int visible(Principal user, int number) {
    for (int i = 0; i < CatalogData.SCHEMAS; i++) {
      int schema = (number + i) % CatalogData.SCHEMAS;
      if (govern.grants().sees(user, Securable.schema(CatalogData.schema(schema)))) {
        return schema;
      }
    }
    throw new IllegalStateException(user.name() + " sees no schema");
  }

  /** Names, beginnings of names, several words, columns, comments, and typing errors. */
  private void search(Handler search, int number) throws Exception {
    EntityName table = CatalogData.table(random.nextInt(ALL));
    String word = CatalogData.word(number * 7);
    String other = CatalogData.word(number * 3 + 1);
    String text =
        switch (number % 6) {
          case 0 -> table.name();
          case 1 -> word + ' ' + other;
          case 2 -> word.substring(0, 3);
          case 3 -> other + "_name";
          case 4 -> "every " + word;
          default -> word.substring(0, 2) + 'x' + word.substring(2) + ' ' + other;
        };
    Principal user =
        number % 3 == 0
            ? admin
            : platform.identity().principal(CatalogData.user(number % CatalogData.USERS));
    search
        .handle(new Query(user, Map.of("q", text)))
        .body()
        .writeTo(OutputStream.nullOutputStream());
  }

  private void grantAndLook(int number) {
    Securable table = Securable.table(CatalogData.table(random.nextInt(ALL)));
    String user = CatalogData.user(number % CatalogData.USERS);
    govern.grants().grant(admin, table, user, Set.of(Privilege.MODIFY));
    Principal principal = platform.identity().principal(user);
    if (!govern.grants().allows(principal, Privilege.MODIFY, table)) {
      throw new IllegalStateException("A grant was not seen at once.");
    }
  }

  private void times(String what, int calls, Call call) throws Exception {
    long[] nanos = new long[calls];
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      call.run(i);
      nanos[i] = System.nanoTime() - start;
    }
    print(what, nanos);
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.println(
        what
            + ' '
            + nanos[nanos.length / 2] / 1e3
            + ' '
            + nanos[(int) (nanos.length * 99L / 100)] / 1e3);
  }

  /** Lookups as fast as two threads can, while others write at a steady rate. */
  private void mixed(List<Lookup> lookups) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(MIXED_SECONDS);
    try {
      List<Future<long[]>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Random own = new Random(i);
        readers.add(
            threads.submit(
                () -> {
                  long[] nanos = new long[10_000_000];
                  int count = 0;
                  while (System.nanoTime() < end && count < nanos.length) {
                    long before = System.nanoTime();
                    lookup(lookups.get(own.nextInt(lookups.size())));
                    nanos[count++] = System.nanoTime() - before;
                  }
                  return Arrays.copyOf(nanos, count);
                }));
      }
      int writes = 0;
      long[] written = new long[(int) (WRITES_PER_SECOND * MIXED_SECONDS)];
      while (writes < written.length) {
        long due = start + writes * TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND;
        LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        long before = System.nanoTime();
        write(writes);
        written[writes++] = System.nanoTime() - before;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long[] all = new long[0];
      for (Future<long[]> reader : readers) {
        long[] more = reader.get();
        int before = all.length;
        all = Arrays.copyOf(all, before + more.length);
        System.arraycopy(more, 0, all, before, more.length);
      }
      System.out.println("mixed-rate " + all.length / (double) MIXED_SECONDS + " 0");
      System.out.println("mixed-writes " + writes / seconds + " 0");
      print("mixed-lookup", all);
      print("mixed-write", written);
    } finally {
      threads.shutdown();
    }
  }

  private void write(int number) {
    EntityName table = CatalogData.table(random.nextInt(ALL));
    EntityName made = CatalogData.schema(number % CatalogData.SCHEMAS).child("made_" + number / 4);
    switch (number % 4) {
      case 0 ->
          govern
              .tables()
              .register(
                  admin,
                  new NewTable(
                      made,
                      TableType.MANAGED,
                      "DELTA",
                      govern.locations().newTable(),
                      "made while others read",
                      CatalogData.columns(number),
                      Map.of(),
                      null));
      case 1 -> grantAndLook(number);
      case 2 ->
          govern
              .tables()
              .update(
                  admin,
                  table,
                  new TableChange(
                      Optional.empty(),
                      Optional.of("changed " + number),
                      Optional.empty(),
                      Optional.empty()));
      default ->
          govern
              .grants()
              .revoke(
                  admin,
                  Securable.table(table),
                  CatalogData.user(number % CatalogData.USERS),
                  Set.of(Privilege.MODIFY));
    }
  }
}
