package dev.tarn.engine.duckdb;

import dev.tarn.engine.dialect.DatabricksSettings;
import dev.tarn.engine.session.HiddenRows;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.translation.Untranslatable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.delta.UnsupportedTableException;
import dev.tarn.store.objects.ObjectStores;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.command.ExplainCommand;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs queries in DuckDB. Spark's analyzer says what a query means; what of that cannot be said in
 * DuckDB's SQL with the same meaning is refused, and whoever asked lets Spark run it.
 */
public final class NativeExecutor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NativeExecutor.class);

  /** The refusal of what is not a query; nobody minds it. */
  public static final String NO_QUERY = "not a query";

  private static final long LITTLE_BYTES = 4 << 20;

  private final NativeDatabases databases;
  private final SnapshotTables tables;
  private final NativePlanner planner;
  private final ResultCache results;
  private final Stops stops = new Stops();
  private final AtomicInteger running = new AtomicInteger();
  private final FileCopies copies;

  /**
   * What became of a try.
   *
   * @param rows of the query, if it runs; empty if Spark has to run it
   * @param refusal why Spark has to; empty if it runs
   * @param explanation of an EXPLAIN: which executor would run the query, and why
   */
  public record Attempt(Optional<ResultStream> rows, String refusal, Optional<String> explanation) {
    /** Spark has to run it. */
    public static Attempt refused(String reason) {
      return new Attempt(Optional.empty(), reason, Optional.empty());
    }
  }

  /** A statement that may be stopped from another thread. */
  public interface Stoppable {
    /** Names the statement. */
    String id();

    /** Adds what is to be done when the statement is stopped; done at once if it was already. */
    void stopWith(Runnable stop);

    boolean stopped();

    /** Takes what tells how far the statement is, as long as it runs natively. */
    void progressFrom(Supplier<Optional<Progress>> progress);
  }

  /**
   * What all queries together may take.
   *
   * @param threads processors of the machine
   * @param spillFolder what does not fit into memory goes there; emptied at the start
   * @param memoryBytes before they spill
   * @param resultBytes of results that are kept
   * @param copiesFolder where copies of remote files outlive this process
   * @param copiesBytes of those copies
   * @param stores that they are copied from
   */
  public record Resources(
      int threads,
      Path spillFolder,
      long memoryBytes,
      long resultBytes,
      Path copiesFolder,
      long copiesBytes,
      ObjectStores stores) {}

  public NativeExecutor(Resources resources, SnapshotTables tables) {
    this.databases =
        new NativeDatabases(
            resources.threads(), resources.spillFolder(), resources.memoryBytes(), tables);
    this.results = new ResultCache(resources.resultBytes());
    this.copies =
        new FileCopies(
            resources.copiesFolder(), resources.copiesBytes(), resources.stores().configuration());
    this.tables = tables;
    this.planner = new NativePlanner(tables);
  }

  /**
   * What is to be run.
   *
   * @param parameters as the client sent them
   * @param literals the same as Spark's parser takes them
   * @param plain whether the session has nothing of its own that names in the text could mean: no
   *     temporary views, functions or variables
   * @param share within which it runs
   */
  public record Query(
      String text,
      List<Parameter> parameters,
      ParameterContext literals,
      boolean plain,
      ComputeShare share) {}

  /**
   * Tries to run a statement. It has not happened if the answer is a refusal.
   *
   * @throws CancellationException if it was stopped meanwhile
   * @throws ParseException if it is not SQL
   */
  public Attempt attempt(
      SparkSession spark, SessionContext context, Query query, Stoppable statement)
      throws ParseException {
    NativeDatabases.Stay stay = databases.enter(query.share());
    Attempt attempt = null;
    try {
      attempt = attempt(spark, context, query, statement, stay);
      return attempt;
    } finally {
      if (attempt == null || attempt.rows().isEmpty()) {
        stay.close();
      }
    }
  }

  private Attempt attempt(
      SparkSession spark,
      SessionContext context,
      Query query,
      Stoppable statement,
      NativeDatabases.Stay stay)
      throws ParseException {
    long begun = System.nanoTime();
    NativeDatabase database = stay.database();
    String zone = spark.sessionState().conf().sessionLocalTimeZone();
    // Before anything is read: a change that comes meanwhile is seen by the next statement.
    long epoch = context.grants().epoch();
    Optional<PlanCache.Key> key =
        query.plain() ? Optional.of(NativePlanner.key(spark, context, query)) : Optional.empty();
    Optional<PlanCache.Translated> known =
        key.flatMap(k -> database.plans().get(k, epoch, context));
    boolean keeps = DatabricksSettings.usesCachedResults(spark);
    Optional<ResultStream> kept = keeps ? known.flatMap(results::get) : Optional.empty();
    if (kept.isPresent()) {
      known.get().reads().ran(context, statement.id());
      stay.close();
      return new Attempt(kept, "", Optional.empty());
    }
    LogicalPlan parsed = null;
    if (known.isEmpty()) {
      parsed =
          spark.sessionState().sqlParser().parsePlanWithParameters(query.text(), query.literals());
      if (parsed instanceof ExplainCommand explain) {
        return new Attempt(
            Optional.empty(),
            NO_QUERY,
            Optional.of(explain(spark, context, zone, explain.logicalPlan(), database)));
      } else if (!NativePlanner.isQuery(parsed)) {
        return Attempt.refused(NO_QUERY);
      }
    }
    LentConnection lent = null;
    NativeRows rows = null;
    FileCopies.Leased leased = copies.leased();
    PlanCache.Translated translated = null;
    try {
      lent = database.duck().connect(zone);
      translated =
          known.isPresent()
              ? again(known.get(), leased)
              : planner.translate(
                  spark, context, parsed, database, lent.connection(), leased, key, epoch);
      if (!translated.definers().isEmpty() && !context.principal().administrator()) {
        HiddenRows.note(spark.sparkContext());
      }
      StopCheck.Watched watched = database.duck().watch(lent.connection(), translated.sql());
      rows = new NativeRows(translated.schema(), stay, lent, watched, leased, running);
      if (mayTakeLong(translated)) {
        DuckDatabase.track(lent.connection());
      }
      rows.planned(
          Duration.ofNanos(System.nanoTime() - begun),
          translated.hides() || readsForOthers(context, translated)
              ? Optional.empty()
              : Optional.of(translated.files()));
      NativeRows stoppable = rows;
      statement.stopWith(() -> stops.stop(stoppable));
      statement.progressFrom(rows::progress);
      rows.start(translated.sql(), translated.functions());
      translated.reads().ran(context, statement.id());
      return new Attempt(
          Optional.of(keeps ? results.keeping(translated, rows) : rows), "", Optional.empty());
    } catch (Throwable e) {
      // What it reads may be gone, such as a table of deleted rows.
      key.ifPresent(database.plans()::forget);
      close(rows, lent, e);
      leased.close();
      if (statement.stopped()) {
        throw new CancellationException();
      }
      return Attempt.refused(
          translated != null && e instanceof SQLException && !translated.definers().isEmpty()
              ? "DuckDB failed over rows that may not all be the reader's"
              : reason(e));
    }
  }

  /**
   * Whether somebody else's view or function reads what its user may not: its counts would tell.
   */
  private static boolean readsForOthers(SessionContext context, PlanCache.Translated translated) {
    return !context.principal().administrator()
        && translated.definers().stream()
            .anyMatch(definer -> !definer.name().equals(context.principal().name()));
  }

  /** What reads little is over before anybody asks how far it is. */
  private static boolean mayTakeLong(PlanCache.Translated translated) {
    return translated.files().bytes() > LITTLE_BYTES || translated.sql().contains("range(");
  }

  private static PlanCache.Translated again(PlanCache.Translated known, FileCopies.Leased leased) {
    known.opened().forEach(ParquetScans.Opened::requireReal);
    if (!leased.of(known.remote()).equals(known.copies())) {
      throw new Untranslatable("remote files that have changed");
    }
    return known;
  }

  private String explain(
      SparkSession spark,
      SessionContext context,
      String zone,
      LogicalPlan parsed,
      NativeDatabase database) {
    String heading = "== Executor ==\n";
    if (!NativePlanner.isQuery(parsed)) {
      return heading + "spark\n";
    }
    try (LentConnection lent = database.duck().connect(zone);
        FileCopies.Leased leased = copies.leased()) {
      return heading + planner.explain(spark, context, parsed, database, lent.connection(), leased);
    } catch (Throwable e) {
      return heading + "spark, because the native executor refuses: " + reason(e) + "\n";
    }
  }

  private static void close(NativeRows rows, LentConnection lent, Throwable cause) {
    try {
      if (rows != null) {
        rows.close();
      } else if (lent != null) {
        lent.close();
      }
    } catch (SQLException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** Every failure only means that Spark runs the statement, and says what is wrong with it. */
  private static String reason(Throwable e) {
    if (e instanceof Untranslatable || e instanceof UnsupportedTableException) {
      return e.getMessage();
    } else if (e instanceof SQLException || e instanceof IOException) {
      return "DuckDB: " + e.getMessage();
    } else if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
      throw (VirtualMachineError) e;
    } else if (!(e instanceof AnalysisException
        || e instanceof TarnException
        || e instanceof StackOverflowError)) {
      // Its message may hold values of the user's.
      LOG.warn(
          "The native executor failed with {} at {}; Spark runs the statement",
          e.getClass().getName(),
          e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  /** Loads what the first statement would wait for. */
  public void warm() {
    try (NativeDatabases.Stay stay = databases.enter(ComputeShare.UNLIMITED);
        LentConnection lent = stay.database().duck().connect("UTC");
        NativeRows rows =
            new NativeRows(
                new StructType().add("one", "int"),
                stay,
                lent,
                stay.database().duck().watch(lent.connection(), ""),
                copies.leased(),
                running)) {
      rows.start("SELECT 1 AS one", stay.database().functions().forStatement(new SQLConf()));
    } catch (SQLException | IOException | LinkageError e) {
      LOG.warn("The native executor could not start: Spark runs all queries", e);
    }
  }

  /** How many statements run now. */
  public int running() {
    return running.get();
  }

  /** How many databases are open, with those that only end what they have begun. */
  public int databases() {
    return databases.count();
  }

  /** For whoever looks whether statements leave anything behind. */
  NativeDatabases opened() {
    return databases;
  }

  /** How many statements hold copies of remote files, or might. */
  int openLeases() {
    return copies.openLeases();
  }

  /** Forgets what only makes later statements of a pool faster. */
  public void rest(String pool) {
    databases.release(pool);
  }

  /** Forgets what only makes later statements faster. */
  public void rest() {
    tables.clear();
    databases.release();
    results.clear();
  }

  @Override
  public void close() {
    stops.close();
    databases.close();
    copies.close();
  }
}
