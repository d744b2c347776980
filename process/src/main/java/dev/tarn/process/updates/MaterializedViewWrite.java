package dev.tarn.process.updates;

import dev.tarn.engine.dialect.DataQuality;
import dev.tarn.engine.filter.NewFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.CannotReplaceMissingTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.pipelines.graph.Table;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.QueryExecutionListener;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Computes a materialized view and puts it in place of its old rows in one Delta commit: a reader
 * sees the old answer or the new one, never none.
 */
final class MaterializedViewWrite {
  private final FlowRun flow;
  private final SparkSession spark;
  private final Table table;
  private final String name;
  private final boolean exists;

  MaterializedViewWrite(
      FlowRun flow, SparkSession spark, Table table, String name, boolean exists) {
    this.flow = flow;
    this.spark = spark;
    this.table = table;
    this.name = name;
    this.exists = exists;
  }

  void run(Dataset<Row> rows) throws Exception {
    Counts counts = new Counts();
    spark.listenerManager().register(counts);
    try {
      write(rows);
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.listenerManager().unregister(counts);
    }
    if (counts.quality.get() != null) {
      flow.counted(counts.quality.get());
    }
  }

  /**
   * Takes the rows away, of a view that is there.
   *
   * @param columns that it will have
   */
  void empty(StructType columns) {
    try {
      write(spark.createDataFrame(List.<Row>of(), columns));
    } catch (TableAlreadyExistsException | CannotReplaceMissingTableException e) {
      throw new IllegalStateException("The view '" + name + "' went while it was replaced", e);
    }
  }

  private void write(Dataset<Row> rows)
      throws TableAlreadyExistsException, CannotReplaceMissingTableException {
    CreateTableWriter<Row> writer = rows.writeTo(name).using("delta");
    CollectionConverters.asJava(table.properties())
        .forEach(
            (key, value) -> {
              // A view that is there has its filters already.
              if (!exists || !key.equals(NewFilters.PROPERTY)) {
                writer.tableProperty(key, value);
              }
            });
    List<Column> partitions = columns(table.partitionCols());
    if (!partitions.isEmpty()) {
      writer.partitionedBy(
          partitions.get(0), partitions.subList(1, partitions.size()).toArray(Column[]::new));
    }
    if (exists) {
      writer.replace();
    } else {
      writer.create();
    }
  }

  private static List<Column> columns(scala.Option<scala.collection.immutable.Seq<String>> names) {
    List<Column> columns = new ArrayList<>();
    if (names.isDefined()) {
      CollectionConverters.asJava(names.get()).forEach(n -> columns.add(functions.col(n)));
    }
    return columns;
  }

  /** The counts come with whichever of the write's inner queries computed the rows. */
  private static final class Counts implements QueryExecutionListener {
    final AtomicReference<DataQuality> quality = new AtomicReference<>();

    @Override
    public void onSuccess(String function, QueryExecution execution, long nanoseconds) {
      var metrics = execution.observedMetrics().get(DataQuality.METRICS);
      if (metrics.isDefined()) {
        quality.set(DataQuality.of(metrics.get()));
      }
    }

    @Override
    public void onFailure(String function, QueryExecution execution, Exception exception) {}
  }
}
