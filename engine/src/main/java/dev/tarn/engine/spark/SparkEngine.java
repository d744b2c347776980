package dev.tarn.engine.spark;

import dev.tarn.engine.EngineConfig;
import dev.tarn.engine.commit.OwnFiles;
import dev.tarn.engine.commit.OwnLogs;
import dev.tarn.engine.copy.FileLoader;
import dev.tarn.engine.dialect.DatabricksSettings;
import dev.tarn.engine.dialect.ParameterParser;
import dev.tarn.engine.dialect.TarnParser;
import dev.tarn.engine.duckdb.NativeExecutor;
import dev.tarn.engine.foreign.JdbcTable;
import dev.tarn.engine.function.TableFunctionCalls;
import dev.tarn.engine.lineage.LineageListener;
import dev.tarn.engine.policy.AskedPlans;
import dev.tarn.engine.policy.PlanPolicy;
import dev.tarn.engine.policy.PolicyBarriers;
import dev.tarn.engine.policy.ReadAccess;
import dev.tarn.engine.policy.TableOptions;
import dev.tarn.engine.policy.TablePolicies;
import dev.tarn.engine.session.MembershipFunctions;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.engine.session.SparkErrors;
import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.source.DirectFiles;
import dev.tarn.engine.source.Source;
import dev.tarn.engine.source.SourceFunctions;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SessionDefaults;
import dev.tarn.engine.sql.SqlEngine;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.engine.system.SystemTable;
import dev.tarn.govern.Facades;
import dev.tarn.govern.abac.AccessPolicies;
import dev.tarn.govern.catalog.Catalogs;
import dev.tarn.govern.catalog.Functions;
import dev.tarn.govern.catalog.ManagedLocations;
import dev.tarn.govern.catalog.Schemas;
import dev.tarn.govern.catalog.Tables;
import dev.tarn.govern.catalog.Volumes;
import dev.tarn.govern.constraints.Constraints;
import dev.tarn.govern.grants.Grants;
import dev.tarn.govern.lineage.LineageLog;
import dev.tarn.govern.tags.Tags;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.store.delta.DeltaSnapshots;
import dev.tarn.store.delta.TablePlaces;
import dev.tarn.store.objects.ObjectStores;
import dev.tarn.store.samples.Samples;
import dev.tarn.store.volumes.VolumePaths;
import io.delta.sql.DeltaSparkSessionExtension;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.slf4j.LoggerFactory;
import scala.runtime.BoxedUnit;

/** The engine on Spark, which starts in the background: whoever comes before waits for it. */
public final class SparkEngine implements SqlEngine, AutoCloseable {

  /**
   * The governed namespace that SQL is resolved in.
   *
   * @param holders whose rights the name of an owner stands for; empty if it is nobody's
   * @param systemTables what the platform itself writes
   * @param lineage takes note of what statements read and write
   */
  public record Namespace(
      Catalogs catalogs,
      Schemas schemas,
      Tables tables,
      Volumes volumes,
      Functions functions,
      Tags tags,
      Constraints constraints,
      AccessPolicies policies,
      Grants grants,
      ManagedLocations locations,
      VolumePaths volumePaths,
      Samples samples,
      Facades facades,
      Function<String, Optional<Principal>> holders,
      List<SystemTable> systemTables,
      LineageLog lineage) {
    public Namespace {
      systemTables = List.copyOf(systemTables);
    }
  }

  private static final long STARTING_AT_MOST_SECONDS = 60;

  private final EngineConfig config;
  private final Path dataFolder;
  private final Namespace namespace;
  private final List<Source> sources;
  private final CompletableFuture<SparkSession> base = new CompletableFuture<>();
  private volatile boolean started;
  private volatile SparkSession built;
  private final HeapGuard guard = new HeapGuard();
  private final SnapshotTables snapshots;
  private final ObjectStores stores;
  private final NativeExecutor natively;
  private final UnchangedSessions unchanged = new UnchangedSessions();
  private final ExecutorService jobs =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "statement-job");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param dataFolder for what does not outlive the process, and for copies of remote files
   * @param stores where tables and volumes may lie beside this machine
   */
  public SparkEngine(
      EngineConfig config,
      Path dataFolder,
      Namespace namespace,
      List<Source> sources,
      ObjectStores stores) {
    this.stores = stores;
    this.snapshots =
        new SnapshotTables(
            new DeltaSnapshots(
                stores.configuration(),
                new TablePlaces(
                    namespace.facades().commits()::logAt,
                    namespace.facades().clones()::at,
                    location ->
                        namespace
                            .facades()
                            .externalLocations()
                            .holding(location)
                            .or(() -> Optional.of(namespace.locations().root())))));
    this.config = config;
    this.dataFolder = dataFolder;
    this.namespace = namespace;
    this.sources = List.copyOf(sources);
    this.natively =
        new NativeExecutor(
            new NativeExecutor.Resources(
                Runtime.getRuntime().availableProcessors(),
                dataFolder.resolve("tmp").resolve("native"),
                config.nativeMemoryBytes(),
                config.resultCacheBytes(),
                dataFolder.resolve("cache").resolve("files"),
                config.fileCacheBytes(),
                stores),
            snapshots);
  }

  /** Starts Spark on a thread of its own and runs a first statement through it. */
  public void start() {
    started = true;
    Thread thread =
        new Thread(
            () -> {
              try {
                built = build();
                warm(built);
                base.complete(built);
              } catch (Throwable e) {
                base.completeExceptionally(e);
              }
            },
            "spark-start");
    thread.setDaemon(true);
    thread.start();
    Thread nativeStart = new Thread(natively::warm, "native-start");
    nativeStart.setDaemon(true);
    nativeStart.start();
  }

  private SparkSession build() {
    Set<String> names = sources.stream().map(Source::function).collect(Collectors.toSet());
    Optional<FileLoader> files =
        sources.stream()
            .filter(FileLoader.class::isInstance)
            .map(FileLoader.class::cast)
            .findFirst();
    SparkConf conf = new SparkConf(false);
    SparkSettings.of(config.sparkMaster(), config.sqlShufflePartitions(), dataFolder)
        .forEach(conf::set);
    SparkSession spark =
        (SparkSession)
            org.apache.spark.sql.SparkSession.builder()
                .config(conf)
                .withExtensions(
                    (SparkSessionExtensions extensions) -> {
                      // From the innermost parser to the outermost.
                      extensions.injectParser((session, parser) -> new ParameterParser(parser));
                      extensions.injectPostHocResolutionRule(
                          session -> new AskedPlans((SparkSession) session));
                      extensions.injectPostHocResolutionRule(
                          session -> new TablePolicies((SparkSession) session));
                      new DeltaSparkSessionExtension().apply(extensions);
                      extensions.injectParser(
                          (session, parser) ->
                              new TarnParser((SparkSession) session, parser, names, files));
                      SourceFunctions.inject(extensions, sources);
                      MembershipFunctions.inject(extensions);
                      extensions.injectHintResolutionRule(session -> new TableOptions());
                      extensions.injectHintResolutionRule(
                          session -> new DirectFiles((SparkSession) session));
                      extensions.injectHintResolutionRule(
                          session -> new TableFunctionCalls((SparkSession) session));
                      extensions.injectPostHocResolutionRule(
                          session -> new ReadAccess((SparkSession) session));
                      extensions.injectPlannerStrategy(session -> new StoppableRows());
                      extensions.injectPlannerStrategy(session -> new PolicyBarriers());
                      extensions.injectColumnar(OwnFiles::new);
                      extensions.injectCheckRule(
                          session ->
                              plan -> {
                                check((SparkSession) session, plan);
                                return BoxedUnit.UNIT;
                              });
                      return BoxedUnit.UNIT;
                    })
                .getOrCreate();
    // Not among Spark's own settings, which SET shows and plans are cached by: there are secrets.
    stores.keep(spark.sparkContext().hadoopConfiguration());
    LineageListener.listen(spark.sparkContext());
    JdbcTable.register();
    return spark;
  }

  /**
   * Only Spark's first session, in which no statement runs, may lack a principal. In a session that
   * has been closed the same holds as before: Delta goes on reading its logs in the session that
   * opened a table.
   */
  private void check(SparkSession session, LogicalPlan plan) {
    if (Thread.currentThread().isInterrupted()) {
      // A script may loop for ever without ever running a job that could be cancelled.
      throw new CancellationException();
    }
    Optional<SessionContext> context = SessionRegistry.findEvenClosed(session);
    if (context.isPresent()) {
      new PlanPolicy(session, context.get()).check(plan);
      new OwnLogs(context.get()).check(plan);
    } else if (built != null && session != built) {
      throw new TarnException(
          ErrorCode.PERMISSION_DENIED, "42501", "This session acts for nobody.", null);
    }
  }

  /** What every first statement would pay for: the analyzer, code generation, the first session. */
  private void warm(SparkSession spark) {
    Principal warmer = Principal.administrator("tarn-engine");
    SessionDefaults bySpark =
        new SessionDefaults(
            Optional.empty(), Optional.empty(), Map.of(SparkSqlSession.EXECUTOR, "spark"));
    SessionLease lease = lease(spark, warmer, bySpark, Optional.empty());
    try (SparkSqlSession session = session(lease, ComputeShare.UNLIMITED, lease::close)) {
      try (ResultStream rows =
          session.execute("warm-up", "SELECT count(*) FROM range(10)", List.of())) {
        rows.next();
      }
    }
  }

  private SparkSession base() {
    try {
      return base.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SparkErrors.cancelled(e);
    } catch (ExecutionException e) {
      throw new TarnException(
          ErrorCode.TEMPORARILY_UNAVAILABLE,
          "Spark could not start: " + e.getCause().getMessage() + ". See the server's log.",
          e.getCause());
    }
  }

  @Override
  public boolean isReady() {
    return base.isDone() && !base.isCompletedExceptionally();
  }

  /** Why Spark did not start, if it did not. */
  public Optional<Throwable> failure() {
    return base.isCompletedExceptionally()
        ? Optional.of(base.handle((spark, e) -> e).join())
        : Optional.empty();
  }

  @Override
  public SqlSession openSession(Principal principal, SessionDefaults defaults) {
    return openSession(principal, defaults, ComputeShare.UNLIMITED);
  }

  @Override
  public SqlSession openSession(Principal principal, SessionDefaults defaults, ComputeShare share) {
    long epoch = namespace.grants().epoch();
    SessionLease lease =
        unchanged
            .take(principal, defaults, epoch)
            .orElseGet(() -> lease(principal, defaults, Optional.empty()));
    return session(lease, share, () -> unchanged.give(principal, defaults, epoch, lease));
  }

  private SparkSqlSession session(SessionLease lease, ComputeShare share, Runnable giveBack) {
    return new SparkSqlSession(
        lease,
        giveBack,
        share,
        jobs,
        dataFolder.resolve("tmp").resolve("spark").resolve("results"),
        guard,
        natively);
  }

  /**
   * A Spark session that acts for the principal.
   *
   * @param schemaFolder where inferred schemas of files are kept, for a pipeline
   */
  public SessionLease lease(
      Principal principal, SessionDefaults defaults, Optional<String> schemaFolder) {
    return lease(base(), principal, defaults, schemaFolder);
  }

  private SessionLease lease(
      SparkSession spark,
      Principal principal,
      SessionDefaults defaults,
      Optional<String> schemaFolder) {
    SessionLease lease =
        new SessionLease(spark.newSession(), context(principal, schemaFolder), stores);
    SparkSession session = lease.spark();
    org.apache.spark.sql.SparkSession.setActiveSession(session);
    for (Map.Entry<String, String> setting : defaults.configuration().entrySet()) {
      PlanPolicy.checkSetting(setting.getKey());
      String name = DatabricksSettings.named(setting.getKey());
      DatabricksSettings.check(name, setting.getValue());
      session.conf().set(name, setting.getValue());
    }
    var catalogs = session.sessionState().catalogManager();
    try {
      defaults.catalog().ifPresent(catalogs::setCurrentCatalog);
      // Every catalog begins in its default schema; that needs no privilege on it, using it does.
      defaults
          .schema()
          .filter(schema -> !Arrays.equals(catalogs.currentNamespace(), new String[] {schema}))
          .ifPresent(schema -> catalogs.setCurrentNamespace(new String[] {schema}));
    } catch (Throwable e) {
      lease.close();
      throw SparkErrors.toTarn(e);
    }
    return lease;
  }

  private SessionContext context(Principal principal, Optional<String> schemaFolder) {
    return new SessionContext(
        principal,
        namespace.catalogs(),
        namespace.schemas(),
        namespace.tables(),
        namespace.volumes(),
        namespace.functions(),
        namespace.tags(),
        namespace.constraints(),
        namespace.policies(),
        namespace.grants(),
        namespace.locations(),
        namespace.volumePaths(),
        namespace.samples(),
        snapshots,
        namespace.facades(),
        namespace.holders(),
        schemaFolder,
        namespace.systemTables(),
        namespace.lineage());
  }

  /**
   * Makes a session that another part of Spark has opened in this engine act for the principal,
   * until the lease is closed. Until this is done, no statement runs in such a session.
   */
  public SessionLease adopt(SparkSession session, Principal principal) {
    return new SessionLease(session, context(principal, Optional.empty()), stores);
  }

  /**
   * Begins a statement that the current thread runs in Spark by other means than a {@link
   * SqlSession}.
   *
   * @param id of nothing else that runs
   */
  public StatementScope scope(String id, ComputeShare share) {
    return new StatementScope(new StatementJobs(id, base().sparkContext(), share), guard);
  }

  /** Runs a step on this thread so that what it does in Spark is done within the share. */
  public void within(ComputeShare share, Runnable step) {
    SparkContext context = base().sparkContext();
    StatementJobs.take(context, share);
    try {
      step.run();
    } finally {
      StatementJobs.giveBack(context);
    }
  }

  /**
   * Waits until the lineage of what has run is recorded; for those who answer statements of Spark's
   * own protocols.
   */
  public void settleLineage() {
    LineageListener.settle(base().sparkContext(), namespace.lineage());
  }

  /** Spark itself, for those who serve its own protocols; failed if it could not start. */
  public CompletableFuture<SparkContext> sparkContext() {
    return base.thenApply(SparkSession::sparkContext);
  }

  /** Where tables and volumes may lie beside this machine. */
  public ObjectStores stores() {
    return stores;
  }

  /** The executor of what Spark need not run. */
  public NativeExecutor natively() {
    return natively;
  }

  @Override
  public void rest(String pool) {
    natively.rest(pool);
  }

  @Override
  public void rest() {
    SparkSession spark = built;
    if (spark != null) {
      spark.sharedState().cacheManager().clearCache();
      org.apache.spark.sql.delta.DeltaLog.clearCache();
      natively.rest();
      System.gc();
    }
  }

  /** Done once statements can run; failed if Spark could not start. */
  public CompletableFuture<Void> ready() {
    return base.thenApply(spark -> null);
  }

  /** Stops Spark; a start that is under way is waited for, since Spark cannot be stopped before. */
  @Override
  public void close() {
    if (started) {
      try {
        base.handle((spark, failure) -> null).get(STARTING_AT_MOST_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LoggerFactory.getLogger(SparkEngine.class).warn("Spark was stopped during its start", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    jobs.shutdownNow();
    unchanged.close();
    guard.close();
    natively.close();
    SparkSession spark = built;
    if (spark != null) {
      spark.stop();
    }
  }
}
