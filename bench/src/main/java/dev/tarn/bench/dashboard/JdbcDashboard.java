package dev.tarn.bench.dashboard;

import dev.tarn.bench.measure.Load;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The dashboard's query through JDBC, never from the cache of results. Arguments: URL, token, then
 * {@code same} for one text again and again or {@code other} for another text each time.
 */
public final class JdbcDashboard {
  private JdbcDashboard() {}

  public static void main(String[] arguments) throws Exception {
    AtomicLong least = new AtomicLong(1);
    boolean other = arguments[2].equals("other");
    Load.run(
        () -> {
          java.sql.Connection connection =
              DriverManager.getConnection(arguments[0], "token", arguments[1]);
          try (Statement set = connection.createStatement()) {
            set.execute("SET use_cached_result = false");
          }
          return new Load.Connection() {
            @Override
            public void call() throws SQLException {
              String sql =
                  DashboardQueries.query(
                      DashboardQueries.TABLE, other ? least.incrementAndGet() : 1);
              int count = 0;
              try (Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                  count++;
                }
              }
              if (count != DashboardQueries.ROWS) {
                throw new SQLException("The query gave " + count + " rows");
              }
            }

            @Override
            public void close() throws IOException {
              try {
                connection.close();
              } catch (SQLException e) {
                throw new IOException(e);
              }
            }
          };
        },
        DashboardBenchmark.WARM_UP,
        DashboardBenchmark.CALLS);
  }
}
