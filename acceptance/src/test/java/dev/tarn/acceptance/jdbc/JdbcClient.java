package dev.tarn.acceptance.jdbc;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A stranger's program: runs in a process of its own, whose class path holds this class and the
 * unmodified Databricks JDBC driver and nothing else.
 *
 * <p>Reads URL, user and password from {@code JDBC_URL}, {@code JDBC_USER} and {@code
 * JDBC_PASSWORD}. Each argument is a step: {@code query SQL}, {@code types SQL} (names and types of
 * columns), {@code prepared SQL VALUE…} (parts split at a tab), {@code catalogs}, {@code schemas
 * CATALOG}, {@code tables CATALOG SCHEMA}, {@code columns CATALOG SCHEMA TABLE}. Prints one JSON
 * array per row; ends with 0, or with 1 and {@code SQLSTATE<tab>message} on stderr.
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
      case "catalogs" -> print(metadata.getCatalogs());
      case "schemas" -> print(metadata.getSchemas(names[0], "%"));
      case "tables" -> print(metadata.getTables(names[0], names[1], "%", null));
      case "columns" -> print(metadata.getColumns(names[0], names[1], names[2], "%"));
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
