package dev.tarn.engine.foreign;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A driver's session and its statement, which fail in our words and answer with values that nothing
 * was lost of. Closing the session while its statement runs, as Spark does when a task is to stop,
 * cancels that at the source too, which would not notice by itself.
 */
final class ForeignSession implements InvocationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignSession.class);

  private final Object target;
  private final String connection;
  private final AtomicReference<PreparedStatement> statement;

  private ForeignSession(
      Object target, String connection, AtomicReference<PreparedStatement> statement) {
    this.target = target;
    this.connection = connection;
    this.statement = statement;
  }

  /**
   * @param name of the connection, for messages
   */
  static Connection of(Connection session, String name) {
    return wrapped(Connection.class, session, name, new AtomicReference<>());
  }

  private static <T> T wrapped(
      Class<T> type, T target, String connection, AtomicReference<PreparedStatement> statement) {
    return type.cast(
        Proxy.newProxyInstance(
            ForeignSession.class.getClassLoader(),
            new Class<?>[] {type},
            new ForeignSession(target, connection, statement)));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    try {
      if (target instanceof Connection session && method.getName().equals("close")) {
        close(session);
        return null;
      }
      Object answer = method.invoke(target, args);
      if (answer instanceof ResultSet rows) {
        return ForeignRows.of(rows, connection);
      } else if (answer instanceof PreparedStatement prepared) {
        statement.set(prepared);
        return wrapped(PreparedStatement.class, prepared, connection, statement);
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw failure(connection, e.getCause());
    } catch (SQLException e) {
      throw failure(connection, e);
    }
  }

  private void close(Connection session) throws SQLException {
    PreparedStatement open = statement.get();
    if (open == null || open.isClosed()) {
      session.close();
      return;
    }
    // Whoever closes it holds a lock of Spark's that no task starts or stops without.
    Thread thread = new Thread(() -> cancel(open, session), "cancel-foreign-query");
    thread.setDaemon(true);
    thread.start();
  }

  private void cancel(PreparedStatement open, Connection session) {
    try (session) {
      open.cancel();
    } catch (SQLException e) {
      LOG.warn(
          "A query over connection '{}' could not be cancelled at its source: SQLSTATE {}",
          connection,
          e.getSQLState());
    }
  }

  /** Ours, of whatever a driver threw. */
  static Throwable failure(String connection, Throwable failure) {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      return new CancellationException();
    }
    return failure instanceof SQLException sql ? ForeignFailures.of(connection, sql) : failure;
  }
}
