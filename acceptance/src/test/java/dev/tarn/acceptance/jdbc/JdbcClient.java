package dev.tarn.acceptance.jdbc;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Properties;

/**
 * A stranger's program: runs in a process of its own, whose class path holds this class and the
 * unmodified Databricks JDBC driver and nothing else.
 *
 * <p>Reads URL, user and password from {@code JDBC_URL}, {@code JDBC_USER} and {@code
 * JDBC_PASSWORD}. Each argument is a step: {@code query SQL}, {@code types SQL} (names and types of
 * columns), {@code verdict SQL} (SQLSTATE and message if it fails, else two empty texts), {@code
 * prepared SQL VALUE…} (parts split at a tab), {@code catalogs}, {@code schemas CATALOG}, {@code
 * tables CATALOG SCHEMA}, {@code columns CATALOG SCHEMA TABLE}, {@code keys CATALOG SCHEMA TABLE},
 * {@code functions CATALOG}, {@code update SQL} (how many rows), {@code batch SQL VALUE…} (how many
 * rows for each value), {@code parameters} (one of every type), {@code sum SQL} (of the first
 * column, with the number of rows), {@code refused SQL} (SQLSTATE and message), {@code cancelled
 * SQL} and {@code limited SQL} (to one second; the exception). Prints one JSON array per row; ends
 * with 0, or with 1 and {@code SQLSTATE<tab>message} on stderr.
 */
public final class JdbcClient {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private JdbcClient() {}

  public static void main(String[] steps) {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("JDBC_USER"));
    properties.setProperty("password", System.getenv("JDBC_PASSWORD"));
    try (Connection connection =
        DriverManager.getConnection(System.getenv("JDBC_URL"), properties)) {
      for (String step : steps) {
        run(connection, step);
      }
    } catch (SQLException e) {
      System.err.println(e.getSQLState() + '\t' + e.getMessage());
      System.exit(1);
    }
    // The driver's own threads must not keep a finished client alive.
    System.exit(0);
  }

  private static void run(Connection connection, String step) throws SQLException {
    int space = step.indexOf(' ');
    String verb = space < 0 ? step : step.substring(0, space);
    String rest = space < 0 ? "" : step.substring(space + 1);
    String[] names = rest.split(" ");
    DatabaseMetaData metadata = connection.getMetaData();
    switch (verb) {
      case "query" -> prepared(connection, new String[] {rest});
      case "prepared" -> prepared(connection, rest.split("\t", -1));
      case "types" -> types(connection, rest);
      case "verdict" -> verdict(connection, rest);
      case "catalogs" -> print(metadata.getCatalogs());
      case "schemas" -> print(metadata.getSchemas(names[0], "%"));
      case "tables" -> print(metadata.getTables(names[0], names[1], "%", null));
      case "columns" -> print(metadata.getColumns(names[0], names[1], names[2], "%"));
      case "keys" -> {
        print(metadata.getPrimaryKeys(names[0], names[1], names[2]));
        print(metadata.getImportedKeys(names[0], names[1], names[2]));
      }
      case "functions" -> print(metadata.getFunctions(names[0], "%", "%"));
      case "update" -> update(connection, rest);
      case "batch" -> batch(connection, rest.split("\t", -1));
      case "parameters" -> parameters(connection);
      case "sum" -> sum(connection, rest);
      case "refused" -> failing(connection, rest, 0, false);
      case "cancelled" -> failing(connection, rest, 0, true);
      case "limited" -> failing(connection, rest, 1, false);
      default -> throw new IllegalArgumentException("No such step: " + verb);
    }
  }

  private static void prepared(Connection connection, String[] parts) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(parts[0])) {
      for (int i = 1; i < parts.length; i++) {
        statement.setString(i, parts[i]);
      }
      if (statement.execute()) {
        print(statement.getResultSet());
      }
    }
  }

  private static void verdict(Connection connection, String sql) {
    String state = "";
    String message = "";
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            rows.getObject(1);
          }
        }
      }
    } catch (SQLException e) {
      state = String.valueOf(e.getSQLState());
      message = String.valueOf(e.getMessage());
    }
    OUT.println("[" + json(state) + "," + json(message) + "]");
  }

  private static void update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      OUT.println("[" + json(Integer.toString(statement.executeUpdate(sql))) + "]");
    }
  }

  private static void batch(Connection connection, String[] parts) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(parts[0])) {
      for (int i = 1; i < parts.length; i++) {
        statement.setString(1, parts[i]);
        statement.addBatch();
      }
      for (int count : statement.executeBatch()) {
        OUT.println("[" + json(Integer.toString(count)) + "]");
      }
    }
  }

  private static void parameters(Connection connection) throws SQLException {
    String sql = "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setByte(1, Byte.MIN_VALUE);
      statement.setShort(2, Short.MIN_VALUE);
      statement.setInt(3, Integer.MIN_VALUE);
      statement.setLong(4, Long.MIN_VALUE);
      statement.setFloat(5, 1.5f);
      statement.setDouble(6, Math.PI);
      statement.setBigDecimal(7, new BigDecimal("-12345678901234567890.123456789"));
      statement.setBoolean(8, true);
      statement.setString(9, "it's \"ä\" \u20ac");
      statement.setDate(10, Date.valueOf("2024-02-29"));
      statement.setTimestamp(11, Timestamp.valueOf("2024-02-29 01:02:03.456789"));
      statement.setNull(12, Types.VARCHAR);
      print(statement.executeQuery());
    }
  }

  private static void sum(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      long count = 0;
      long sum = 0;
      while (rows.next()) {
        count++;
        sum += rows.getLong(1);
      }
      OUT.println("[" + json(Long.toString(count)) + "," + json(Long.toString(sum)) + "]");
    }
  }

  /**
   * @param seconds time limit; 0 for none
   * @param cancel whether to cancel from another thread, again and again until it has worked
   */
  private static void failing(Connection connection, String sql, int seconds, boolean cancel)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(seconds);
      Thread other = new Thread(() -> cancelAgainAndAgain(statement));
      if (cancel) {
        other.start();
      }
      try {
        statement.execute(sql);
        throw new IllegalStateException("This was to fail: " + sql);
      } catch (SQLException e) {
        OUT.println(
            "["
                + json(String.valueOf(e.getSQLState()))
                + ","
                + json(e.getMessage())
                + ","
                + json(e instanceof SQLTimeoutException ? "timeout" : "error")
                + "]");
      } finally {
        other.interrupt();
      }
    }
  }

  private static void cancelAgainAndAgain(Statement statement) {
    try {
      while (true) {
        Thread.sleep(200);
        statement.cancel();
      }
    } catch (InterruptedException | SQLException e) {
      // It has ended.
    }
  }

  private static void types(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      ResultSetMetaData columns = rows.getMetaData();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        OUT.println(
            '['
                + json(columns.getColumnName(i))
                + ','
                + json(columns.getColumnTypeName(i))
                + ','
                + columns.getColumnType(i)
                + ']');
      }
    }
  }

  private static void print(ResultSet rows) throws SQLException {
    try (rows) {
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder("[");
        for (int i = 1; i <= width; i++) {
          Object value = rows.getObject(i);
          line.append(i == 1 ? "" : ",").append(value == null ? "null" : json(text(value)));
        }
        OUT.println(line.append(']'));
      }
    }
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      StringBuilder hex = new StringBuilder();
      for (byte each : bytes) {
        hex.append(String.format("%02x", each));
      }
      return hex.toString();
    }
    return value.toString();
  }

  private static String json(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
