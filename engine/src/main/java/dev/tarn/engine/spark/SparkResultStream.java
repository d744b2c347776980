package dev.tarn.engine.spark;

import dev.tarn.engine.session.SparkErrors;
import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.CommandResult;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.arrow.ArrowConverters$;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * The rows of a Spark statement as Arrow. What is already at hand, such as a command's rows, is
 * converted without a Spark job; anything else is one job whose partitions arrive in the background
 * and leave in order.
 */
final class SparkResultStream implements ResultStream {
  private static final int ROWS_PER_BATCH = 10_000;
  private static final String ZONE = "UTC";

  private final StructType schema;
  private final Deque<byte[]> ready = new ArrayDeque<>();
  private final Map<Integer, byte[][]> arrived = new HashMap<>();
  private final Future<?> job;
  private final Runnable cancel;
  private int partitions;
  private int nextPartition;
  private Throwable failure;
  private boolean finished;

  SparkResultStream(Dataset<Row> rows, String statementId, ExecutorService jobs) {
    this.schema = rows.schema();
    Optional<InternalRow[]> local = local(rows);
    if (local.isPresent()) {
      convert(local.get());
      job = null;
      cancel = () -> {};
      finished = true;
      return;
    }
    cancel = () -> rows.sparkSession().sparkContext().cancelJobGroup(statementId);
    job = jobs.submit(() -> run(rows, statementId));
    await(() -> finished || !arrived.isEmpty());
    throwIfFailed();
  }

  private static Optional<InternalRow[]> local(Dataset<Row> rows) {
    if (rows.queryExecution().optimizedPlan() instanceof LocalRelation
        || rows.queryExecution().analyzed() instanceof CommandResult) {
      return Optional.of(rows.queryExecution().executedPlan().executeCollect());
    }
    return Optional.empty();
  }

  private void convert(InternalRow[] rows) {
    var batches =
        ArrowConverters$.MODULE$.toBatchIterator(
            CollectionConverters.asScala(Arrays.asList(rows).iterator()),
            schema,
            ROWS_PER_BATCH,
            ZONE,
            false,
            false,
            null);
    try {
      while (batches.hasNext()) {
        ready.add(batches.next());
      }
    } finally {
      batches.close();
    }
  }

  private void run(Dataset<Row> rows, String statementId) {
    try {
      rows.sparkSession().sparkContext().setJobGroup(statementId, "statement " + statementId, true);
      SQLExecution.withNewExecutionId(
          rows.queryExecution(),
          Option.empty(),
          () -> {
            RDD<byte[]> batches = rows.toArrowBatchRdd(ROWS_PER_BATCH, ZONE, false, false);
            synchronized (this) {
              partitions = batches.getNumPartitions();
            }
            rows.sparkSession()
                .sparkContext()
                .runJob(
                    batches,
                    new ToArray(),
                    (partition, messages) -> {
                      arrive((Integer) partition, messages);
                      return BoxedUnit.UNIT;
                    },
                    ClassTag$.MODULE$.apply(byte[][].class));
            return BoxedUnit.UNIT;
          });
    } catch (Throwable e) {
      synchronized (this) {
        failure = e;
      }
    } finally {
      rows.sparkSession().sparkContext().clearJobGroup();
      synchronized (this) {
        finished = true;
        notifyAll();
      }
    }
  }

  /** Runs where the rows are. */
  private static final class ToArray
      extends AbstractFunction1<scala.collection.Iterator<byte[]>, byte[][]>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[][] apply(scala.collection.Iterator<byte[]> batches) {
      List<byte[]> all = new ArrayList<>();
      while (batches.hasNext()) {
        all.add(batches.next());
      }
      return all.toArray(byte[][]::new);
    }
  }

  private synchronized void arrive(int partition, byte[][] messages) {
    arrived.put(partition, messages);
    notifyAll();
  }

  private synchronized void await(java.util.function.BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      cancel.run();
      throw SparkErrors.cancelled(e);
    }
  }

  private synchronized void throwIfFailed() {
    if (failure != null) {
      throw SparkErrors.toTarn(failure);
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
    while (ready.isEmpty()) {
      await(() -> arrived.containsKey(nextPartition) || finished);
      synchronized (this) {
        byte[][] messages = arrived.remove(nextPartition);
        if (messages != null) {
          ready.addAll(Arrays.asList(messages));
          nextPartition++;
        } else {
          throwIfFailed();
          if (nextPartition >= partitions) {
            return Optional.empty();
          }
          nextPartition++;
        }
      }
    }
    byte[] message = ready.poll();
    int rows = rowCount(message);
    return rows == 0 ? next() : Optional.of(new Batch(message, rows));
  }

  private static int rowCount(byte[] message) {
    try {
      var metadata =
          MessageSerializer.readMessage(
              new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message))));
      return (int) ((RecordBatch) metadata.getMessage().header(new RecordBatch())).length();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (job == null || job.isDone()) {
      return;
    }
    cancel.run();
    try {
      job.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
