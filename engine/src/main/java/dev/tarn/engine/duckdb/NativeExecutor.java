package dev.tarn.engine.duckdb;

import dev.tarn.engine.dialect.DatabricksSettings;
import dev.tarn.engine.evaluation.SparkFunctions;
import dev.tarn.engine.evaluation.StatementFunctions;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.translation.PlanTranslator;
import dev.tarn.engine.translation.SessionRules;
import dev.tarn.engine.translation.Untranslatable;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.store.delta.UnsupportedTableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.optimizer.ComputeCurrentTime$;
import org.apache.spark.sql.catalyst.optimizer.ReplaceCurrentLike;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.CompoundBody;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.command.ExplainCommand;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Runs queries in DuckDB. Spark's analyzer says what a query means; what of that cannot be said in
 * DuckDB's SQL with the same meaning is refused, and whoever asked lets Spark run it.
 */
public final class NativeExecutor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NativeExecutor.class);

  /** Where rows are collected for an aggregate that Spark evaluates, Spark is faster with more. */
  private static final long MOST_COLLECTED_BYTES = 32 << 20;

  private static final long MOST_COLLECTED_ROWS = 2_000_000;

  /** Table functions that read nothing, so that analysing them twice costs nothing. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "range",
          "explode",
          "explode_outer",
          "posexplode",
          "posexplode_outer",
          "inline",
          "inline_outer",
          "stack",
          "json_tuple");

  /** The refusal of what is not a query; nobody minds it. */
  public static final String NO_QUERY = "not a query";

  private final DuckDatabase database;
  private final SnapshotTables tables;
  private final PlanCache plans;
  private final ResultCache results;
  private final AtomicInteger running = new AtomicInteger();
  private final FileShapes shapes = new FileShapes();
  private final DeletedRows deletedRows;
  private final SparkFunctions functions;
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
    /** Adds what is to be done when the statement is stopped; done at once if it was already. */
    void stopWith(Runnable stop);

    boolean stopped();
  }

  /**
   * What all queries together may take.
   *
   * @param spillFolder what does not fit into memory goes there; emptied at the start
   * @param memoryBytes before they spill
   * @param resultBytes of results that are kept
   * @param copiesFolder where copies of remote files outlive this process
   * @param copiesBytes of those copies
   */
  public record Resources(
      int threads,
      Path spillFolder,
      long memoryBytes,
      long resultBytes,
      Path copiesFolder,
      long copiesBytes) {}

  public NativeExecutor(Resources resources, SnapshotTables tables) {
    this.database =
        new DuckDatabase(resources.spillFolder(), resources.memoryBytes(), resources.threads());
    this.results = new ResultCache(resources.resultBytes());
    this.copies = new FileCopies(resources.copiesFolder(), resources.copiesBytes(), Map.of());
    this.deletedRows = new DeletedRows(database);
    this.functions = new SparkFunctions(database::connect);
    this.tables = tables;
    this.plans = new PlanCache(tables);
  }

  /**
   * What is to be run.
   *
   * @param parameters as the client sent them
   * @param literals the same as Spark's parser takes them
   * @param plain whether the session has nothing of its own that names in the text could mean: no
   *     temporary views, functions or variables
   */
  public record Query(
      String text, List<Parameter> parameters, ParameterContext literals, boolean plain) {}

  /**
   * Tries to run a statement. It has not happened if the answer is a refusal.
   *
   * @throws CancellationException if it was stopped meanwhile
   * @throws ParseException if it is not SQL
   */
  public Attempt attempt(
      SparkSession spark, SessionContext context, Query query, Stoppable statement)
      throws ParseException {
    long begun = System.nanoTime();
    String zone = spark.sessionState().conf().sessionLocalTimeZone();
    Optional<PlanCache.Key> key =
        query.plain() ? Optional.of(key(spark, context, query)) : Optional.empty();
    Optional<PlanCache.Translated> known = key.flatMap(plans::get);
    boolean keeps = DatabricksSettings.usesCachedResults(spark);
    Optional<ResultStream> kept = keeps ? known.flatMap(results::get) : Optional.empty();
    if (kept.isPresent()) {
      return new Attempt(kept, "", Optional.empty());
    }
    LogicalPlan parsed = null;
    if (known.isEmpty()) {
      parsed =
          spark.sessionState().sqlParser().parsePlanWithParameters(query.text(), query.literals());
      if (parsed instanceof ExplainCommand explain) {
        return new Attempt(
            Optional.empty(), NO_QUERY, Optional.of(explain(spark, zone, explain.logicalPlan())));
      } else if (!isQuery(parsed)) {
        return Attempt.refused(NO_QUERY);
      }
    }
    DuckDBConnection connection = null;
    NativeRows rows = null;
    FileCopies.Leased leased = copies.leased();
    try {
      connection = database.connect(zone);
      PlanCache.Translated translated =
          known.isPresent()
              ? again(known.get(), leased)
              : translate(spark, parsed, connection, leased, key);
      rows =
          new NativeRows(
              translated.schema(),
              connection,
              database.watch(connection, translated.sql()),
              leased,
              functions,
              running);
      rows.planned(Duration.ofNanos(System.nanoTime() - begun), translated.files());
      statement.stopWith(rows::stop);
      rows.start(translated.sql(), translated.functions());
      return new Attempt(
          Optional.of(keeps ? results.keeping(translated, rows) : rows), "", Optional.empty());
    } catch (Throwable e) {
      // What it reads may be gone, such as a table of deleted rows.
      key.ifPresent(plans::forget);
      close(rows, connection, e);
      leased.close();
      if (statement.stopped()) {
        throw new CancellationException();
      }
      return Attempt.refused(reason(e));
    }
  }

  private static PlanCache.Key key(SparkSession spark, SessionContext context, Query query) {
    Map<String, String> settings =
        new HashMap<>(CollectionConverters.asJava(spark.sessionState().conf().getAllConfs()));
    settings.remove(SessionRegistry.SETTING);
    settings.remove(DatabricksSettings.USE_CACHED_RESULT);
    CatalogManager current = spark.sessionState().catalogManager();
    return new PlanCache.Key(
        context.principal(),
        context.grants().epoch(),
        query.text(),
        query.parameters(),
        current.currentCatalog().name(),
        List.of(current.currentNamespace()),
        settings);
  }

  private static PlanCache.Translated again(PlanCache.Translated known, FileCopies.Leased leased) {
    if (!leased.of(known.remote()).equals(known.copies())) {
      throw new Untranslatable("remote files that have changed");
    }
    return known;
  }

  private PlanCache.Translated translate(
      SparkSession spark,
      LogicalPlan parsed,
      DuckDBConnection connection,
      FileCopies.Leased leased,
      Optional<PlanCache.Key> key) {
    LogicalPlan analysed = analyse(spark, parsed);
    StatementFunctions called = functions.forStatement(spark.sessionState().conf());
    ParquetScans scans = new ParquetScans(connection, shapes, deletedRows, leased);
    String sql = translate(spark, analysed, scans, called);
    return plans.put(key, sql, called, analysed, scans.files(), leased);
  }

  private LogicalPlan analyse(SparkSession spark, LogicalPlan parsed) {
    return tables.during(
        () -> spark.sessionState().executePlan(parsed, CommandExecutionMode.SKIP()).analyzed());
  }

  private static String translate(
      SparkSession spark, LogicalPlan analysed, ParquetScans scans, StatementFunctions called) {
    // A statement has one current time, which Spark's optimizer puts in.
    LogicalPlan timed =
        new ReplaceCurrentLike(spark.sessionState().catalogManager())
            .apply(ComputeCurrentTime$.MODULE$.apply(analysed));
    String sql =
        new PlanTranslator(scans, rules(spark.sessionState().conf()), called).translate(timed);
    if (called.collect() && (scans.files().bytes() > MOST_COLLECTED_BYTES || longRange(timed))) {
      throw new Untranslatable("an aggregate that DuckDB lacks, of a large table");
    }
    return sql;
  }

  private static boolean longRange(LogicalPlan plan) {
    return plan.exists(
        node ->
            node instanceof Range range && range.numElements().toDouble() > MOST_COLLECTED_ROWS);
  }

  private String explain(SparkSession spark, String zone, LogicalPlan parsed) {
    String heading = "== Executor ==\n";
    if (!isQuery(parsed)) {
      return heading + "spark\n";
    }
    try (DuckDBConnection connection = database.connect(zone);
        FileCopies.Leased leased = copies.leased()) {
      ParquetScans scans = new ParquetScans(connection, shapes, deletedRows, leased);
      StatementFunctions called = functions.forStatement(spark.sessionState().conf());
      translate(spark, analyse(spark, parsed), scans, called);
      return heading
          + "native\nfiles to read: "
          + scans.files().read()
          + " ("
          + scans.files().bytes()
          + " bytes), skipped: "
          + scans.files().pruned()
          + " ("
          + scans.files().prunedBytes()
          + " bytes)"
          + (called.size() == 0
              ? "\n"
              : "\nevaluated by Spark within it: " + String.join(", ", called.names()) + "\n");
    } catch (Throwable e) {
      return heading + "spark, because the native executor refuses: " + reason(e) + "\n";
    }
  }

  private static boolean isQuery(LogicalPlan parsed) {
    return !parsed.exists(
        node ->
            node instanceof Command
                || node instanceof ParsedStatement
                || node instanceof CompoundBody
                || node.nodeName().contains("Immediate")
                || (node instanceof UnresolvedTableValuedFunction function
                    && !FUNCTIONS.contains(function.name().mkString("."))));
  }

  private static SessionRules rules(SQLConf conf) {
    return new SessionRules(
        conf.ansiEnabled(), conf.sessionLocalTimeZone(), conf.caseSensitiveAnalysis());
  }

  private static void close(NativeRows rows, DuckDBConnection connection, Throwable cause) {
    try {
      if (rows != null) {
        rows.close();
      } else if (connection != null) {
        connection.close();
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
    try (DuckDBConnection connection = database.connect("UTC");
        NativeRows rows =
            new NativeRows(
                new StructType().add("one", "int"),
                connection,
                database.watch(connection, ""),
                copies.leased(),
                functions,
                running)) {
      rows.start("SELECT 1 AS one", functions.forStatement(new SQLConf()));
    } catch (SQLException | IOException | LinkageError e) {
      LOG.warn("The native executor could not start: Spark runs all queries", e);
    }
  }

  /** How many statements run now. */
  public int running() {
    return running.get();
  }

  /** Forgets what only makes later statements faster. */
  public void rest() {
    tables.clear();
    plans.clear();
    results.clear();
  }

  @Override
  public void close() {
    database.close();
    copies.close();
  }
}
