package dev.tarn.ingest.loader;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How the files of a stream become rows: Spark's own scan of one of its formats.
 *
 * @param schema columns of the data, then those that folders are named after
 * @param partitionColumns names of the latter
 * @param settings options of the format's reader
 */
record ScannedFormat(
    String name, StructType schema, Set<String> partitionColumns, Map<String, String> settings) {

  StructType data() {
    return only(false);
  }

  StructType partitions() {
    return only(true);
  }

  private StructType only(boolean partitions) {
    List<StructField> fields =
        Arrays.stream(schema.fields())
            .filter(f -> partitionColumns.contains(f.name()) == partitions)
            .collect(Collectors.toList());
    return new StructType(fields.toArray(StructField[]::new));
  }

  scala.collection.immutable.Map<String, String> options() {
    return scala.collection.immutable.Map.from(
        CollectionConverters.asScala(new HashMap<>(settings)));
  }

  FileFormat reader(SparkSession spark) {
    return (FileFormat)
        new DataSource(
                spark,
                name,
                CollectionConverters.asScala(List.<String>of()).toSeq(),
                Option.apply(schema),
                CollectionConverters.asScala(List.<String>of()).toSeq(),
                Option.empty(),
                options(),
                Option.empty(),
                Option.empty())
            .providingInstance();
  }
}
