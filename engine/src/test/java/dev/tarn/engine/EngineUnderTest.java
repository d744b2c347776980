package dev.tarn.engine;

import dev.tarn.engine.differential.LocalFiles;
import dev.tarn.engine.foreign.ForeignSystems;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;

/** The engine over a fresh data folder, started once for all tests of the module. */
public final class EngineUnderTest {
  public static final Principal ADMIN = Principal.administrator("admin");

  private static final EngineUnderTest ONE = new EngineUnderTest();

  /** Owners who are more than a user without groups, by name. */
  public final Map<String, Principal> holders = new ConcurrentHashMap<>(Map.of("admin", ADMIN));

  public final Govern govern;
  public final Store store;
  public final SparkEngine engine;
  public final Path folder;
  public final LineageLog lineage;

  /** What statements have read and written. */
  public final Queue<LineageEvent> events = new ConcurrentLinkedQueue<>();

  private EngineUnderTest() {
    try {
      folder = Files.createTempDirectory("tarn-engine");
      MetadataDatabase database =
          MetadataDatabase.open(DatabaseConfig.defaults(), folder, Govern.MIGRATIONS);
      govern =
          new Govern(
              database,
              name -> true,
              folder.resolve("storage").toString(),
              Govern.Deployment.alone().with(new ForeignSystems()));
      govern.bootstrap(ADMIN);
      store = new Store(govern, ObjectStores.unconfigured(), true);
      store.bootstrap();
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
                  name -> Optional.ofNullable(holders.getOrDefault(name, Principal.user(name))),
                  List.of(),
                  lineage),
              List.of(new LocalFiles()),
              ObjectStores.unconfigured());
      engine.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static EngineUnderTest get() {
    return ONE;
  }

  public SqlSession session(Principal principal) {
    return engine.openSession(principal, SessionDefaults.NONE);
  }

  /** A session whose queries one executor runs: {@code spark} or {@code native}. */
  public SqlSession session(Principal principal, String executor) {
    return engine.openSession(
        principal,
        new SessionDefaults(Optional.empty(), Optional.empty(), Map.of("tarn.executor", executor)));
  }

  /** How many native statements run now, whoever waits for them. */
  public int runningNatively() {
    return engine.natively().running();
  }

  /** Runs one statement in a session of its own; values of a row are joined by a bar. */
  public List<String> sql(Principal principal, String sql) {
    try (SqlSession session = session(principal)) {
      return rows(session.execute(UUID.randomUUID().toString(), sql, List.of()));
    }
  }

  public List<String> sql(String sql) {
    return sql(ADMIN, sql);
  }

  public static List<String> rows(ResultStream result) {
    List<String> rows = new ArrayList<>();
    try (result) {
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      stream.writeBytes(result.arrowSchema());
      for (Optional<ResultStream.Batch> b = result.next(); b.isPresent(); b = result.next()) {
        stream.writeBytes(b.get().message());
      }
      stream.writeBytes(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0});
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
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
