package dev.tarn.engine.spark;

import dev.tarn.engine.arrow.ResultSchema;
import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.arrow.ArrowConverters$;
import org.apache.spark.sql.execution.arrow.ArrowWriter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import scala.runtime.AbstractFunction2;

/**
 * Runs where the rows are: turns a partition into Arrow batches. In this JVM they go straight into
 * the queue; on another machine they are collected and sent as the task's result.
 */
final class ResultTask
    extends AbstractFunction2<
        TaskContext, scala.collection.Iterator<InternalRow>, ResultTask.Collected>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ROWS_PER_BATCH = 10_000;
  private static final long BYTES_PER_BATCH = 4 << 20;

  /** As Spark estimates them; its clients take messages of 4 MiB. */
  private static final long BYTES_PER_STREAM = 2 << 20;

  /** A partition's batches, when they travel as a task's result. */
  static final class Collected implements Serializable {
    private static final long serialVersionUID = 1L;
    private final List<byte[]> messages = new ArrayList<>();
    private final List<Integer> rows = new ArrayList<>();

    void into(ResultQueue queue, int partition) throws InterruptedException {
      ResultQueue.Part part = queue.begin(partition);
      for (int i = 0; i < messages.size(); i++) {
        queue.offer(part, new Batch(messages.get(i), rows.get(i)), false);
      }
      queue.end(part);
    }
  }

  /** Takes one batch. */
  @FunctionalInterface
  interface Sink {
    void accept(Batch batch) throws InterruptedException;
  }

  /**
   * Batches as whole streams, as Spark's own protocol has them.
   *
   * @param zone of timestamps
   */
  record Format(String zone, boolean largeVarTypes) implements Serializable {}

  private final StructType schema;
  private final String queueKey;
  private final Format format;

  /**
   * @param queueKey of a queue in the same JVM; null to send the batches as the task's result
   */
  ResultTask(StructType schema, String queueKey) {
    this(schema, queueKey, null);
  }

  /**
   * @param format null for messages without a schema
   */
  ResultTask(StructType schema, String queueKey, Format format) {
    this.schema = schema;
    this.queueKey = queueKey;
    this.format = format;
  }

  @Override
  public Collected apply(TaskContext context, scala.collection.Iterator<InternalRow> rows) {
    Collected collected = new Collected();
    try {
      if (queueKey == null) {
        write(
            schema,
            rows,
            format,
            batch -> {
              collected.messages.add(batch.message());
              collected.rows.add(batch.rowCount());
            });
      } else {
        ResultQueue queue = ResultQueue.of(queueKey);
        ResultQueue.Part part = queue.begin(context.partitionId());
        write(
            schema,
            rows,
            format,
            batch -> {
              context.killTaskIfInterrupted();
              // A reader of whole streams may be a slow client, and must not hold a processor.
              queue.offer(part, batch, format == null);
            });
        queue.end(part);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.killTaskIfInterrupted();
      throw new IllegalStateException(e);
    }
    return collected;
  }

  /** Writes all rows in a format, or as messages if that is null. */
  static void write(
      StructType schema, scala.collection.Iterator<InternalRow> rows, Format format, Sink sink)
      throws InterruptedException {
    if (format == null) {
      write(schema, rows, sink);
      return;
    }
    try (var streams =
        ArrowConverters$.MODULE$.toBatchWithSchemaIterator(
            rows,
            schema,
            ROWS_PER_BATCH,
            BYTES_PER_STREAM,
            format.zone(),
            false,
            format.largeVarTypes())) {
      while (streams.hasNext()) {
        byte[] stream = streams.next();
        sink.accept(new Batch(stream, (int) streams.rowCountInLastBatch()));
      }
    }
  }

  /** Writes all rows as batches of bounded rows and bytes; none if there are no rows. */
  static void write(StructType schema, scala.collection.Iterator<InternalRow> rows, Sink sink)
      throws InterruptedException {
    try (BufferAllocator allocator =
            ArrowUtils.rootAllocator().newChildAllocator("result", 0, Long.MAX_VALUE);
        VectorSchemaRoot root =
            VectorSchemaRoot.create(
                ArrowUtils.toArrowSchema(schema, ResultSchema.ZONE, false, false), allocator)) {
      ArrowWriter writer = ArrowWriter.create(root);
      while (rows.hasNext()) {
        int count = 0;
        long bytes = 0;
        do {
          InternalRow row = rows.next();
          writer.write(row);
          count++;
          bytes += row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
        } while (count < ROWS_PER_BATCH && bytes < BYTES_PER_BATCH && rows.hasNext());
        writer.finish();
        sink.accept(new Batch(message(root), count));
        writer.reset();
      }
    }
  }

  private static byte[] message(VectorSchemaRoot root) {
    try (ArrowRecordBatch records = new VectorUnloader(root).getRecordBatch()) {
      ByteArrayOutputStream out =
          new ByteArrayOutputStream((int) records.computeBodyLength() + 1024);
      MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), records);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
