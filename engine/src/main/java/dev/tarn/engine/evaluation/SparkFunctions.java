package dev.tarn.engine.evaluation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.engine.translation.Residuals;
import dev.tarn.engine.translation.Untranslatable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.duckdb.DuckDBWritableVector;

/**
 * Expressions of Spark's that one database of DuckDB may call.
 *
 * <p>DuckDB knows one function for each list of types, which it can never forget; which expression
 * is meant is the first argument, a number; which statement calls it is the second. An expression
 * lives as long as someone holds the {@link StatementFunctions} that made it.
 */
public final class SparkFunctions {
  private static final int MOST_SIGNATURES = 2_000;
  private static final Pattern FAILURE = Pattern.compile("SPARK_FUNCTION_FAILED ([0-9]+)");

  private final ConnectionSource connections;
  private final LongPredicate stopped;
  private final AtomicLong numbers = new AtomicLong();
  private final Cache<Long, SparkFunction> functions = Caffeine.newBuilder().weakValues().build();
  private final Cache<Long, Throwable> failures =
      Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(Duration.ofMinutes(1)).build();
  private final Set<String> signatures = new HashSet<>();

  /** Opens connections to the database. */
  @FunctionalInterface
  public interface ConnectionSource {
    Connection open() throws SQLException;
  }

  /** Says to DuckDB that an evaluation failed; why is only remembered here. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(long number) {
      super("SPARK_FUNCTION_FAILED " + number, null, false, false);
    }
  }

  /**
   * @param stopped whether the statement of a number was stopped
   */
  public SparkFunctions(ConnectionSource connections, LongPredicate stopped) {
    this.connections = connections;
    this.stopped = stopped;
  }

  /**
   * @param conf of the session, which is copied when first needed
   */
  public StatementFunctions forStatement(SQLConf conf) {
    return new StatementFunctions(this, conf);
  }

  SparkFunction add(Expression bound, int arguments, SQLConf conf) {
    SparkFunction function = new SparkFunction(numbers.incrementAndGet(), bound, arguments, conf);
    register(function);
    functions.put(function.id(), function);
    return function;
  }

  private synchronized void register(SparkFunction function) {
    String name = function.name();
    if (signatures.contains(name)) {
      return;
    }
    if (signatures.size() == MOST_SIGNATURES) {
      throw new Untranslatable("more kinds of functions than " + MOST_SIGNATURES);
    }
    List<DataType> types =
        new ArrayList<>(List.of(function.result(), DataTypes.LongType, DataTypes.LongType));
    types.addAll(function.carriers());
    List<DuckDBLogicalType> duck = new ArrayList<>();
    try (Connection connection = connections.open();
        DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
      for (DataType type : types) {
        duck.add(Cells.type(type));
      }
      builder.withName(name).withReturnType(duck.get(0));
      for (DuckDBLogicalType parameter : duck.subList(1, duck.size())) {
        builder.withParameter(parameter);
      }
      builder.withVectorizedFunction(this::run).register(connection);
    } catch (SQLException e) {
      throw new Untranslatable("a function that DuckDB does not take: " + e.getMessage());
    } finally {
      duck.forEach(DuckDBLogicalType::close);
    }
    signatures.add(name);
  }

  private void run(DuckDBDataChunkReader rows, DuckDBWritableVector results) {
    if (rows.rowCount() == 0) {
      return;
    }
    DuckDBReadableVector numbers = rows.vector(0);
    SparkFunction function = functions.getIfPresent(numbers.getLong(0));
    if (function == null) {
      throw new IllegalStateException("A function of a statement that has ended was called.");
    }
    try {
      long statement = rows.vector(1).getLong(0);
      function.run(rows, results, () -> stopped.test(statement));
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      long number = this.numbers.incrementAndGet();
      failures.put(number, e);
      throw new Failed(number);
    }
  }

  /** What Spark threw, if that is why DuckDB failed. */
  public Optional<Throwable> cause(Throwable failure) {
    Matcher number = FAILURE.matcher(String.valueOf(failure.getMessage()));
    return number.find()
        ? Optional.ofNullable(failures.getIfPresent(Long.valueOf(number.group(1))))
        : Optional.empty();
  }

  static String call(SparkFunction function, List<String> arguments) {
    StringBuilder text = new StringBuilder(function.name()).append('(').append(function.id());
    text.append(", ").append(Residuals.NUMBER);
    arguments.forEach(argument -> text.append(", ").append(argument));
    return text.append(')').toString();
  }
}
