package dev.tarn.store.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.govern.Govern;
import dev.tarn.govern.catalog.SchemaInfo;
import dev.tarn.govern.catalog.TableInfo;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.store.Store;
import dev.tarn.store.delta.DataFile;
import dev.tarn.store.delta.DeltaSnapshots;
import dev.tarn.store.delta.TableSnapshot;
import dev.tarn.store.objects.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesIT {
  private static final Principal ANN = Principal.user("ann");
  private static final EntityName TRIPS = new EntityName("samples", "nyctaxi", "trips");

  @TempDir Path folder;
  private MetadataDatabase database;
  private Govern govern;
  private Samples samples;

  @BeforeEach
  void open() {
    database = MetadataDatabase.open(DatabaseConfig.defaults(), folder, Govern.MIGRATIONS);
    govern = new Govern(database, name -> true, folder.resolve("storage").toString());
    samples = start();
  }

  private Samples start() {
    Store store = new Store(govern, ObjectStores.unconfigured(), true);
    store.bootstrap();
    return store.samples();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<TableInfo> tables() {
    return govern.schemas().list(ANN, Samples.CATALOG).stream()
        .map(SchemaInfo::name)
        .flatMap(schema -> govern.tables().list(ANN, schema).stream())
        .toList();
  }

  private TableInfo trips() {
    return govern.tables().get(ANN, TRIPS);
  }

  private static Path path(TableInfo table) {
    return Path.of(table.storageLocation().substring("file://".length()));
  }

  private static List<Path> files(TableInfo table, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(path(table))) {
      return all.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static long rows(TableInfo table) {
    return snapshot(table).files().stream().mapToLong(DataFile::rows).sum();
  }

  private static TableSnapshot snapshot(TableInfo table) {
    return new DeltaSnapshots(Map.of()).latest(table.storageLocation());
  }

  @Test
  void theFirstStartWritesNoRowsAndTheFirstUseWritesThem() {
    assertThat(tables()).hasSize(12);
    assertThat(folder.resolve("storage/samples")).doesNotExist();
    for (TableInfo table : tables()) {
      samples.prepare(table);
      assertThat(rows(table)).as(table.name().fullName()).isPositive();
    }
    assertThat(rows(trips())).isEqualTo(21_932);
    assertThat(rows(govern.tables().get(ANN, new EntityName("samples", "flights", "flights"))))
        .isEqualTo(230_096);
    assertThat(rows(govern.tables().get(ANN, new EntityName("samples", "tpch", "lineitem"))))
        .isEqualTo(60_175);
  }

  @Test
  void whatIsEnteredIsWhatIsWritten() {
    for (TableInfo table : tables()) {
      samples.prepare(table);
      String schema = snapshot(table).schemaJson().replace(" ", "");
      table
          .columns()
          .forEach(
              column ->
                  assertThat(schema)
                      .contains(
                          "\"name\":\"" + column.name() + "\",\"type\":" + column.typeJson()));
    }
  }

  @Test
  void firstReadersWhoComeTogetherGetRowsThatWereWrittenOnce() throws Exception {
    TableInfo trips = trips();
    ExecutorService readers = Executors.newFixedThreadPool(8);
    try {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counts.add(
            readers.submit(
                () -> {
                  samples.prepare(trips);
                  return rows(trips);
                }));
      }
      for (Future<Long> count : counts) {
        assertThat(count.get()).isEqualTo(21_932);
      }
    } finally {
      readers.shutdownNow();
    }
    assertThat(files(trips, ".parquet")).hasSize(1);
    assertThat(files(trips, ".json")).hasSize(1);
  }

  @Test
  void aWriteThatWasCutShortIsDoneAgain() throws Exception {
    TableInfo trips = trips();
    Files.createDirectories(path(trips).resolve("_delta_log"));
    Files.writeString(path(trips).resolve("half.parquet"), "PAR1 and no more");
    Files.writeString(path(trips).resolve("_delta_log/.00000000000000000000.json.tmp"), "{");
    samples.prepare(trips);
    assertThat(rows(trips)).isEqualTo(21_932);
    assertThat(files(trips, ".parquet")).hasSize(1);
    assertThat(files(trips, ".tmp")).isEmpty();
  }

  @Test
  void anotherStartFindsWhatIsThere() throws Exception {
    samples.prepare(trips());
    List<Path> before = files(trips(), ".parquet");
    TableInfo entered = trips();
    Samples again = start();
    assertThat(trips()).isEqualTo(entered);
    again.prepare(trips());
    assertThat(files(trips(), ".parquet")).isEqualTo(before);
  }

  @Test
  void generatedRowsAreTheSameEachTimeAndPlausible() throws Exception {
    SampleTable table = TaxiTrips.table();
    Iterator<Object[]> one = table.rows().iterator();
    Iterator<Object[]> other = table.rows().iterator();
    while (one.hasNext()) {
      Object[] trip = one.next();
      assertThat(trip).isEqualTo(other.next());
      assertThat((long) trip[1]).isGreaterThan((long) trip[0]);
      assertThat((double) trip[2]).isBetween(0.1, 40.0);
      assertThat((double) trip[3]).isBetween(2.5, 200.0);
    }
    assertThat(other.hasNext()).isFalse();
  }

  @Test
  void linesOfFilesAreParted() {
    assertThat(FlightTables.values("a,\"b, \"\"c\"\"\",,d"))
        .containsExactly("a", "b, \"c\"", "", "d");
  }
}
