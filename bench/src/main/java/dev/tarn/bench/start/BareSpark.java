package dev.tarn.bench.start;

import java.io.IOException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The peer: Spark with Delta at its defaults, one select, one line of output. */
final class BareSpark {
  private BareSpark() {}

  /**
   * @param arguments the select
   */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .appName("bare-spark")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate()) {
      Row row = spark.sql(arguments[0]).collectAsList().get(0);
      System.out.println("row " + row.get(0) + " " + row.get(1));
      System.out.flush();
    }
  }
}
