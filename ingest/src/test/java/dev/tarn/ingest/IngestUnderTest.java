package dev.tarn.ingest;

import dev.tarn.engine.EngineConfig;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.govern.Govern;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.database.DatabaseConfig;
import dev.tarn.platform.database.MetadataDatabase;
import dev.tarn.store.Store;
import dev.tarn.store.objects.ObjectStores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;

/** An engine with what the room reads, over a data folder of its own. */
public final class IngestUnderTest implements AutoCloseable {
  public static final Principal ADMIN = Principal.administrator("admin");

  public final Path folder;
  public final Govern govern;
  public final SparkEngine engine;

  /** What statements have read and written. */
  public final Queue<LineageEvent> events = new ConcurrentLinkedQueue<>();

  private final MetadataDatabase database;
  private final LineageLog lineage;

  public IngestUnderTest(Path folder) {
    this.folder = folder;
    database = MetadataDatabase.open(DatabaseConfig.defaults(), folder, Govern.MIGRATIONS);
    govern = new Govern(database, name -> true, folder.resolve("storage").toString());
    govern.bootstrap(ADMIN);
    ObjectStores stores = ObjectStores.unconfigured();
    Store store = new Store(govern, stores, true);
    lineage =
        new LineageLog(
            folder.resolve("lineage"),
            new LineageLog.Origin("1", "1", "1"),
            database,
            govern.tables(),
            govern.grants(),
            List.of(events::add),
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
            new Ingest(stores, govern.externalLocations()).sources(),
            stores);
    engine.start();
  }

  @Override
  public void close() {
    engine.close();
    lineage.close();
    database.close();
  }

  /** The folder of a volume that is there; its files need no upload here. */
  public Path volume(String schema, String name) throws IOException {
    sql("CREATE VOLUME " + schema + "." + name);
    String place =
        sql("DESCRIBE VOLUME " + schema + "." + name).stream()
            .filter(row -> row.startsWith("storageLocation|"))
            .findFirst()
            .orElseThrow();
    return Files.createDirectories(Path.of(place.substring(place.indexOf("file://") + 7)));
  }

  /** Runs one statement in a session of its own; values of a row are joined by a bar. */
  public List<String> sql(Principal principal, String sql) {
    try (SqlSession session = engine.openSession(principal, SessionDefaults.NONE);
        ResultStream rows = session.execute(UUID.randomUUID().toString(), sql, List.of())) {
      return rows(rows);
    }
  }

  public List<String> sql(String sql) {
    return sql(ADMIN, sql);
  }

  private static List<String> rows(ResultStream result) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(result.arrowSchema());
    for (Optional<ResultStream.Batch> b = result.next(); b.isPresent(); b = result.next()) {
      stream.writeBytes(b.get().message());
    }
    stream.writeBytes(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0});
    List<String> rows = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream.toByteArray()), allocator)) {
      while (reader.loadNextBatch()) {
        List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
        for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
          int at = row;
          rows.add(
              vectors.stream()
                  .map(v -> String.valueOf(v.getObject(at)))
                  .collect(Collectors.joining("|")));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return rows;
  }
}
