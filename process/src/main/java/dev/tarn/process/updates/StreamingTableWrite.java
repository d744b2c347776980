package dev.tarn.process.updates;

import dev.tarn.engine.dialect.DataQuality;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Appends to a streaming table whatever its sources have that it has not. The checkpoint knows what
 * was read, Delta's log which batches were written; together each row is written once, whatever
 * happens in between.
 */
final class StreamingTableWrite {
  private static final long COUNTS_AT_MOST_LATE_SECONDS = 10;

  private final FlowRun flow;
  private final SparkSession spark;
  private final String table;
  private final String checkpoint;

  StreamingTableWrite(FlowRun flow, SparkSession spark, String table, String checkpoint) {
    this.flow = flow;
    this.spark = spark;
    this.table = table;
    this.checkpoint = checkpoint;
  }

  void run(Dataset<Row> rows) throws Exception {
    Counts counts = new Counts();
    spark.streams().addListener(counts);
    StreamingQuery query = null;
    try {
      query =
          rows.writeStream()
              .queryName(table)
              .option("checkpointLocation", checkpoint)
              .trigger(Trigger.AvailableNow())
              .outputMode("append")
              .format("delta")
              .toTable(table);
      query.awaitTermination();
      counts.ended.await(COUNTS_AT_MOST_LATE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      if (query != null) {
        query.stop();
      }
      Thread.currentThread().interrupt();
      throw e;
    } finally {
      spark.streams().removeListener(counts);
    }
  }

  /** The session has one stream, so every event is of this flow. */
  private final class Counts extends StreamingQueryListener {
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void onQueryStarted(QueryStartedEvent event) {}

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      Row metrics = event.progress().observedMetrics().get(DataQuality.METRICS);
      if (metrics != null && event.progress().numInputRows() > 0) {
        flow.counted(DataQuality.of(metrics));
      }
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      ended.countDown();
    }
  }
}
