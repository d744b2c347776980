package dev.tarn.engine.duckdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;

/** DuckDB inside this process, in memory: its statements read files and keep nothing. */
public final class DuckDatabase implements AutoCloseable {
  private static final int MEGABYTE = 1 << 20;
  private static final int MOST_IDLE = 32;

  private final Path spillFolder;
  private final int threads;
  private long memoryBytes;
  private final StopCheck stopCheck = new StopCheck();
  private final Map<String, Deque<DuckDBConnection>> idle = new HashMap<>();
  private DuckDBConnection root;
  private boolean closed;

  /**
   * @param spillFolder what does not fit into memory goes there; of this process alone
   * @param memoryBytes for all statements together, before they spill
   * @param threads that one statement takes; beside its own, statements share them
   */
  public DuckDatabase(Path spillFolder, long memoryBytes, int threads) {
    this.spillFolder = spillFolder;
    this.memoryBytes = memoryBytes;
    this.threads = threads;
  }

  /** Opened when first needed: unpacking and loading DuckDB takes a good part of a second. */
  private synchronized DuckDBConnection root() throws SQLException {
    if (closed) {
      throw new SQLException("The database is closed.");
    }
    if (root == null) {
      root = open();
    }
    return root;
  }

  /**
   * Gives it more memory or less.
   *
   * @return whether it has that now: what statements hold and cannot spill is not taken from them
   */
  synchronized boolean limit(long bytes) {
    if (root != null && bytes != memoryBytes && !closed) {
      try (Statement set = root.createStatement()) {
        set.execute("SET GLOBAL memory_limit = '" + bytes / MEGABYTE + "MiB'");
      } catch (SQLException e) {
        return false;
      }
    }
    memoryBytes = bytes;
    return true;
  }

  synchronized long memoryBytes() {
    return memoryBytes;
  }

  /** Deletes what a process left there that was killed. */
  static void empty(Path folder) throws IOException {
    try (Stream<Path> left = Files.walk(folder)) {
      for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(folder)) {
          Files.delete(each);
        }
      }
    }
  }

  private DuckDBConnection open() throws SQLException {
    try {
      empty(Files.createDirectories(spillFolder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("memory_limit", memoryBytes / MEGABYTE + "MiB");
    properties.setProperty("threads", Integer.toString(threads));
    properties.setProperty("temp_directory", spillFolder.toString());
    // Nothing is fetched from the network behind the operator's back.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    DuckDBConnection opened =
        (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement set = opened.createStatement()) {
      // Data files never change; their footers are read once.
      set.execute("SET GLOBAL parquet_metadata_cache = true");
    }
    stopCheck.register(opened);
    return opened;
  }

  /** Watches the query that runs next on a connection. */
  StopCheck.Watched watch(DuckDBConnection connection, String sql) throws SQLException {
    return stopCheck.watch(connection, sql);
  }

  /** From now on it is known how far the connection's queries are. */
  static void track(DuckDBConnection connection) throws SQLException {
    try (Statement set = connection.createStatement()) {
      set.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
    }
  }

  /** Whether the statement of a number was stopped and goes on. */
  boolean stopped(long statement) {
    return stopCheck.stopped(statement);
  }

  /** A connection of its own for one statement. */
  DuckDBConnection connect() throws SQLException {
    return root().duplicate();
  }

  /**
   * A connection of its own for one statement, which is measured.
   *
   * @param timeZone of its session
   */
  LentConnection connect(String timeZone) throws SQLException {
    LentConnection.Lender lender = connection -> takeBack(timeZone, connection);
    DuckDBConnection kept = kept(timeZone);
    if (kept != null) {
      return new LentConnection(kept, lender);
    }
    DuckDBConnection connection = connect();
    try (Statement set = connection.createStatement()) {
      set.execute(
          "SET TimeZone = '"
              + timeZone.replace("'", "''")
              + "'; PRAGMA enable_profiling = 'no_output'");
      return new LentConnection(connection, lender);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private synchronized DuckDBConnection kept(String timeZone) {
    Deque<DuckDBConnection> kept = idle.get(timeZone);
    return kept == null ? null : kept.poll();
  }

  private synchronized boolean takeBack(String timeZone, DuckDBConnection connection) {
    if (closed || idle.values().stream().mapToInt(Deque::size).sum() >= MOST_IDLE) {
      return false;
    }
    idle.computeIfAbsent(timeZone, zone -> new ArrayDeque<>()).push(connection);
    return true;
  }

  /** What still runs goes on, and its memory is free when it has ended. */
  @Override
  public synchronized void close() {
    closed = true;
    try {
      for (Deque<DuckDBConnection> kept : idle.values()) {
        for (DuckDBConnection each : kept) {
          each.close();
        }
      }
      idle.clear();
      if (root != null) {
        root.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB could not be closed", e);
    }
  }
}
