package dev.tarn.bench.tpch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The peer: Spark and Delta with all settings at their defaults, on two cores. Arguments: folder of
 * queries, folder for rows, rounds, then {@code table=location} for each table.
 */
public final class PlainSpark {
  private PlainSpark() {}

  public static void main(String[] arguments) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("plain-spark")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate()) {
      for (int i = 3; i < arguments.length; i++) {
        String[] table = arguments[i].split("=", 2);
        spark.read().format("delta").load(table[1]).createOrReplaceTempView(table[0]);
      }
      QueryPasses.run(
          sql -> rows(spark, sql),
          Path.of(arguments[0]),
          Path.of(arguments[1]),
          Integer.parseInt(arguments[2]));
    }
  }

  private static List<List<String>> rows(SparkSession spark, String sql) {
    List<List<String>> all = new ArrayList<>();
    for (Row row : spark.sql(sql).collectAsList()) {
      List<String> values = new ArrayList<>(row.size());
      for (int column = 0; column < row.size(); column++) {
        values.add(String.valueOf(row.get(column)));
      }
      all.add(values);
    }
    return all;
  }
}
