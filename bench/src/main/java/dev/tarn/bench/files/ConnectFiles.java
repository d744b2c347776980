package dev.tarn.bench.files;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The queries through Spark Connect. Arguments: connection string, the seed, the table. */
public final class ConnectFiles {
  private ConnectFiles() {}

  public static void main(String[] arguments) throws Exception {
    SparkSession session =
        org.apache.spark.sql.connect.SparkSession.builder().remote(arguments[0]).create();
    FileQueries.measure(
        sql -> {
          Row row = session.sql(sql).collectAsList().get(0);
          StringBuilder text = new StringBuilder();
          for (int i = 0; i < row.size(); i++) {
            text.append(row.get(i)).append(',');
          }
          return text.toString();
        },
        arguments[1],
        arguments[2]);
    System.exit(0);
  }
}
