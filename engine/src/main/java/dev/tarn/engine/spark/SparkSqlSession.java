package dev.tarn.engine.spark;

import dev.tarn.engine.dialect.DatabricksSettings;
import dev.tarn.engine.duckdb.NativeExecutor;
import dev.tarn.engine.lineage.LineageListener;
import dev.tarn.engine.sql.ComputeShare;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.Profile;
import dev.tarn.engine.sql.Progress;
import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.SqlSession;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.CurrentUserContext;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.parser.NamedParameterContext;
import org.apache.spark.sql.catalyst.parser.ParameterContext;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.PositionalParameterContext;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** A session whose statements Spark runs. */
final class SparkSqlSession implements SqlSession {
  /** The setting that says what may run a query: {@code auto}, {@code spark} or {@code native}. */
  static final String EXECUTOR = "tarn.executor";

  private final SessionLease lease;
  private final Runnable giveBack;
  private final SparkSession spark;
  private final ComputeShare share;
  private final ExecutorService jobs;
  private final Path spillFolder;
  private final HeapGuard guard;
  private final NativeExecutor natively;
  private final int builtinFunctions;
  private final Map<String, StatementJobs> running = new ConcurrentHashMap<>();
  private volatile boolean unchanged = true;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param giveBack instead of closing the lease, if nothing was done in the session that a later
   *     statement could notice
   */
  SparkSqlSession(
      SessionLease lease,
      Runnable giveBack,
      ComputeShare share,
      ExecutorService jobs,
      Path spillFolder,
      HeapGuard guard,
      NativeExecutor natively) {
    this.natively = natively;
    this.lease = lease;
    this.giveBack = giveBack;
    this.spark = lease.spark();
    this.builtinFunctions = functions();
    this.share = share;
    this.jobs = jobs;
    this.spillFolder = spillFolder;
    this.guard = guard;
  }

  @Override
  public synchronized ResultStream execute(
      String statementId, String sql, List<Parameter> parameters) {
    boolean before = unchanged;
    // Before it is looked whether the session is closed: closing looks in the other order.
    unchanged = false;
    if (closed.get()) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "08003",
          "The session is closed. Open another one.",
          null);
    }
    long begun = System.nanoTime();
    StatementJobs own = new StatementJobs(statementId, spark.sparkContext(), share);
    running.put(statementId, own);
    guard.add(own);
    Thread caller = Thread.currentThread();
    AtomicBoolean here = new AtomicBoolean(true);
    own.stopWith(
        () -> {
          synchronized (here) {
            if (here.get()) {
              caller.interrupt();
            }
          }
        });
    String outerUser = CurrentUserContext.CURRENT_USER().get();
    CurrentUserContext.CURRENT_USER().set(lease.context().principal().name());
    org.apache.spark.sql.SparkSession.setActiveSession(spark);
    own.enter();
    try {
      lease.refreshCatalogs();
      NativeExecutor.Attempt attempt = attempt(sql, parameters, own);
      if (attempt.rows().isPresent()) {
        unchanged = before;
        return new Closing(attempt.rows().get(), own, "");
      }
      InsertedRows inserted = new InsertedRows(spark);
      Dataset<Row> rows = explained(inserted.of(run(sql, parameters)), attempt.explanation());
      if (own.stopped()) {
        throw new CancellationException();
      }
      return new Closing(
          new SparkResultStream(
              (org.apache.spark.sql.classic.Dataset<Row>) rows,
              own,
              jobs,
              this::settle,
              spillFolder,
              begun),
          own,
          attempt.refusal());
    } catch (Throwable e) {
      forget(own);
      throw own.failure(e);
    } finally {
      own.leave();
      CurrentUserContext.CURRENT_USER().set(outerUser);
      synchronized (here) {
        here.set(false);
        Thread.interrupted();
      }
    }
  }

  private void settle() {
    LineageListener.settle(spark.sparkContext(), lease.context().lineage());
  }

  private void forget(StatementJobs statement) {
    running.remove(statement.id());
    guard.remove(statement);
  }

  /** What Spark says of a plan, after what is said of the executor. */
  private Dataset<Row> explained(Dataset<Row> rows, Optional<String> explanation) {
    return explanation
        .map(
            text ->
                spark.createDataFrame(
                    List.of(RowFactory.create(text + "\n" + rows.first().getString(0))),
                    rows.schema()))
        .map(dataset -> (Dataset<Row>) dataset)
        .orElse(rows);
  }

  private NativeExecutor.Attempt attempt(
      String sql, List<Parameter> parameters, StatementJobs statement) throws ParseException {
    String executor = spark.conf().get(EXECUTOR, "auto");
    if (executor.equals("spark")) {
      return NativeExecutor.Attempt.refused(EXECUTOR + " is spark");
    }
    NativeExecutor.Attempt attempt =
        natively.attempt(
            spark,
            lease.context(),
            new NativeExecutor.Query(sql, parameters, literals(parameters), plain(), share),
            statement);
    if (executor.equals("native")
        && attempt.rows().isEmpty()
        && !attempt.refusal().equals(NativeExecutor.NO_QUERY)) {
      throw new TarnException(
          ErrorCode.NOT_IMPLEMENTED,
          "0A000",
          "The native executor cannot run this statement: "
              + attempt.refusal()
              + ". Let Spark run it: SET "
              + EXECUTOR
              + " = auto.",
          null);
    }
    return attempt;
  }

  /** Whether names mean to this session what they mean to every other. */
  private boolean plain() {
    return spark.sessionState().catalog().listLocalTempViews("*").isEmpty()
        && functions() == builtinFunctions
        && spark.sessionState().catalogManager().tempVariableManager().isEmpty();
  }

  /** Spark's own list of the temporary ones compares hundreds of names. */
  private int functions() {
    return spark.sessionState().functionRegistry().listFunction().size()
        + spark.sessionState().tableFunctionRegistry().listFunction().size();
  }

  private ParameterContext literals(List<Parameter> parameters) {
    Map<String, Expression> named = new HashMap<>();
    List<Expression> positional = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.name().isPresent()) {
        named.put(parameter.name().get(), literal(parameter));
      } else {
        positional.add(literal(parameter));
      }
    }
    return named.isEmpty()
        ? new PositionalParameterContext(CollectionConverters.asScala(positional).toSeq())
        : new NamedParameterContext(
            scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(named)));
  }

  /** Forgets the statement when its rows have been read or given up. */
  private final class Closing implements ResultStream {
    private final ResultStream rows;
    private final StatementJobs statement;
    private final String refusal;

    Closing(ResultStream rows, StatementJobs statement, String refusal) {
      this.rows = rows;
      this.statement = statement;
      this.refusal = refusal;
    }

    @Override
    public Duration planning() {
      return rows.planning();
    }

    @Override
    public String executor() {
      return rows.executor();
    }

    @Override
    public String refusal() {
      return refusal;
    }

    @Override
    public Profile profile() {
      return rows.profile().refused(refusal);
    }

    @Override
    public List<ResultColumn> columns() {
      return rows.columns();
    }

    @Override
    public byte[] arrowSchema() {
      return rows.arrowSchema();
    }

    @Override
    public Optional<Batch> next() {
      try {
        return rows.next();
      } catch (RuntimeException e) {
        throw statement.failure(e);
      }
    }

    @Override
    public void close() {
      try {
        rows.close();
      } finally {
        forget(statement);
      }
    }
  }

  private Dataset<Row> run(String sql, List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      return spark.sql(sql);
    }
    Map<String, Object> named = new HashMap<>();
    List<Object> positional = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.name().isPresent()) {
        named.put(parameter.name().get(), value(parameter));
      } else {
        positional.add(value(parameter));
      }
    }
    if (!named.isEmpty()) {
      return spark.sql(sql, named);
    }
    // Spark 4.2 mixes up more than four values when they come without names, even empty ones.
    String[] noNames = new String[positional.size()];
    Arrays.fill(noNames, "");
    return spark.sql(sql, (Object) positional.toArray(), noNames);
  }

  private Object value(Parameter parameter) {
    Literal literal = literal(parameter);
    if (literal.value() == null) {
      return new org.apache.spark.sql.Column(
          new org.apache.spark.sql.internal.Literal(
              null,
              Option.apply(literal.dataType()),
              org.apache.spark.sql.catalyst.trees.CurrentOrigin.get()));
    }
    return CatalystTypeConverters.convertToScala(literal.value(), literal.dataType());
  }

  private Literal literal(Parameter parameter) {
    DataType type =
        parameter.type() == null || parameter.type().isBlank()
            ? DataTypes.StringType
            : DataType.fromDDL(parameter.type());
    if (parameter.value() == null) {
      return new Literal(null, type);
    }
    Object value =
        new Cast(
                Literal.create(UTF8String.fromString(parameter.value()), DataTypes.StringType),
                type,
                Option.apply(spark.sessionState().conf().sessionLocalTimeZone()),
                EvalMode.ANSI())
            .eval(null);
    return new Literal(value, type);
  }

  @Override
  public Optional<Duration> statementTimeout() {
    return DatabricksSettings.statementTimeout(spark);
  }

  @Override
  public Optional<Progress> progress(String statementId) {
    return Optional.ofNullable(running.get(statementId)).flatMap(StatementJobs::progress);
  }

  @Override
  public void cancel(String statementId) {
    StatementJobs statement = running.get(statementId);
    if (statement != null) {
      statement.stop();
    }
  }

  SparkSession spark() {
    return spark;
  }

  /** How many tasks of a statement run, counting those that were told to stop and have not yet. */
  long tasks(String statementId) {
    return ((SharedTaskScheduler) spark.sparkContext().taskScheduler()).running(statementId);
  }

  static ResultQueue queue(ResultStream rows) {
    return ((SparkResultStream) ((Closing) rows).rows).queue();
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    if (unchanged && running.isEmpty()) {
      giveBack.run();
    } else {
      lease.close();
    }
  }
}
