package dev.tarn.engine.duckdb;

import dev.tarn.engine.translation.Residuals;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBFunctions;

/**
 * The function that asks, in the midst of a join, whether the statement was stopped: DuckDB itself
 * looks between the chunks that an operator gives, and a join that finds no pair gives none.
 */
final class StopCheck {
  private final AtomicLong numbers = new AtomicLong();
  private final Set<Long> stopped = ConcurrentHashMap.newKeySet();

  /** Whether a statement was stopped, by its number. */
  boolean stopped(long statement) {
    return !stopped.isEmpty() && stopped.contains(statement);
  }

  /** Makes the function known to a database. */
  void register(Connection database) throws SQLException {
    DuckDBFunctions.scalarFunction()
        .withName(Residuals.FUNCTION)
        .withParameter(Long.class)
        .withReturnType(Boolean.class)
        // Else it would be asked once, before anything runs.
        .withVolatile()
        .withVectorizedFunction(
            (arguments, answers) -> {
              long rows = arguments.rowCount();
              if (rows > 0 && stopped(arguments.vector(0).getLong(0))) {
                throw new DuckDBFunctions.FunctionException("The statement was stopped.");
              }
              for (long row = 0; row < rows; row++) {
                answers.setBoolean(row, true);
              }
            })
        .register(database);
  }

  /** The query that runs next on the connection, until it is closed. */
  Watched watch(DuckDBConnection connection, String sql) throws SQLException {
    long number = numbers.incrementAndGet();
    if (Residuals.in(sql)) {
      try (Statement set = connection.createStatement()) {
        set.execute("SET VARIABLE " + Residuals.VARIABLE + " = " + number + "::BIGINT");
      }
    }
    return new Watched(number);
  }

  /** A statement that may be stopped. */
  final class Watched implements AutoCloseable {
    private final long number;
    private boolean open = true;

    private Watched(long number) {
      this.number = number;
    }

    synchronized void stop() {
      if (open) {
        stopped.add(number);
      }
    }

    @Override
    public synchronized void close() {
      open = false;
      stopped.remove(number);
    }
  }
}
