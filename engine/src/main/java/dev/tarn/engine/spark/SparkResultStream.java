package dev.tarn.engine.spark;

import dev.tarn.engine.arrow.ResultSchema;
import dev.tarn.engine.session.SparkErrors;
import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.CommandResult;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * The rows of a Spark statement as Arrow. What is already at hand, such as a command's rows, is
 * converted without a Spark job; anything else is one job whose tasks run ahead of the reader by a
 * bounded number of bytes.
 */
final class SparkResultStream implements ResultStream {
  /** Bytes of one result that wait in memory: a share of the heap, 32 MiB at most. */
  static final long AHEAD = Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 32);

  private static final long ENDING_AT_MOST_MILLIS = 1_000;

  private final StructType schema;
  private final Deque<Batch> ready = new ArrayDeque<>();
  private final ResultQueue queue;
  private final StatementJobs statement;
  private final Duration planning;
  private final Runnable settle;
  private Future<?> job;

  /**
   * @param settle called when the statement has run, and before its last row is there
   */
  SparkResultStream(
      Dataset<Row> rows,
      StatementJobs statement,
      ExecutorService jobs,
      Runnable settle,
      Path spillFolder,
      long begunNanos) {
    this.schema = rows.schema();
    this.statement = statement;
    this.settle = settle;
    Optional<InternalRow[]> local = local(rows);
    planning = Duration.ofNanos(System.nanoTime() - begunNanos);
    if (local.isPresent()) {
      convert(local.get());
      settle.run();
      queue = null;
      return;
    }
    queue = new ResultQueue(spillFolder, AHEAD);
    statement.stopWith(() -> queue.finish(new CancellationException()));
    job = jobs.submit(() -> run(rows));
    statement.stopWith(() -> job.cancel(true));
    try {
      take().ifPresent(ready::add);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Optional<InternalRow[]> local(Dataset<Row> rows) {
    if (rows.queryExecution().optimizedPlan() instanceof LocalRelation
        || rows.queryExecution().analyzed() instanceof CommandResult) {
      return Optional.of(rows.queryExecution().executedPlan().executeCollect());
    }
    rows.queryExecution().executedPlan();
    return Optional.empty();
  }

  private void convert(InternalRow[] rows) {
    try {
      ResultTask.write(
          schema, CollectionConverters.asScala(Arrays.asList(rows).iterator()), ready::add);
    } catch (InterruptedException e) {
      throw SparkErrors.cancelled(e);
    }
  }

  private void run(Dataset<Row> rows) {
    try {
      statement.enter();
      SQLExecution.withNewExecutionId(
          rows.queryExecution(),
          Option.empty(),
          () -> {
            RDD<InternalRow> all = rows.queryExecution().toRdd();
            queue.partitions(all.getNumPartitions());
            boolean here = rows.sparkSession().sparkContext().isLocal();
            rows.sparkSession()
                .sparkContext()
                .runJob(
                    all,
                    new ResultTask(schema, here ? queue.key() : null),
                    (partition, collected) -> {
                      if (!here) {
                        arrive((Integer) partition, collected);
                      }
                      return BoxedUnit.UNIT;
                    },
                    ClassTag$.MODULE$.apply(ResultTask.Collected.class));
            return BoxedUnit.UNIT;
          });
      settle.run();
      queue.finish(null);
    } catch (Throwable e) {
      queue.finish(e);
    } finally {
      statement.leave();
    }
  }

  private void arrive(int partition, ResultTask.Collected collected) {
    try {
      collected.into(queue, partition);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<ResultColumn> columns() {
    return new ResultSchema(schema).columns();
  }

  @Override
  public byte[] arrowSchema() {
    return new ResultSchema(schema).arrow();
  }

  @Override
  public Optional<Batch> next() {
    Batch batch = ready.poll();
    return batch != null ? Optional.of(batch) : queue == null ? Optional.empty() : take();
  }

  private Optional<Batch> take() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      statement.stop();
      throw SparkErrors.cancelled(e);
    } catch (ResultQueue.Failed e) {
      throw statement.failure(e.getCause());
    }
  }

  @Override
  public Duration planning() {
    return planning;
  }

  ResultQueue queue() {
    return queue;
  }

  /**
   * Stops the job if it still runs, and waits a moment for it; a task that hangs is left behind.
   */
  @Override
  public void close() {
    if (queue == null) {
      return;
    }
    queue.close();
    try {
      if (!job.isDone()) {
        statement.stop();
        job.get(ENDING_AT_MOST_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (TimeoutException | CancellationException e) {
      // Its thread ends when Spark lets go of it; nobody waits for its rows.
    }
  }
}
