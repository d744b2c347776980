package dev.tarn.bench.latency;

import dev.tarn.bench.measure.Load;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code SELECT 1} through Spark Connect. Argument: connection string. */
public final class ConnectLoad {
  private ConnectLoad() {}

  public static void main(String[] arguments) throws Exception {
    Load.run(
        () -> {
          SparkSession session =
              org.apache.spark.sql.connect.SparkSession.builder().remote(arguments[0]).create();
          return new Load.Connection() {
            @Override
            public void call() {
              List<Row> rows = session.sql("SELECT 1").collectAsList();
              if (rows.get(0).getInt(0) != 1) {
                throw new IllegalStateException("SELECT 1 did not give 1");
              }
            }

            @Override
            public void close() throws IOException {
              session.close();
            }
          };
        },
        LatencyBenchmark.WARM_UP,
        LatencyBenchmark.CALLS);
  }
}
