package dev.tarn.acceptance.restart;

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
 * A stranger's program: one JDBC connection at a time to {@code JDBC_URL} with {@code
 * JDBC_PASSWORD}. Its class path holds this class and the unmodified driver. Steps come as {@link
 * dev.tarn.acceptance.clients.ClientProcess} sends them: {@code connect} opens a connection and
 * leaves the one before, {@code query SQL} prints the first column, {@code begin SQL} reads one row
 * and keeps the result, {@code rest} counts the rows that follow.
 */
public final class JdbcSession {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Connection connection;
  private ResultSet begun;

  private JdbcSession() {}

  public static void main(String[] arguments) throws IOException {
    JdbcSession session = new JdbcSession();
    BufferedReader steps =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = steps.readLine(); line != null; line = steps.readLine()) {
      String[] parts = line.split("\t");
      try {
        session.step(
            parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        OUT.println(".");
      } catch (SQLException e) {
        OUT.println(
            '!' + e.getSQLState() + '\t' + String.valueOf(e.getMessage()).replace('\n', ' '));
      }
    }
    // The driver's own threads must not keep a finished client alive.
    System.exit(0);
  }

  private void step(String verb, String sql) throws SQLException {
    switch (verb) {
      case "connect" ->
          connection =
              DriverManager.getConnection(
                  System.getenv("JDBC_URL"), "token", System.getenv("JDBC_PASSWORD"));
      case "query" -> {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(sql)) {
          while (rows.next()) {
            print(rows.getString(1));
          }
        }
      }
      case "begin" -> {
        begun = connection.createStatement().executeQuery(sql);
        begun.next();
        print(begun.getString(1));
      }
      case "rest" -> {
        long count = 0;
        while (begun.next()) {
          count++;
        }
        print(Long.toString(count));
      }
      default -> throw new IllegalArgumentException(verb);
    }
  }

  private static void print(String value) {
    OUT.println("[\"" + value + "\"]");
  }
}
