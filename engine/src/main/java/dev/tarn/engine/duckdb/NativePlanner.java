package dev.tarn.engine.duckdb;

import dev.tarn.engine.dialect.DatabricksSettings;
import dev.tarn.engine.evaluation.StatementFunctions;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.session.SessionRegistry;
import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.translation.PlanTranslator;
import dev.tarn.engine.translation.SessionRules;
import dev.tarn.engine.translation.Untranslatable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.optimizer.ComputeCurrentTime$;
import org.apache.spark.sql.catalyst.optimizer.ReplaceCurrentLike;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.CompoundBody;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.internal.SQLConf;
import org.duckdb.DuckDBConnection;
import scala.jdk.javaapi.CollectionConverters;

/** From a parsed query to what one database of DuckDB is to run. */
final class NativePlanner {
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

  private final SnapshotTables tables;
  private final FileShapes shapes = new FileShapes();

  NativePlanner(SnapshotTables tables) {
    this.tables = tables;
  }

  /** Whether it only reads. */
  static boolean isQuery(LogicalPlan parsed) {
    return !parsed.exists(
        node ->
            node instanceof Command
                || node instanceof ParsedStatement
                || node instanceof CompoundBody
                || node.nodeName().contains("Immediate")
                || (node instanceof UnresolvedTableValuedFunction function
                    && !FUNCTIONS.contains(function.name().mkString("."))));
  }

  /** Under which a translation is kept. */
  static PlanCache.Key key(SparkSession spark, SessionContext context, NativeExecutor.Query query) {
    Map<String, String> settings =
        new HashMap<>(CollectionConverters.asJava(spark.sessionState().conf().getAllConfs()));
    settings.remove(SessionRegistry.SETTING);
    settings.remove(DatabricksSettings.USE_CACHED_RESULT);
    CatalogManager current = spark.sessionState().catalogManager();
    return new PlanCache.Key(
        context.principal(),
        query.text(),
        query.parameters(),
        current.currentCatalog().name(),
        List.of(current.currentNamespace()),
        settings);
  }

  /**
   * @param connection to the database
   * @param leased takes note of the remote files that the query reads
   * @param key under which the translation is kept, if it is
   * @param epoch as it stands
   * @throws Untranslatable if it cannot be said in DuckDB's SQL
   */
  PlanCache.Translated translate(
      SparkSession spark,
      SessionContext context,
      LogicalPlan parsed,
      NativeDatabase database,
      DuckDBConnection connection,
      FileCopies.Leased leased,
      Optional<PlanCache.Key> key,
      long epoch) {
    LogicalPlan analysed = analyse(spark, parsed);
    StatementFunctions called = database.functions().forStatement(spark.sessionState().conf());
    String zone = spark.sessionState().conf().sessionLocalTimeZone();
    ParquetScans scans = new ParquetScans(zone, connection, shapes, database.deletedRows(), leased);
    String sql = translate(spark, analysed, scans, called);
    PlanCache.Translated translated =
        database.plans().put(key, epoch, context, sql, called, analysed, scans, leased);
    if (called.size() > 0 && (translated.hides() || !translated.definers().isEmpty())) {
      // DuckDB may evaluate before it filters, and an error of Spark's names the value.
      throw new Untranslatable("functions of Spark's over rows that may not all be the reader's");
    }
    return translated;
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

  private static SessionRules rules(SQLConf conf) {
    return new SessionRules(
        conf.ansiEnabled(), conf.sessionLocalTimeZone(), conf.caseSensitiveAnalysis());
  }

  /** What EXPLAIN says of a query that runs natively. */
  String explain(
      SparkSession spark,
      SessionContext context,
      LogicalPlan parsed,
      NativeDatabase database,
      DuckDBConnection connection,
      FileCopies.Leased leased) {
    PlanCache.Translated translated =
        translate(
            spark,
            context,
            parsed,
            database,
            connection,
            leased,
            Optional.empty(),
            context.grants().epoch());
    if (translated.hides()) {
      return "native\n";
    }
    return "native\nfiles to read: "
        + translated.files().read()
        + " ("
        + translated.files().bytes()
        + " bytes), skipped: "
        + translated.files().pruned()
        + " ("
        + translated.files().prunedBytes()
        + " bytes)"
        + (translated.functions().size() == 0
            ? "\n"
            : "\nevaluated by Spark within it: "
                + String.join(", ", translated.functions().names())
                + "\n");
  }
}
