package dev.tarn.server;

import dev.tarn.engine.foreign.ForeignSystems;
import dev.tarn.engine.function.NewFunctions;
import dev.tarn.engine.spark.SparkEngine;
import dev.tarn.engine.system.SystemTable;
import dev.tarn.govern.Govern;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.lineage.LineageEvent;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.govern.lineage.OpenLineageReceiver;
import dev.tarn.ingest.Ingest;
import dev.tarn.kernel.http.Capability;
import dev.tarn.kernel.http.Route;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.platform.Platform;
import dev.tarn.platform.datafolder.DataFolder;
import dev.tarn.platform.identity.directory.Directory;
import dev.tarn.platform.identity.directory.PrincipalInfo;
import dev.tarn.platform.identity.directory.PrincipalType;
import dev.tarn.process.Process;
import dev.tarn.serve.Serve;
import dev.tarn.serve.address.PublicAddress;
import dev.tarn.serve.connect.SparkConnect;
import dev.tarn.server.audit.CallRecords;
import dev.tarn.server.health.HealthRoutes;
import dev.tarn.server.health.Readiness;
import dev.tarn.server.http.GrpcTarget;
import dev.tarn.server.http.HttpServer;
import dev.tarn.server.tls.Tls;
import dev.tarn.store.Store;
import dev.tarn.store.discarded.DiscardedFiles;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.system.AuditTable;
import dev.tarn.store.system.JournalTable;
import dev.tarn.store.system.LineageTables;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A running Tarn: takes the data folder, opens the rooms in the order of their dependencies, and
 * answers HTTP before SQL is ready, since Spark takes seconds and nothing else needs to wait.
 */
public final class TarnServer implements AutoCloseable {
  private static final String ADMINISTRATOR = "admin";
  private static final Duration LOOK_FOR_DISCARDED_FILES = Duration.ofMinutes(10);

  private final Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private CompletableFuture<Void> ready;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private List<Route> routes = List.of();
  private HttpServer http;
  private Tls tls;

  private TarnServer(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts a server; it answers HTTP when this returns, and statements once {@link #ready} is done.
   *
   * @param folder data folder; made if absent, and held until {@link #close}
   * @throws dev.tarn.kernel.error.TarnException if the folder or the port is taken, or the metadata
   *     cannot be opened
   */
  public static TarnServer start(ServerConfig config, Path folder) {
    TarnServer server = new TarnServer(folder.toAbsolutePath().normalize());
    try {
      server.open(config);
      return server;
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  private void open(ServerConfig config) {
    opened(DataFolder.open(folder));
    ServerLogging.into(folder);
    // Made beside the metadata, so that the start does not wait for it.
    tls = opened(Tls.start(config.http().tls(), folder, Clock.systemUTC()));
    List<String> migrations = new ArrayList<>(Govern.MIGRATIONS);
    migrations.addAll(Process.MIGRATIONS);
    migrations.addAll(Serve.MIGRATIONS);
    Platform platform = opened(new Platform(folder, config.database(), migrations));
    Principal administrator = platform.identity().principal(ADMINISTRATOR);
    Govern govern =
        new Govern(
            platform.database(),
            platform.identity()::exists,
            config.storage().rootIn(folder),
            new Govern.Deployment(
                platform.identity()::workspaceId,
                config.catalog().keepDropped(),
                platform.encryptionKey(),
                new ForeignSystems()));
    govern.bootstrap(administrator);
    ObjectStores stores =
        new ObjectStores(
            config.storage().resolved(System.getenv()), govern.storageSettings()::current);
    Store store = new Store(govern, stores, !platform.database().shared());
    store.bootstrap();
    AuditLog audit =
        opened(
            new AuditLog(
                folder.resolve("audit"),
                platform.identity().oauth().accountId(),
                Long.toString(platform.identity().oauth().workspaceId()),
                config.audit(),
                Clock.systemUTC()));
    String systemFolder = govern.locations().root() + "/system/access";
    List<Consumer<LineageEvent>> receivers =
        config.lineage().openlineage().url() == null
            ? List.of()
            : List.of(opened(new OpenLineageReceiver(config.lineage().openlineage())));
    LineageLog lineage =
        opened(
            new LineageLog(
                folder.resolve("lineage"),
                new LineageLog.Origin(
                    platform.identity().oauth().accountId(),
                    govern.metastore().id(),
                    Long.toString(platform.identity().oauth().workspaceId())),
                platform.database(),
                govern.tables(),
                govern.grants(),
                receivers,
                Clock.systemUTC()));
    List<JournalTable> journaled =
        List.of(
            opened(AuditTable.of(audit, systemFolder, stores.settings())),
            opened(
                LineageTables.ofTables(lineage, config.lineage(), systemFolder, stores.settings())),
            opened(
                LineageTables.ofColumns(
                    lineage, config.lineage(), systemFolder, stores.settings())));
    journaled.forEach(table -> table.enter(govern.serverCatalogs()));
    Ingest ingest = new Ingest(stores, govern.externalLocations());
    SparkEngine engine =
        opened(
            new SparkEngine(
                config.engine(),
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
                    platform.identity()::holder,
                    journaled.stream()
                        .map(t -> new SystemTable(t.name(), t.location(), t::refresh))
                        .toList(),
                    lineage),
                ingest.sources(),
                stores));
    Process process = opened(new Process(platform, govern, engine, ingest.sources(), folder));
    URI fallback = URI.create("http://" + config.http().bindAddress() + ":" + config.http().port());
    PublicAddress address = new PublicAddress(config.http().publicUrl(), fallback);
    Serve serve =
        opened(
            new Serve(
                platform.database(),
                govern.catalogs(),
                govern.schemas(),
                govern.tables(),
                govern.constraints(),
                engine,
                folder,
                address,
                people(platform.identity().directory()),
                config.history(),
                config.results(),
                config.statements(),
                Math.max(1, config.http().handlerThreads() / 2),
                audit));
    serve.bootstrap(ADMINISTRATOR);

    SparkConnect connect =
        opened(
            new SparkConnect(
                engine,
                platform.identity()::authenticate,
                serve.history(),
                serve.warehouses(),
                audit,
                config.statements()));

    List<Capability> capabilities = new ArrayList<>();
    capabilities.add(new HealthRoutes(() -> waiting(engine)));
    capabilities.addAll(platform.capabilities(address::of));
    capabilities.addAll(govern.capabilities(store.stagedLogs(), store.stagedCommits()));
    capabilities.add(new NewFunctions(engine, govern::function));
    capabilities.addAll(store.capabilities());
    capabilities.addAll(process.capabilities());
    capabilities.addAll(serve.capabilities());
    routes = capabilities.stream().flatMap(each -> each.routes().stream()).toList();
    http =
        HttpServer.start(
            config.http(),
            platform.identity()::authenticate,
            capabilities,
            Optional.of(tls),
            Map.of(
                SparkConnect.SERVICE,
                new GrpcTarget(connect::port, SparkConnect.ORIGIN, connect.originKey())),
            new CallRecords(audit));
    engine.start();
    opened(new DiscardedFiles(govern.droppedTables(), stores)).start(LOOK_FOR_DISCARDED_FILES);
    opened(http);
    ready = engine.ready();
    ready.thenRun(govern.search()::prepare);
  }

  private static Serve.People people(Directory directory) {
    Principal tarn = Principal.administrator("tarn-server");
    return new Serve.People(
        directory::exists,
        name -> directory.find(name).map(PrincipalInfo::id).orElse(0L),
        number ->
            Arrays.stream(PrincipalType.values())
                .flatMap(type -> directory.list(tarn, type).stream())
                .filter(one -> one.id() == number)
                .map(PrincipalInfo::name)
                .findFirst());
  }

  private static Optional<Readiness.Waiting> waiting(SparkEngine engine) {
    if (engine.isReady()) {
      return Optional.empty();
    }
    return Optional.of(
        engine
            .failure()
            .map(e -> new Readiness.Waiting("Spark could not start: " + e.getMessage(), true))
            .orElseGet(() -> new Readiness.Waiting("Spark", false)));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** All that it answers over HTTP. */
  List<Route> routes() {
    return routes;
  }

  /** Where clients on this machine reach it. */
  public URI url() {
    return http.url();
  }

  /** The port that speaks TLS only, if there is one; the one of {@link #url} speaks TLS too. */
  public Optional<Integer> httpsPort() {
    return http.httpsPort();
  }

  /** The file that TLS clients are pointed to; empty with one's own certificate. */
  public Optional<Path> certificateAuthority() {
    return tls.authorityFile();
  }

  /** The file that holds the first administrator's token. */
  public Path administratorToken() {
    return folder.resolve("admin.token");
  }

  /** Done once statements can run; failed if the engine could not start. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Returns when the server has been closed. */
  public void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /** Stops in the reverse order of the start. Repeated calls do nothing. */
  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        org.slf4j.LoggerFactory.getLogger(TarnServer.class).warn("A part did not stop cleanly", e);
      }
    }
    stopped.countDown();
  }
}
