package dev.tarn.engine.duckdb;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.duckdb.QueryProgress;

/**
 * What may be done to a connection's query from another thread. JDBC's own {@code cancel} and
 * {@code getQueryProgress} wait for a lock that is held as long as a query is planned, and {@code
 * cancel} does nothing once the first rows are there, so that this goes to what they call.
 */
final class QueryControl implements AutoCloseable {
  private static final MethodHandle CONNECTION;
  private static final MethodHandle INTERRUPT;
  private static final MethodHandle PROGRESS;

  static {
    try {
      MethodHandles.Lookup inside =
          MethodHandles.privateLookupIn(DuckDBConnection.class, MethodHandles.lookup());
      Class<?> calls = inside.findClass("org.duckdb.DuckDBNative");
      CONNECTION = inside.findGetter(DuckDBConnection.class, "connRef", ByteBuffer.class);
      INTERRUPT =
          inside.findStatic(
              calls, "duckdb_jdbc_interrupt", MethodType.methodType(void.class, ByteBuffer.class));
      PROGRESS =
          inside.findStatic(
              calls,
              "duckdb_jdbc_query_progress",
              MethodType.methodType(QueryProgress.class, ByteBuffer.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ByteBuffer connection;

  /**
   * @param owned is closed only after this
   */
  QueryControl(DuckDBConnection owned) {
    this.connection = (ByteBuffer) called(() -> CONNECTION.invoke(owned));
  }

  /** Returns at once; forgotten if no query runs. */
  synchronized void interrupt() {
    if (connection != null) {
      called(
          () -> {
            INTERRUPT.invokeExact(connection);
            return null;
          });
    }
  }

  /** Empty once closed. */
  synchronized Optional<QueryProgress> progress() {
    return connection == null
        ? Optional.empty()
        : Optional.ofNullable((QueryProgress) called(() -> PROGRESS.invoke(connection)));
  }

  @FunctionalInterface
  private interface Call {
    Object call() throws Throwable;
  }

  private static Object called(Call call) {
    try {
      return call.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    connection = null;
  }
}
