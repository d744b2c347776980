package dev.tarn.bench.tpch;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries through a JDBC driver. Arguments: URL, token (empty for none), folder of queries, folder
 * for rows, rounds, then statements to begin with.
 */
public final class JdbcQueries {
  private JdbcQueries() {}

  public static void main(String[] arguments) throws Exception {
    try (Connection connection =
        arguments[1].isEmpty()
            ? DriverManager.getConnection(arguments[0])
            : DriverManager.getConnection(arguments[0], "token", arguments[1])) {
      for (int i = 5; i < arguments.length; i++) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(arguments[i]);
        }
      }
      QueryPasses.run(
          sql -> rows(connection, sql),
          Path.of(arguments[2]),
          Path.of(arguments[3]),
          Integer.parseInt(arguments[4]));
    }
    System.exit(0);
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>(width);
        for (int column = 1; column <= width; column++) {
          row.add(String.valueOf(rows.getString(column)));
        }
        all.add(row);
      }
    }
    return all;
  }
}
