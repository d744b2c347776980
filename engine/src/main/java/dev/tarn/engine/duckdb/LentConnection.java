package dev.tarn.engine.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/** A connection for one statement. One whose statement ended well is used again. */
final class LentConnection implements AutoCloseable {
  /** Takes connections back. */
  @FunctionalInterface
  interface Lender {
    /** Returns whether it keeps the connection. */
    boolean takeBack(DuckDBConnection connection);
  }

  private final DuckDBConnection connection;
  private final Lender lender;
  private boolean endedWell;
  private boolean closed;

  LentConnection(DuckDBConnection connection, Lender lender) {
    this.connection = connection;
    this.lender = lender;
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** Its statement gave all its rows, left nothing behind, and nobody told it to stop. */
  void endedWell() {
    endedWell = true;
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    if (!endedWell || !lender.takeBack(connection)) {
      connection.close();
    }
  }
}
