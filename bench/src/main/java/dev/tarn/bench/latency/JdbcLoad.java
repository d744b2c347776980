package dev.tarn.bench.latency;

import dev.tarn.bench.measure.Load;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** {@code SELECT 1} through JDBC. Arguments: URL, token. */
public final class JdbcLoad {
  private JdbcLoad() {}

  public static void main(String[] arguments) throws Exception {
    Load.run(
        () -> {
          java.sql.Connection connection =
              DriverManager.getConnection(arguments[0], "token", arguments[1]);
          return new Load.Connection() {
            @Override
            public void call() throws SQLException {
              try (Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery("SELECT 1")) {
                if (!rows.next() || rows.getInt(1) != 1) {
                  throw new SQLException("SELECT 1 did not give 1");
                }
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
        LatencyBenchmark.WARM_UP,
        LatencyBenchmark.CALLS);
  }
}
