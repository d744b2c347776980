package dev.tarn.bench.fetch;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/**
 * Fetches a result through JDBC, in a process of its own with the driver. Arguments: URL, token,
 * statement. Prints {@code fetched EXECUTE_NANOS FETCH_NANOS ROWS CHECKSUM}.
 */
public final class JdbcFetch {
  private JdbcFetch() {}

  public static void main(String[] arguments) throws Exception {
    try (Connection connection = DriverManager.getConnection(arguments[0], "token", arguments[1]);
        Statement statement = connection.createStatement()) {
      long start = System.nanoTime();
      try (ResultSet rows = statement.executeQuery(arguments[2])) {
        long executed = System.nanoTime();
        int width = rows.getMetaData().getColumnCount();
        long count = 0;
        long checksum = 0;
        while (rows.next()) {
          for (int column = 1; column <= width; column++) {
            checksum = 31 * checksum + rows.getObject(column).hashCode();
          }
          count++;
        }
        System.out.println(
            "fetched "
                + (executed - start)
                + ' '
                + (System.nanoTime() - executed)
                + ' '
                + count
                + ' '
                + checksum);
      }
    }
    System.exit(0);
  }
}
