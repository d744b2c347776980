package dev.tarn.acceptance.cases;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A stranger's program: one JDBC connection to {@code JDBC_URL} with {@code JDBC_PASSWORD}. Its
 * class path holds this class and the unmodified driver. Steps come as {@link
 * dev.tarn.acceptance.clients.ClientProcess} sends them: {@code query SQL} prints all values as
 * {@code getString} gives them, {@code type SQL} the columns' type names.
 */
public final class JdbcCases {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private JdbcCases() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    BufferedReader steps =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Connection connection =
        DriverManager.getConnection(
            System.getenv("JDBC_URL"), "token", System.getenv("JDBC_PASSWORD"))) {
      for (String line = steps.readLine(); line != null; line = steps.readLine()) {
        String[] parts = line.split("\t");
        String sql = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
        try (Statement statement = connection.createStatement()) {
          boolean rows = statement.execute(sql);
          if (rows && parts[0].equals("type")) {
            print(statement.getResultSet().getMetaData().getColumnTypeName(1));
          } else if (rows) {
            print(statement.getResultSet());
          }
          OUT.println(".");
        } catch (SQLException e) {
          OUT.println('!' + e.getSQLState() + '\t' + e.getMessage().replace('\n', ' '));
        }
      }
    }
    // The driver's own threads must not keep a finished client alive.
    System.exit(0);
  }

  private static void print(ResultSet rows) throws SQLException {
    int width = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      String[] values = new String[width];
      for (int i = 0; i < width; i++) {
        values[i] = rows.getString(i + 1);
      }
      print(values);
    }
  }

  private static void print(String... values) {
    StringBuilder line = new StringBuilder("[");
    for (int i = 0; i < values.length; i++) {
      line.append(i == 0 ? "" : ",").append(json(values[i]));
    }
    OUT.println(line.append(']'));
  }

  private static String json(String text) {
    if (text == null) {
      return "null";
    }
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
