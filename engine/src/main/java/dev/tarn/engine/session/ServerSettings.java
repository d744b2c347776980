package dev.tarn.engine.session;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.classic.SparkSession;
import scala.Tuple2;

/** Spark's settings as the server began with them, which hold whatever a session has set. */
public final class ServerSettings {
  private ServerSettings() {}

  public static Map<String, String> of(SparkSession spark) {
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : spark.sparkContext().getConf().getAll()) {
      if (setting._1().startsWith("spark.sql.") || setting._1().startsWith("spark.databricks.")) {
        settings.put(setting._1(), setting._2());
      }
    }
    return settings;
  }
}
