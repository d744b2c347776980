package dev.tarn.engine.foreign;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import org.postgresql.PGStatement;

/**
 * Rows of a driver. A value that no value of Spark's type equals is refused, where the driver would
 * answer with another.
 */
final class ForeignRows implements InvocationHandler {
  private static final int SCALE = 18;
  private static final int INTEGER_DIGITS = 20;

  private final ResultSet rows;
  private final String connection;
  private ResultSetMetaData columns;

  private ForeignRows(ResultSet rows, String connection) {
    this.rows = rows;
    this.connection = connection;
  }

  static ResultSet of(ResultSet rows, String connection) {
    return (ResultSet)
        Proxy.newProxyInstance(
            ForeignRows.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            new ForeignRows(rows, connection));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    try {
      if (args != null && args.length == 1 && args[0] instanceof Integer column) {
        switch (method.getName()) {
          case "getBigDecimal":
            return decimal(column);
          case "getDate":
            return finite(column, rows.getDate(column));
          case "getTimestamp":
            return timestamp(column);
          case "getArray":
            return array(column);
          default:
            break;
        }
      }
      return method.invoke(rows, args);
    } catch (InvocationTargetException e) {
      throw ForeignSession.failure(connection, e.getCause());
    } catch (SQLException e) {
      throw ForeignSession.failure(connection, e);
    }
  }

  private ResultSetMetaData columns() throws SQLException {
    if (columns == null) {
      columns = rows.getMetaData();
    }
    return columns;
  }

  private RuntimeException refused(int column, String what) throws SQLException {
    return ForeignFailures.value(
        connection, columns().getColumnLabel(column), columns().getColumnTypeName(column), what);
  }

  /** A numeric without precision is read as DECIMAL(38,18). */
  private BigDecimal decimal(int column) throws SQLException {
    BigDecimal value;
    try {
      value = rows.getBigDecimal(column);
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("22")) {
        throw refused(column, "a value that is no number, such as NaN");
      }
      throw e;
    }
    if (value != null
        && columns().getPrecision(column) == 0
        && (value.stripTrailingZeros().scale() > SCALE
            || value.precision() - value.scale() > INTEGER_DIGITS)) {
      throw refused(column, "a value with more digits than DECIMAL(38,18) has");
    }
    return value;
  }

  private Array array(int column) throws SQLException {
    Array value = rows.getArray(column);
    if (value != null && value.getArray().getClass().getComponentType().isArray()) {
      throw refused(column, "an array of arrays");
    }
    return value;
  }

  private <D extends Date> D finite(int column, D value) throws SQLException {
    if (value != null
        && (value.getTime() == PGStatement.DATE_POSITIVE_INFINITY
            || value.getTime() == PGStatement.DATE_NEGATIVE_INFINITY)) {
      throw refused(column, "the date 'infinity', which Spark has not");
    }
    return value;
  }

  /** One without a zone comes as that time in UTC, where no hour is missing. */
  private Timestamp timestamp(int column) throws SQLException {
    if (!columns().getColumnTypeName(column).equals("timestamp")) {
      return finite(column, rows.getTimestamp(column));
    }
    LocalDateTime value = rows.getObject(column, LocalDateTime.class);
    if (value == null) {
      return null;
    }
    if (value.equals(LocalDateTime.MAX) || value.equals(LocalDateTime.MIN)) {
      throw refused(column, "the time 'infinity', which Spark has not");
    }
    return Timestamp.from(value.toInstant(ZoneOffset.UTC));
  }
}
