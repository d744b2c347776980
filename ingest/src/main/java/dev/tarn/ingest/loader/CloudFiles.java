package dev.tarn.ingest.loader;

import dev.tarn.kernel.json.Json;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.execution.streaming.Source;
import org.apache.spark.sql.execution.streaming.runtime.StreamingRelation;
import org.apache.spark.sql.sources.StreamSourceProvider;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Streams over files as Spark finds them, by this class's name, which no client can give. It is a
 * file format only so that Spark shows {@code _metadata}; another format's reader reads the files.
 */
public class CloudFiles extends TextFileFormat implements StreamSourceProvider {
  private static final long serialVersionUID = 1L;

  private static final String OWN = "tarn.loader.";
  private static final String FORMAT = OWN + "format";
  private static final String PARTITIONS = OWN + "partitions";

  /**
   * The plan of a stream.
   *
   * @param location URI of a folder, a file or a glob, which the reader has been found to have the
   *     right to read
   * @param format one of Spark's
   * @param partitionColumns which columns of the schema folders are named after
   * @param options {@link LoaderOptions}, and those of the format's reader
   */
  public static LogicalPlan stream(
      SparkSession spark,
      String location,
      String format,
      StructType schema,
      List<String> partitionColumns,
      Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.put(FORMAT, format);
    all.put(PARTITIONS, Json.string(partitionColumns));
    LoaderOptions.of(all, ZoneId.of(spark.sessionState().conf().sessionLocalTimeZone()));
    return ((Dataset<?>)
            spark
                .readStream()
                .format(provider(format).getName())
                .options(all)
                .schema(schema)
                .load(location))
        .queryExecution()
        .analyzed();
  }

  private static Class<? extends CloudFiles> provider(String format) {
    return format.equalsIgnoreCase("parquet") ? OfParquet.class : CloudFiles.class;
  }

  /** Parquet's rows have a number in {@code _metadata} too. */
  public static final class OfParquet extends CloudFiles {
    private static final long serialVersionUID = 1L;

    @Override
    public Seq<StructField> metadataSchemaFields() {
      return new ParquetFileFormat().metadataSchemaFields();
    }
  }

  /** Whether a leaf of a plan is such a stream. */
  public static boolean is(LogicalPlan leaf) {
    return leaf instanceof StreamingRelation stream
        && (stream.dataSource().className().equals(CloudFiles.class.getName())
            || stream.dataSource().className().equals(OfParquet.class.getName()));
  }

  @Override
  public Tuple2<String, StructType> sourceSchema(
      SQLContext context,
      Option<StructType> schema,
      String provider,
      scala.collection.immutable.Map<String, String> options) {
    return new Tuple2<>("cloudFiles", schema.get());
  }

  @Override
  public Source createSource(
      SQLContext context,
      String checkpoint,
      Option<StructType> schema,
      String provider,
      scala.collection.immutable.Map<String, String> options) {
    SparkSession spark = (SparkSession) context.sparkSession();
    Map<String, String> given = new HashMap<>();
    CollectionConverters.asJava(options)
        .forEach((name, value) -> given.put(name.toLowerCase(Locale.ROOT), value));
    Map<String, String> reader = new HashMap<>(given);
    reader.keySet().removeIf(n -> n.startsWith(OWN) || LoaderOptions.NAMES.contains(n));
    reader.remove("path");
    return new LoaderSource(
        spark,
        new ScannedFormat(
            given.get(FORMAT),
            schema.get(),
            Set.of(Json.read(given.get(PARTITIONS), String[].class)),
            reader),
        new Path(given.get("path")),
        LoaderOptions.of(given, ZoneId.of(spark.sessionState().conf().sessionLocalTimeZone())),
        checkpoint);
  }
}
