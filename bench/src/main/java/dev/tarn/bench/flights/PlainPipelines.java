package dev.tarn.bench.flights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.pipelines.graph.AllTables$;
import org.apache.spark.sql.pipelines.graph.FlowAnalysis;
import org.apache.spark.sql.pipelines.graph.GraphRegistrationContext;
import org.apache.spark.sql.pipelines.graph.NoTables$;
import org.apache.spark.sql.pipelines.graph.PipelineUpdateContext;
import org.apache.spark.sql.pipelines.graph.PipelineUpdateContextImpl;
import org.apache.spark.sql.pipelines.graph.QueryContext;
import org.apache.spark.sql.pipelines.graph.QueryOrigin;
import org.apache.spark.sql.pipelines.graph.SqlGraphRegistrationContext;
import org.apache.spark.sql.pipelines.graph.TemporaryView;
import org.apache.spark.sql.pipelines.graph.UntypedFlow;
import org.apache.spark.sql.pipelines.logging.PipelineEvent;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The peer: the same pipeline on plain spark-pipelines and Delta, every setting at its default but
 * the one that makes Delta the format of tables.
 */
final class PlainPipelines {
  /** View over the topic. */
  static final String EVENTS = "flight_events";

  /** Views over files are called by the folder and this. */
  static final String FILES = "_files";

  private static final String SCHEMA = "default";
  private static final String CATALOG = "spark_catalog";

  private final SparkSession spark;
  private final String bootstrapServers;
  private final Path landing;
  private final Path storage;

  private PlainPipelines(SparkSession spark, String bootstrapServers, Path landing, Path storage) {
    this.spark = spark;
    this.bootstrapServers = bootstrapServers;
    this.landing = landing;
    this.storage = storage;
  }

  /**
   * @param arguments bootstrap servers; folder with a folder of files per source; working folder
   */
  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[2]);
    try (SparkSession spark =
        (SparkSession)
            org.apache.spark.sql.SparkSession.builder()
                .master("local[*]")
                .appName("plain-pipelines")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config(
                    "spark.sql.catalog.spark_catalog",
                    "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.sql.sources.default", "delta")
                .config("spark.sql.warehouse.dir", work.resolve("warehouse").toUri().toString())
                .getOrCreate()) {
      // Tarn has run this before it says that it is ready.
      spark.sql("SELECT count(*) FROM range(10)").collectAsList();
      PlainPipelines peer =
          new PlainPipelines(
              spark, arguments[0], Path.of(arguments[1]), work.resolve("pipeline-storage"));
      System.out.println("ready");
      System.out.println("first " + peer.update());
      // Its processor time is read while it waits.
      System.in.read();
      System.out.println("second " + peer.update());
      for (String table : FlightsBenchmark.GOLD) {
        Files.write(work.resolve(table), peer.rows(table));
      }
      System.out.println("done");
      System.out.flush();
      // Its memory is read while it waits.
      System.in.read();
    }
  }

  /** Runs an update to its end; returns the nanoseconds it took. */
  private long update() throws IOException {
    long start = System.nanoTime();
    GraphRegistrationContext registration =
        new GraphRegistrationContext(CATALOG, SCHEMA, noSettings());
    register(
        registration,
        EVENTS,
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", bootstrapServers)
            .option("subscribe", "flights")
            .option("startingOffsets", "earliest")
            .load());
    for (Map.Entry<String, String> source : FlightsBenchmark.SCHEMAS.entrySet()) {
      register(registration, source.getKey() + FILES, files(source.getKey(), source.getValue()));
    }
    for (String file : FlightsBenchmark.PIPELINE) {
      new SqlGraphRegistrationContext(registration)
          .processSqlFile(PlainSql.of(FlightsBenchmark.pipelineFile(file)), file, spark);
    }
    AtomicReference<PipelineEvent> failure = new AtomicReference<>();
    PipelineUpdateContext context =
        new PipelineUpdateContextImpl(
            registration.toDataflowGraph(),
            event -> {
              if (event.error().isDefined()) {
                failure.compareAndSet(null, event);
              }
              return BoxedUnit.UNIT;
            },
            AllTables$.MODULE$,
            NoTables$.MODULE$,
            storage.toUri().toString());
    context.pipelineExecution().runPipeline();
    long nanos = System.nanoTime() - start;
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get().message() + failure.get().error());
    }
    return nanos;
  }

  private Dataset<Row> files(String folder, String schema) {
    return spark
        .readStream()
        .format("csv")
        .schema(StructType.fromDDL(schema + ", _rescued_data STRING"))
        .option("header", "true")
        .option("escape", folder.equals("airports") ? "\"" : "\\")
        .option("columnNameOfCorruptRecord", "_rescued_data")
        .load(landing.resolve(folder).toUri().toString())
        .select(functions.col("*"), functions.col("_metadata"));
  }

  private static void register(
      GraphRegistrationContext registration, String view, Dataset<Row> rows) {
    TableIdentifier name = new TableIdentifier(view);
    QueryOrigin origin = QueryOrigin.empty();
    registration.registerView(
        new TemporaryView(name, noSettings(), Option.empty(), Option.empty(), origin));
    registration.registerFlow(
        new UntypedFlow(
            name,
            name,
            FlowAnalysis.createFlowFunctionFromLogicalPlan(
                ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed()),
            new QueryContext(Option.apply(CATALOG), Option.apply(SCHEMA)),
            noSettings(),
            false,
            origin));
  }

  private static scala.collection.immutable.Map<String, String> noSettings() {
    return scala.collection.immutable.Map$.MODULE$.<String, String>empty();
  }

  /** All rows as text, sorted. */
  private List<String> rows(String table) {
    Dataset<Row> all = spark.table(table);
    Column[] text = new Column[all.columns().length];
    for (int i = 0; i < text.length; i++) {
      text[i] = functions.col(all.columns()[i]).cast("string");
    }
    return all.select(text).collectAsList().stream()
        .map(
            row ->
                CollectionConverters.asJava(row.toSeq()).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining("\t")))
        .sorted()
        .toList();
  }
}
