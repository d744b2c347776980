package dev.tarn.ingest.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;

/** A stream over a folder of JSON, to whom a run means what an update means to a pipeline. */
final class StreamUnderTest {
  final Path landing;
  final Path checkpoint;
  final Map<String, String> options = new HashMap<>();
  String format = "json";
  String schema = "id INT";
  String select = "*";
  List<String> partitions = List.of();

  private final SparkSession spark;

  StreamUnderTest(SparkSession spark, Path folder) throws IOException {
    this.spark = spark;
    this.landing = Files.createDirectories(folder.resolve("landing"));
    this.checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
  }

  void land(String name, int... ids) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append("{\"id\": ").append(id).append("}\n");
    }
    Path file = landing.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(landing.resolve("_writing"), text);
    Files.move(
        landing.resolve("_writing"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** What is new, batch by batch, each row as text. */
  List<List<String>> run() throws Exception {
    List<List<String>> batches = new ArrayList<>();
    run(
        (rows, batch) ->
            batches.add(rows.collectAsList().stream().map(r -> r.mkString(",")).sorted().toList()));
    return batches;
  }

  void run(VoidFunction2<Dataset<Row>, Long> each) throws Exception {
    Dataset<Row> rows =
        org.apache.spark.sql.classic.Dataset$.MODULE$.ofRows(
            spark,
            CloudFiles.stream(
                spark,
                landing.toUri().toString(),
                format,
                StructType.fromDDL(schema),
                partitions,
                options));
    run(rows.selectExpr(select.split(" *, *")), each);
  }

  void run(Dataset<Row> rows, VoidFunction2<Dataset<Row>, Long> each) throws Exception {
    StreamingQuery query =
        rows.writeStream()
            .option("checkpointLocation", checkpoint.toUri().toString())
            .trigger(Trigger.AvailableNow())
            .foreachBatch(each)
            .start();
    try {
      query.awaitTermination();
    } finally {
      query.stop();
    }
  }

  /** Where the stream's source keeps what it has seen. */
  Path state() {
    return checkpoint.resolve("sources/0");
  }
}
