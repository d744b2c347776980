package dev.tarn.bench.dashboard;

import dev.tarn.bench.measure.Load;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** The dashboard's query through Spark Connect. Arguments: connection string, table. */
public final class ConnectDashboard {
  private ConnectDashboard() {}

  public static void main(String[] arguments) throws Exception {
    String sql = DashboardQueries.query(arguments[1], 1);
    Load.run(
        () -> {
          SparkSession session =
              org.apache.spark.sql.connect.SparkSession.builder().remote(arguments[0]).create();
          return new Load.Connection() {
            @Override
            public void call() {
              int count = session.sql(sql).collectAsList().size();
              if (count != DashboardQueries.ROWS) {
                throw new IllegalStateException("The query gave " + count + " rows");
              }
            }

            @Override
            public void close() throws IOException {
              session.close();
            }
          };
        },
        DashboardBenchmark.WARM_UP,
        DashboardBenchmark.CALLS);
  }
}
