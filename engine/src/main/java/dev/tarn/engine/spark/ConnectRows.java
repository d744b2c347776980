package dev.tarn.engine.spark;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.CollectLimitExec;
import org.apache.spark.sql.execution.LocalTableScanExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.ThreadUtils;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Rows of a DataFrame as whole Arrow streams, a bounded number of bytes at a time, for Spark's own
 * protocol. The job is the calling thread's in every respect, so that what ends that thread's jobs
 * ends this one.
 */
public final class ConnectRows {
  /** More than these are not gathered before the first is sent. */
  private static final int FEW = 10_000;

  /** Takes one batch: a stream with a schema of its own, and how many rows are in it. */
  @FunctionalInterface
  public interface Sink {
    void accept(byte[] stream, long rows) throws InterruptedException;
  }

  /** Of {@link ResultTask}, as Spark's older way of running a job wants it. */
  private static final class Task
      extends AbstractFunction1<Iterator<InternalRow>, ResultTask.Collected>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ResultTask task;

    Task(ResultTask task) {
      this.task = task;
    }

    @Override
    public ResultTask.Collected apply(Iterator<InternalRow> rows) {
      return task.apply(TaskContext.get(), rows);
    }
  }

  private ConnectRows() {}

  /**
   * Sends all rows in their order; nothing if there are none. Tasks never wait for a slow reader,
   * who would hold a processor: what has no room goes to a file.
   *
   * @param zone of timestamps
   * @param largeVarTypes whether texts have 64-bit offsets
   * @param produced called once all rows are there, if not all sent
   * @throws Exception whatever Spark throws
   */
  public static void send(
      Dataset<Row> rows, String zone, boolean largeVarTypes, Runnable produced, Sink sink)
      throws Exception {
    SparkContext context =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).sparkSession().sparkContext();
    QueryExecution execution = ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution();
    ResultTask.Format format = new ResultTask.Format(zone, largeVarTypes);
    SQLExecution.withNewExecutionId(
        execution,
        Option.apply("collectArrow"),
        () -> {
          Optional<Iterator<InternalRow>> few = few(execution.executedPlan());
          try {
            if (few.isPresent()) {
              ResultTask.write(rows.schema(), few.get(), format, each(sink));
            } else {
              run(context, execution.toRdd(), rows.schema(), format, produced, sink);
            }
          } catch (Exception e) {
            throw ConnectRows.<RuntimeException>as(e);
          }
          return BoxedUnit.UNIT;
        });
  }

  private static ResultTask.Sink each(Sink sink) {
    return batch -> sink.accept(batch.message(), batch.rowCount());
  }

  private static Optional<Iterator<InternalRow>> few(SparkPlan plan) {
    if (plan instanceof LocalTableScanExec local) {
      return Optional.of(local.rows().iterator());
    }
    boolean limited = plan instanceof CollectLimitExec limit && limit.limit() <= FEW;
    return limited
        ? Optional.of(
            CollectionConverters.asScala(java.util.Arrays.asList(plan.executeCollect()).iterator()))
        : Optional.empty();
  }

  private static void run(
      SparkContext context,
      RDD<InternalRow> rows,
      StructType schema,
      ResultTask.Format format,
      Runnable produced,
      Sink sink)
      throws Exception {
    int partitions = rows.getNumPartitions();
    if (partitions == 0) {
      return;
    }
    Path folder = Path.of(context.conf().get("spark.local.dir"), "results");
    boolean here = context.isLocal();
    SimpleFutureAction<BoxedUnit> job = null;
    try (ResultQueue queue = new ResultQueue(folder, SparkResultStream.AHEAD)) {
      queue.partitions(partitions);
      List<Object> numbers = IntStream.range(0, partitions).<Object>mapToObj(i -> i).toList();
      Seq<Object> all = CollectionConverters.asScala(numbers).toList();
      job =
          context.submitJob(
              rows,
              new Task(new ResultTask(schema, here ? queue.key() : null, format)),
              all,
              (partition, collected) -> {
                if (!here) {
                  arrive(queue, (Integer) partition, collected);
                }
                return BoxedUnit.UNIT;
              },
              () -> BoxedUnit.UNIT);
      job.onComplete(
          outcome -> {
            queue.finish(outcome.isFailure() ? outcome.failed().get() : null);
            produced.run();
            return BoxedUnit.UNIT;
          },
          ThreadUtils.sameThread());
      for (Optional<Batch> batch = queue.take(); batch.isPresent(); batch = queue.take()) {
        sink.accept(batch.get().message(), batch.get().rowCount());
      }
    } catch (ResultQueue.Failed e) {
      throw ConnectRows.<RuntimeException>as(e.getCause());
    } finally {
      if (job != null && !job.isCompleted()) {
        job.cancel();
      }
    }
  }

  private static void arrive(ResultQueue queue, int partition, ResultTask.Collected collected) {
    try {
      collected.into(queue, partition);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Scala's functions throw anything. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable failure) throws E {
    throw (E) failure;
  }
}
