package dev.tarn.bench.files;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;

/**
 * The queries through JDBC, never from the cache of results. Arguments: URL, token, the seed's
 * name, the table's.
 */
public final class JdbcFiles {
  private JdbcFiles() {}

  public static void main(String[] arguments) throws Exception {
    try (Connection connection = DriverManager.getConnection(arguments[0], "token", arguments[1])) {
      try (Statement set = connection.createStatement()) {
        set.execute("SET use_cached_result = false");
      }
      FileQueries.measure(
          sql -> {
            try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
              rows.next();
              StringBuilder row = new StringBuilder();
              ResultSetMetaData columns = rows.getMetaData();
              for (int i = 1; i <= columns.getColumnCount(); i++) {
                row.append(rows.getString(i)).append(',');
              }
              return row.toString();
            }
          },
          arguments[2],
          arguments[3]);
    }
    System.exit(0);
  }
}
