package dev.tarn.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineConfig;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.Govern;
import dev.tarn.govern.catalog.TableType;
import dev.tarn.govern.lineage.Flow;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.kernel.name.SchemaName;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.process.updates.FlowProgress;
import dev.tarn.process.updates.FlowStates;
import dev.tarn.process.updates.UpdateEvents;
import dev.tarn.process.updates.UpdateRequest;
import dev.tarn.process.updates.UpdateState;
import dev.tarn.process.updates.Updates;
import dev.tarn.store.Store;
import dev.tarn.store.objects.ObjectStores;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Updates on a real engine; sources are tables, since files and Kafka belong to another room. */
class UpdatesIT {
  private static final Principal ADMIN = Principal.administrator("admin");

  private static MetadataDatabase database;
  private static Govern govern;
  private static SparkEngine engine;
  private static LineageLog lineage;
  private static final List<LineageEvent> EVENTS = new CopyOnWriteArrayList<>();
  private static Updates updates;

  @BeforeAll
  static void start() throws Exception {
    Path folder = Files.createTempDirectory("tarn-process");
    database =
        MetadataDatabase.open(
            DatabaseConfig.defaults(),
            folder,
            Stream.concat(Govern.MIGRATIONS.stream(), Process.MIGRATIONS.stream()).toList());
    govern = new Govern(database, name -> true, folder.resolve("storage").toString());
    govern.bootstrap(ADMIN);
    Store store = new Store(govern, ObjectStores.unconfigured(), true);
    lineage =
        new LineageLog(
            folder.resolve("lineage"),
            new LineageLog.Origin("1", "1", "1"),
            database,
            govern.tables(),
            govern.grants(),
            List.of(EVENTS::add),
            Clock.systemUTC());
    engine =
        new SparkEngine(
            new EngineConfig(null, null, 1_024L, null, null),
            folder,
            new SparkEngine.Namespace(
                govern.catalogs(),
                govern.schemas(),
                govern.tables(),
                govern.volumes(),
                govern.functions(),
                govern.tags(),
                govern.constraints(),
                govern.policies(),
                govern.grants(),
                govern.locations(),
                store.volumePaths(),
                store.samples(),
                govern.facades(),
                name -> Optional.of(Principal.user(name)),
                List.of(),
                lineage),
            List.of(),
            ObjectStores.unconfigured());
    engine.start();
    updates =
        new Updates(
            engine,
            List.of(),
            new FlowStates(database.jdbi()),
            govern.schemas(),
            govern.tables(),
            govern.storage(),
            folder);
  }

  @AfterAll
  static void stop() {
    engine.close();
    lineage.close();
    database.close();
  }

  /** What an update told. */
  private static final class Told implements UpdateEvents {
    final List<UpdateState> states = new CopyOnWriteArrayList<>();
    final Map<String, FlowProgress> last = new ConcurrentHashMap<>();
    final List<String> failures = new CopyOnWriteArrayList<>();

    @Override
    public void state(UpdateState state) {
      states.add(state);
    }

    @Override
    public void flow(FlowProgress progress) {
      last.put(progress.flow(), progress);
    }

    @Override
    public void failed(TarnException error) {
      failures.add(error.getMessage());
    }

    Map<String, FlowProgress.Status> statuses() {
      Map<String, FlowProgress.Status> statuses = new TreeMap<>();
      last.forEach(
          (flow, p) -> statuses.put(flow.substring(flow.lastIndexOf('.') + 1), p.status()));
      return statuses;
    }
  }

  private static Told update(String pipeline, String schema, boolean fullRefresh, String... sql) {
    Told told = new Told();
    List<UpdateRequest.SourceFile> files = new ArrayList<>();
    for (int i = 0; i < sql.length; i++) {
      files.add(new UpdateRequest.SourceFile("/p/" + i + ".sql", sql[i]));
    }
    updates.run(
        new UpdateRequest(
            pipeline, ADMIN, "main", schema, files, Map.of("limit", "10"), fullRefresh, false),
        told);
    return told;
  }

  private static long count(String table) {
    try (SqlSession session = engine.openSession(ADMIN, SessionDefaults.NONE);
        ResultStream rows =
            session.execute(UUID.randomUUID().toString(), "SELECT 1 FROM " + table, List.of())) {
      long count = 0;
      for (var batch = rows.next(); batch.isPresent(); batch = rows.next()) {
        count += batch.get().rowCount();
      }
      return count;
    }
  }

  private static void sql(String sql) {
    try (SqlSession session = engine.openSession(ADMIN, SessionDefaults.NONE)) {
      session.execute(UUID.randomUUID().toString(), sql, List.of()).close();
    }
  }

  private static final String PIPELINE =
      """
      CREATE OR REFRESH STREAMING TABLE good (
        CONSTRAINT positive EXPECT (id > 0) ON VIOLATION DROP ROW,
        CONSTRAINT small EXPECT (id < ${limit})
      ) COMMENT 'good rows' AS SELECT id, name FROM STREAM(raw);

      CREATE TEMPORARY VIEW named AS SELECT * FROM good WHERE name IS NOT NULL;

      CREATE OR REFRESH MATERIALIZED VIEW by_name AS
      SELECT name, count(*) AS n FROM named GROUP BY name;
      """;

  @Test
  void anUpdateBringsTablesUpToDateAndTheNextHasNothingToDo() throws Exception {
    Path lake = Files.createTempDirectory("tarn-lake").toRealPath();
    govern.externalLocations().create(ADMIN, "lake", lake.toString(), null, false);
    sql("CREATE SCHEMA main.first MANAGED LOCATION '" + lake + "/before'");
    Path place = Path.of(URI.create(govern.storage().of(new SchemaName("main", "first")).root()));
    sql("CREATE TABLE main.first.raw (id INT, name STRING)");
    sql("INSERT INTO main.first.raw VALUES (1, 'a'), (-1, 'a'), (20, 'b'), (NULL, 'c'), (3, NULL)");

    Told first = update("p1", "first", false, PIPELINE);
    assertThat(first.failures).isEmpty();
    assertThat(first.last.values()).allSatisfy(p -> assertThat(p.error()).isEmpty());
    assertThat(first.states).endsWith(UpdateState.COMPLETED);
    assertThat(count("main.first.good")).isEqualTo(3);
    assertThat(count("main.first.by_name")).isEqualTo(2);
    var quality = first.last.get("main.first.good").quality().orElseThrow();
    assertThat(quality.outputRows()).isEqualTo(3);
    assertThat(quality.droppedRows()).isEqualTo(2);
    assertThat(quality.expectations())
        .extracting("name", "failed")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("positive", 2L),
            org.assertj.core.groups.Tuple.tuple("small", 2L));
    assertThat(first.last.get("main.first.by_name").quality().orElseThrow().outputRows())
        .isEqualTo(2);
    assertThat(govern.tables().find(new EntityName("main", "first", "good")).orElseThrow())
        .satisfies(
            t -> {
              assertThat(t.tableType()).isEqualTo(TableType.STREAMING_TABLE);
              assertThat(t.comment()).isEqualTo("good rows");
              assertThat(t.storageLocation()).startsWith("file://" + place + "/tables/");
            });

    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }
        };
    Told second;
    try (var lease = engine.lease(ADMIN, SessionDefaults.NONE, Optional.empty())) {
      var context = lease.spark().sparkContext();
      context.listenerBus().waitUntilEmpty();
      context.addSparkListener(counter);
      second = update("p1", "first", false, PIPELINE);
      context.listenerBus().waitUntilEmpty();
      context.removeSparkListener(counter);
    }
    assertThat(jobs).as("Spark jobs of an update with nothing to do").hasValue(0);
    assertThat(second.statuses().values()).containsOnly(FlowProgress.Status.IDLE).hasSize(2);

    assertThat(place.resolve("pipelines/p1")).isDirectory();
    sql("ALTER SCHEMA main.first SET MANAGED LOCATION '" + lake + "/after'");
    sql("INSERT INTO main.first.raw VALUES (4, 'd')");
    Told third = update("p1", "first", false, PIPELINE);
    assertThat(third.last.get("main.first.good").quality().orElseThrow().outputRows()).isEqualTo(1);
    assertThat(count("main.first.good")).isEqualTo(4);
    assertThat(count("main.first.by_name")).isEqualTo(3);

    Told fourth = update("p1", "first", true, PIPELINE);
    assertThat(fourth.states).endsWith(UpdateState.COMPLETED);
    assertThat(count("main.first.good")).isEqualTo(4);
  }

  private static String columns(String table) {
    EntityName name = EntityName.parse(table);
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                EVENTS.stream()
                    .filter(event -> event.flow().target().equals(Optional.of(name)))
                    .filter(event -> event.entity() != null)
                    .findFirst(),
            Optional::isPresent)
        .map(
            event ->
                event.entity().id()
                    + ": "
                    + event.flow().columns().stream()
                        .map(e -> e.source().table().name() + '.' + e.source().name())
                        .sorted()
                        .toList())
        .get();
  }

  @Test
  void whereRowsComeFromIsToldOfBothKindsOfTables() {
    sql("CREATE SCHEMA main.traced");
    sql("CREATE TABLE main.traced.raw AS SELECT 1 AS id, 'a' AS name");
    assertThat(update("p-traced", "traced", false, PIPELINE).states)
        .endsWith(UpdateState.COMPLETED);
    assertThat(columns("main.traced.good")).isEqualTo("p-traced: [raw.id, raw.name]");
    assertThat(columns("main.traced.by_name")).startsWith("p-traced: [good.");
    assertThat(EVENTS)
        .allSatisfy(e -> assertThat(e.flow().sources()).doesNotContain(Flow.Source.at("")))
        .filteredOn(
            e -> e.flow().target().equals(Optional.of(EntityName.parse("main.traced.good"))))
        .hasSize(1);
  }

  @Test
  void aPipelineReadsWhatItsUserSees() throws Exception {
    sql("CREATE SCHEMA main.filtered");
    sql("CREATE TABLE main.filtered.raw (id INT, region STRING, name STRING)");
    sql("INSERT INTO main.filtered.raw VALUES (1, 'west', 'Ann'), (2, 'east', 'Bob')");
    sql(
        "CREATE FUNCTION main.filtered.west(r STRING) RETURNS BOOLEAN RETURN r = 'west' OR"
            + " is_account_group_member('nobody')");
    sql(
        "CREATE FUNCTION main.filtered.initial(n STRING) RETURNS STRING RETURN"
            + " IF(is_account_group_member('nobody'), n, left(n, 1))");
    sql("ALTER TABLE main.filtered.raw SET ROW FILTER main.filtered.west ON (region)");
    sql("ALTER TABLE main.filtered.raw ALTER COLUMN name SET MASK main.filtered.initial");
    String[] pipeline = {
      "CREATE STREAMING TABLE streamed AS SELECT * FROM STREAM(raw) WHERE 1 / (id - 2) < 9",
      "CREATE MATERIALIZED VIEW viewed AS SELECT *, try_divide(1, id - 2) AS q FROM raw"
    };
    Told first = update("filtered", "filtered", false, pipeline);
    assertThat(first.failures).isEmpty();
    assertThat(first.states).endsWith(UpdateState.COMPLETED);
    sql("INSERT INTO main.filtered.raw VALUES (2, 'east', 'Eve'), (3, 'west', 'Cid')");
    Told second = update("filtered", "filtered", false, pipeline);
    assertThat(second.failures).isEmpty();
    for (String table : List.of("streamed", "viewed")) {
      assertThat(count("main.filtered." + table)).as(table).isEqualTo(2);
      assertThat(count("main.filtered." + table + " WHERE region <> 'west' OR length(name) <> 1"))
          .as(table)
          .isZero();
    }
    sql("CREATE FUNCTION main.filtered.none(r STRING) RETURNS BOOLEAN RETURN r = 'none'");
    sql("ALTER TABLE main.filtered.raw SET ROW FILTER main.filtered.none ON (region)");
    update("filtered", "filtered", false, pipeline);
    assertThat(count("main.filtered.viewed")).isZero();
    assertThat(count("main.filtered.streamed")).isEqualTo(2);
    sql("ALTER TABLE main.filtered.raw DROP ROW FILTER");
    update("filtered", "filtered", false, pipeline);
    assertThat(count("main.filtered.viewed WHERE region = 'west'")).isEqualTo(2);
  }

  @Test
  void aDefinitionSaysWhatReadersSee() {
    sql("CREATE SCHEMA main.masked");
    sql("CREATE TABLE main.masked.raw AS SELECT 1 AS id, 'west' AS region, 'Ann' AS name");
    sql("INSERT INTO main.masked.raw VALUES (2, 'east', 'Bob')");
    for (String region : List.of("west", "east")) {
      sql(
          "CREATE FUNCTION main.masked.%1$s(r STRING) RETURNS BOOLEAN RETURN r = '%1$s'"
              .formatted(region));
    }
    sql(
        "CREATE FUNCTION main.masked.initial(n STRING, s STRING) RETURNS STRING RETURN left(n, 1)||s");
    String definitions =
        """
        CREATE OR REFRESH STREAMING TABLE streamed (
          id INT, region STRING, name STRING MASK initial USING COLUMNS ('+'),
          CONSTRAINT known EXPECT (id IS NOT NULL)
        ) WITH ROW FILTER west ON (region) AS SELECT * FROM STREAM(raw);
        CREATE OR REFRESH MATERIALIZED VIEW viewed (
          id INT, region STRING, name STRING MASK main.masked.initial USING COLUMNS (region)
        ) COMMENT 'seen' WITH ROW FILTER west ON (region) AS SELECT * FROM raw;
        """;
    for (int i = 0; i < 2; i++) {
      Told told = update("masked", "masked", false, definitions);
      assertThat(told.failures).isEmpty();
      assertThat(told.last.values()).allSatisfy(each -> assertThat(each.error()).isEmpty());
      assertThat(count("main.masked.streamed WHERE name = 'A+'")).isEqualTo(i + 1);
      assertThat(count("main.masked.viewed WHERE name = 'Awest'")).isEqualTo(i + 1);
      for (String table : List.of("main.masked.streamed", "main.masked.viewed")) {
        assertThat(count(table)).as(table).isEqualTo(i + 1);
        assertThat(govern.tables().find(EntityName.parse(table)).orElseThrow().properties())
            .doesNotContainKey("tarn.filters");
      }
      sql("INSERT INTO main.masked.raw VALUES (3, 'west', 'Amy'), (4, 'east', 'Eve')");
    }
    // What somebody set beside the definition stays.
    sql("CREATE FUNCTION main.masked.negative(i INT) RETURNS INT RETURN -i");
    for (String table : List.of("main.masked.streamed", "main.masked.viewed")) {
      sql("ALTER TABLE " + table + " ALTER COLUMN id SET MASK main.masked.negative");
    }
    Told changed =
        update("masked", "masked", false, definitions.replace("FILTER west", "FILTER east"));
    assertThat(changed.last.values()).allSatisfy(each -> assertThat(each.error()).isEmpty());
    for (String table : List.of("main.masked.streamed", "main.masked.viewed")) {
      assertThat(count(table + " WHERE region = 'east'")).as(table).isEqualTo(3);
      assertThat(count(table)).as(table).isEqualTo(3);
      assertThat(count(table + " WHERE id < 0")).as(table).isEqualTo(3);
    }
    Told whole =
        update("masked", "masked", true, definitions.replace("FILTER west", "FILTER east"));
    assertThat(whole.last.values()).allSatisfy(each -> assertThat(each.error()).isEmpty());
    assertThat(count("main.masked.streamed WHERE name = 'E+'")).isEqualTo(2);
    Told unfit = update("masked", "masked", false, definitions.replace("ON (region)", "ON (none)"));
    assertThat(unfit.last.values())
        .allSatisfy(each -> assertThat(each.error().orElseThrow()).hasMessageContaining("none"));
    assertThat(count("main.masked.viewed")).isEqualTo(3);
  }

  @Test
  void aDroppedTableIsFilledAgainFromTheStart() {
    sql("CREATE SCHEMA IF NOT EXISTS main.dropped");
    sql("CREATE TABLE main.dropped.raw AS SELECT 1 AS id, 'a' AS name");
    update("p2", "dropped", false, PIPELINE);
    sql("DROP TABLE main.dropped.good");
    Told told = update("p2", "dropped", false, PIPELINE);
    assertThat(told.states).endsWith(UpdateState.COMPLETED);
    assertThat(count("main.dropped.good")).isEqualTo(1);
  }

  private static final String STRICT =
      """
      CREATE OR REFRESH STREAMING TABLE strict (
        CONSTRAINT positive EXPECT (id > 0) ON VIOLATION FAIL UPDATE
      ) AS SELECT * FROM STREAM raw;
      CREATE OR REFRESH MATERIALIZED VIEW downstream AS SELECT count(*) AS n FROM strict;
      CREATE OR REFRESH MATERIALIZED VIEW sibling AS SELECT count(*) AS n FROM raw;
      """;

  @Test
  void aFailedFlowStopsWhatReadsFromItAndNothingElse() {
    sql("CREATE SCHEMA main.failing");
    sql("CREATE TABLE main.failing.raw AS SELECT -5 AS id, 'a' AS name");
    Told told = update("p3", "failing", false, STRICT);
    assertThat(told.states).endsWith(UpdateState.FAILED);
    assertThat(told.statuses())
        .isEqualTo(
            Map.of(
                "strict", FlowProgress.Status.FAILED,
                "downstream", FlowProgress.Status.SKIPPED,
                "sibling", FlowProgress.Status.COMPLETED));
    assertThat(told.last.get("main.failing.strict").error().orElseThrow())
        .hasMessageContaining("/p/0.sql:1")
        .hasMessageContaining("EXPECTATION_VIOLATION")
        .hasMessageContaining("'positive'");
    assertThat(count("main.failing.strict")).isZero();

    // Nothing has changed since, but not all was done: it must not pass for up to date.
    Told again = update("p3", "failing", false, STRICT);
    assertThat(again.states).endsWith(UpdateState.FAILED);
    assertThat(again.statuses())
        .isEqualTo(
            Map.of(
                "strict", FlowProgress.Status.FAILED,
                "downstream", FlowProgress.Status.SKIPPED,
                "sibling", FlowProgress.Status.IDLE));
  }

  @Test
  void aTableHasOneWriter() {
    String sql = "CREATE STREAMING TABLE taken AS SELECT * FROM STREAM main.shared.raw";
    sql("CREATE SCHEMA main.shared");
    sql("CREATE TABLE main.shared.raw AS SELECT 1 AS x");
    sql("CREATE TABLE main.shared.mine AS SELECT 7 AS x");
    assertThat(update("p6", "shared", false, sql).states).endsWith(UpdateState.COMPLETED);
    Told other = update("p7", "shared", false, sql);
    assertThat(other.states).endsWith(UpdateState.FAILED);
    assertThat(other.last.get("main.shared.taken").error().orElseThrow())
        .hasMessageContaining("main.shared.taken")
        .hasMessageContaining("p6");
    assertThat(count("main.shared.taken")).isEqualTo(1);

    Told byHand = update("p8", "shared", false, "CREATE MATERIALIZED VIEW mine AS SELECT 1 AS x");
    assertThat(byHand.states).endsWith(UpdateState.FAILED);
    assertThat(count("main.shared.mine WHERE x = 7")).isEqualTo(1);
  }

  @Test
  void theSchemaIsMadeIfItIsNotThere() {
    Told told = update("p5", "fresh", false, "CREATE MATERIALIZED VIEW one AS SELECT 1 AS x");
    assertThat(told.states).endsWith(UpdateState.COMPLETED);
    assertThat(count("main.fresh.one")).isEqualTo(1);
  }

  @Test
  void mistakesAreToldWithTheirPlace() {
    sql("CREATE SCHEMA main.mistakes");
    Told typo =
        update("p4", "mistakes", false, "-- one\n\nCREATE MATERIALIZED VIEW v AS\nSELEC 1;");
    assertThat(typo.states).endsWith(UpdateState.FAILED);
    assertThat(typo.failures).singleElement().asString().contains("/p/0.sql:4").contains("SELEC");

    Told column =
        update(
            "p4",
            "mistakes",
            false,
            "CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;\n"
                + "CREATE MATERIALIZED VIEW b AS SELECT nope FROM a;");
    assertThat(column.last.get("main.mistakes.b").error().orElseThrow())
        .hasMessageContaining("/p/0.sql:2")
        .hasMessageContaining("nope");

    Told cycle =
        update(
            "p4",
            "mistakes",
            false,
            "CREATE MATERIALIZED VIEW a AS SELECT * FROM b;\n"
                + "CREATE MATERIALIZED VIEW b AS SELECT * FROM a;");
    assertThat(cycle.states).endsWith(UpdateState.FAILED);
    assertThat(
            Stream.concat(
                cycle.failures.stream(),
                cycle.last.values().stream()
                    .flatMap(p -> p.error().stream())
                    .map(Throwable::getMessage)))
        .anySatisfy(m -> assertThat(m).containsIgnoringCase("circular"));

    Told unset = update("p4", "mistakes", false, "CREATE MATERIALIZED VIEW a AS SELECT ${nope};");
    assertThat(unset.failures).singleElement().asString().contains("${nope}");
  }
}
