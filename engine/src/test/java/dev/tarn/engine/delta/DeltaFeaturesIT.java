package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.EngineUnderTest;
import dev.tarn.store.delta.ColumnFilter;
import dev.tarn.store.delta.DataFile;
import dev.tarn.store.delta.DeltaSnapshots;
import dev.tarn.store.delta.TablePlaces;
import dev.tarn.store.delta.TableSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Delta's writer can put into a log besides plain commits, held against what Spark reads. */
class DeltaFeaturesIT {
  private static final EngineUnderTest TARN = EngineUnderTest.get();

  private final SparkView spark = new SparkView();
  private final DeltaSnapshots snapshots = new DeltaSnapshots(Map.of());

  @BeforeAll
  static void schema() {
    TARN.sql("CREATE SCHEMA main.features");
  }

  @AfterAll
  static void drop() {
    TARN.sql("DROP SCHEMA main.features CASCADE");
  }

  private TableSnapshot anew(String table) {
    return new DeltaSnapshots(Map.of()).latest(spark.location(table));
  }

  private List<String> log(String table) throws IOException {
    String location = spark.location(table).substring("file://".length());
    try (Stream<Path> files = Files.walk(Path.of(location, "_delta_log"))) {
      return files.map(Path::toString).filter(f -> f.contains("checkpoint")).toList();
    }
  }

  @Test
  void checkpointsOfBothVersions() throws IOException {
    for (String policy : List.of("classic", "v2")) {
      String t = "main.features.points_" + policy;
      TARN.sql(
          "CREATE TABLE "
              + t
              + " (id BIGINT) TBLPROPERTIES ('delta.checkpointInterval' = '2',"
              + " 'delta.checkpointPolicy' = '"
              + policy
              + "', 'delta.enableDeletionVectors' = 'true')");
      TableSnapshot empty = snapshots.latest(spark.location(t));
      assertThat(empty.files()).isEmpty();
      TARN.sql("INSERT INTO " + t + " SELECT id FROM range(100)");
      TARN.sql("DELETE FROM " + t + " WHERE id IN (3, 50)");
      TARN.sql("INSERT INTO " + t + " VALUES (1000)");
      assertThat(log(t)).isNotEmpty();
      TableSnapshot read = anew(t);
      assertThat(read.readerFeatures().contains("v2Checkpoint")).isEqualTo(policy.equals("v2"));
      spark.assertSameRows(t, read);
      spark.assertSameRows(t, snapshots.latest(spark.location(t)));
      ColumnFilter thousand =
          new ColumnFilter.Compare(List.of("id"), ColumnFilter.Comparison.EQUAL, 1000L);
      assertThat(read.files(List.of(thousand))).as("statistics are there").hasSize(1);
    }
    assertThat(log("main.features.points_v2")).anyMatch(f -> f.contains("_sidecars"));
  }

  @Test
  void travelsAsSparkDoes() {
    String t = "main.features.travel";
    TARN.sql(
        "CREATE TABLE "
            + t
            + " TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true') AS SELECT 1 AS id");
    Instant first = Instant.now();
    TARN.sql("INSERT INTO " + t + " VALUES (2)");
    TARN.sql("UPDATE " + t + " SET id = 3 WHERE id = 1");
    String location = spark.location(t);
    for (long version = 0; version <= 2; version++) {
      spark.assertSameRows(t + " VERSION AS OF " + version, snapshots.version(location, version));
    }
    TableSnapshot then = snapshots.asOf(location, first);
    assertThat(then.version()).isZero();
    spark.assertSameRows(t + " TIMESTAMP AS OF '" + first + "'", then);
  }

  @Test
  void shallowClonesReadTheFilesOfTheirSource() {
    String source = "main.features.source";
    String clone = "main.features.clone";
    TARN.sql("CREATE TABLE " + source + " (v INT, p STRING) PARTITIONED BY (p)");
    TARN.sql("INSERT INTO " + source + " VALUES (1, 'a b'), (2, '50%'), (3, NULL)");
    Path home = Path.of(spark.location(source).substring("file://".length()));
    Path folder = TARN.folder.resolve("a clone 50%");
    TARN.sql("CREATE TABLE " + clone + " SHALLOW CLONE " + source + " LOCATION '" + folder + "'");
    TARN.sql("INSERT INTO " + clone + " VALUES (4, 'a b')");
    DeltaSnapshots ofClones =
        new DeltaSnapshots(
            new Configuration(),
            new TablePlaces(
                location -> Optional.empty(),
                TARN.govern.facades().clones()::at,
                location -> Optional.empty()));
    TableSnapshot snapshot = ofClones.latest(spark.location(clone));
    spark.assertSameRows(clone, snapshot);
    assertThat(snapshot.files())
        .hasSize(4)
        .allMatch(f -> Files.exists(Path.of(f.path())))
        .filteredOn(f -> f.path().startsWith(home.toString()))
        .hasSize(3);
  }

  @Test
  void statisticsThatSparkWritesLeaveOutWhatCannotMatch() {
    String t = "main.features.stats";
    TARN.sql(
        "CREATE TABLE "
            + t
            + " (i INT, d DECIMAL(20,4), f DOUBLE, s STRING, dt DATE, ts TIMESTAMP,"
            + " n TIMESTAMP_NTZ, st STRUCT<x: INT, y: STRING>, a ARRAY<INT>, b BINARY)");
    for (int k = 1; k <= 3; k++) {
      TARN.sql(
          "INSERT INTO "
              + t
              + (" SELECT /*+ COALESCE(1) */ * FROM (SELECT %d, %d.0001, %d.5D, repeat('%d', 40), make_date(2020, %d, 1),"
                      + " make_timestamp(2020, %d, 1, 0, 0, 0.123456), make_timestamp_ntz(2020, %d, 1, 0, 0,"
                      + " 0.123456), named_struct('x', %d, 'y', 'y%d'), array(%d), X'0%d' UNION ALL SELECT"
                      + " %d, null, null, null, null, null, null, null, null, null)")
                  .replace("%d", String.valueOf(k)));
    }
    TableSnapshot snapshot = snapshots.latest(spark.location(t));
    spark.assertSameRows(t, snapshot);
    Map<String, Object> second =
        Map.of(
            "i",
            2,
            "d",
            new BigDecimal("2.0001"),
            "f",
            2.5,
            "s",
            "2".repeat(40),
            "dt",
            LocalDate.of(2020, 2, 1),
            "ts",
            Instant.parse("2020-02-01T00:00:00.123456Z"),
            "n",
            LocalDateTime.parse("2020-02-01T00:00:00.123456"),
            "st.x",
            2,
            "st.y",
            "y2");
    second.forEach(
        (column, value) ->
            assertThat(
                    snapshot.files(
                        List.of(
                            new ColumnFilter.Compare(
                                List.of(column.split("\\.")),
                                ColumnFilter.Comparison.EQUAL,
                                value))))
                .as(column)
                .hasSize(1));
    assertThat(snapshot.files(List.of(new ColumnFilter.IsNull(List.of("i"))))).isEmpty();
    assertThat(snapshot.files(List.of(new ColumnFilter.IsNull(List.of("s"))))).hasSize(3);
  }

  @Test
  void widenedTypesAreAnnounced() {
    String t = "main.features.wide";
    TARN.sql(
        "CREATE TABLE "
            + t
            + " TBLPROPERTIES ('delta.enableTypeWidening' = 'true') AS SELECT CAST(1 AS INT) AS id");
    TARN.sql("ALTER TABLE " + t + " ALTER COLUMN id TYPE BIGINT");
    TARN.sql("INSERT INTO " + t + " VALUES (5000000000)");
    TableSnapshot snapshot = snapshots.latest(spark.location(t));
    assertThat(snapshot.readerFeatures()).contains("typeWidening");
    assertThat(snapshot.schemaJson()).contains("delta.typeChanges");
    spark.assertSameRows(t, snapshot);
  }

  @Test
  void aTableMadeAgainInItsFolderIsNotTheOldOne() {
    String path = TARN.folder.resolve("again").toString();
    String t = "main.features.again";
    for (String column : List.of("a", "b")) {
      TARN.sql("CREATE TABLE " + t + " LOCATION '" + path + "' AS SELECT 1 AS " + column);
      TableSnapshot snapshot = snapshots.latest(path);
      assertThat(snapshot.version()).isZero();
      assertThat(snapshot.schemaJson()).contains("\"" + column + "\"");
      spark.assertSameRows(t, snapshot);
      TARN.sql("DROP TABLE " + t);
      deleteAll(Path.of(path));
    }
  }

  private static void deleteAll(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aReaderSeesWhatAWriterHasFinished() throws Exception {
    String t = "main.features.busy";
    TARN.sql("CREATE TABLE " + t + " (id INT)");
    String location = spark.location(t);
    AtomicLong written = new AtomicLong();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Callable<Void> writes =
          () -> {
            for (int i = 1; i <= 4; i++) {
              TARN.sql("INSERT INTO " + t + " VALUES (" + i + ")");
              written.set(i);
            }
            return null;
          };
      Future<Void> writer = thread.submit(writes);
      while (!writer.isDone()) {
        long before = written.get();
        TableSnapshot snapshot = snapshots.latest(location);
        assertThat(snapshot.version()).isGreaterThanOrEqualTo(before);
        assertThat(snapshot.files()).hasSize((int) snapshot.version());
      }
      writer.get();
    } finally {
      thread.shutdownNow();
    }
    assertThat(snapshots.latest(location).files().stream().mapToLong(DataFile::rows).sum())
        .isEqualTo(4);
  }
}
