package dev.tarn.engine.duckdb;

import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.translation.PlanTranslator;
import dev.tarn.engine.translation.SessionRules;
import dev.tarn.engine.translation.Untranslatable;
import dev.tarn.store.delta.UnsupportedTableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.CompoundBody;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.internal.SQLConf;
import org.duckdb.DuckDBConnection;

/**
 * Runs queries in DuckDB. Spark's analyzer says what a query means; what of that cannot be said in
 * DuckDB's SQL with the same meaning is refused, and whoever asked lets Spark run it.
 */
public final class NativeExecutor implements AutoCloseable {
  /** Table functions that read nothing, so that analysing them twice costs nothing. */
  private static final Set<String> FUNCTIONS =
      Set.of("range", "explode", "explode_outer", "posexplode", "posexplode_outer", "inline");

  /** The refusal of what is not a query; nobody minds it. */
  public static final String NO_QUERY = "not a query";

  private final DuckDatabase database;
  private final SnapshotTables tables;
  private final AtomicInteger running = new AtomicInteger();
  private final FileShapes shapes = new FileShapes();
  private final DeletedRows deletedRows;

  /**
   * What became of a try.
   *
   * @param rows of the query, if it runs; empty if Spark has to run it
   * @param refusal why Spark has to; empty if it runs
   */
  public record Attempt(Optional<ResultStream> rows, String refusal) {
    static Attempt refused(String reason) {
      return new Attempt(Optional.empty(), reason);
    }
  }

  /** A statement that may be stopped from another thread. */
  public interface Stoppable {
    /** Adds what is to be done when the statement is stopped; done at once if it was already. */
    void stopWith(Runnable stop);

    boolean stopped();
  }

  public NativeExecutor(Path spillFolder, long memoryBytes, int threads, SnapshotTables tables) {
    this.database = new DuckDatabase(spillFolder, memoryBytes, threads);
    this.deletedRows = new DeletedRows(database);
    this.tables = tables;
  }

  /**
   * Tries to run a statement. It has not happened if the answer is a refusal.
   *
   * @param parsed as Spark's parser made it
   * @throws CancellationException if it was stopped meanwhile
   */
  public Attempt attempt(SparkSession spark, LogicalPlan parsed, Stoppable statement) {
    if (!isQuery(parsed)) {
      return Attempt.refused(NO_QUERY);
    }
    long begun = System.nanoTime();
    DuckDBConnection connection = null;
    NativeRows rows = null;
    try {
      LogicalPlan analysed = tables.during(() -> analyse(spark, parsed));
      SessionRules rules = rules(spark.sessionState().conf());
      connection = database.connect(rules.timeZone());
      ParquetScans scans = new ParquetScans(connection, shapes, deletedRows);
      String sql = new PlanTranslator(scans, rules).translate(analysed);
      rows = new NativeRows(analysed.schema(), connection, running);
      rows.planned(Duration.ofNanos(System.nanoTime() - begun));
      statement.stopWith(rows::stop);
      rows.start(sql);
      return new Attempt(Optional.of(rows), "");
    } catch (Throwable e) {
      close(rows, connection, e);
      if (statement.stopped()) {
        throw new CancellationException();
      }
      return Attempt.refused(reason(e));
    }
  }

  private static LogicalPlan analyse(SparkSession spark, LogicalPlan parsed) {
    return spark.sessionState().executePlan(parsed, CommandExecutionMode.SKIP()).analyzed();
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
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  /** How many statements run now. */
  public int running() {
    return running.get();
  }

  /** Forgets what only makes later statements faster. */
  public void rest() {
    tables.clear();
  }

  @Override
  public void close() {
    database.close();
  }
}
