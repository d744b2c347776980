package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/** Reads the values inside a stream's batches. The vectors are reused from batch to batch. */
final class BatchReader implements AutoCloseable {
  private final BufferAllocator allocator;
  private final VectorSchemaRoot root;
  private final VectorLoader loader;

  BatchReader(BufferAllocator parent, byte[] schemaMessage) throws IOException {
    allocator = parent.newChildAllocator("result", 0, Long.MAX_VALUE);
    try {
      root =
          VectorSchemaRoot.create(
              MessageSerializer.deserializeSchema(channel(schemaMessage)), allocator);
    } catch (IOException | RuntimeException e) {
      allocator.close();
      throw e;
    }
    loader = new VectorLoader(root);
  }

  Schema schema() {
    return root.getSchema();
  }

  /** The batch's values; valid until the next call. */
  VectorSchemaRoot read(Batch batch) throws IOException {
    try (ReadChannel channel = channel(batch.message());
        ArrowRecordBatch records = MessageSerializer.deserializeRecordBatch(channel, allocator)) {
      loader.load(records);
    }
    return root;
  }

  /** The first rows of a batch as a batch of their own. */
  Batch head(Batch batch, int rows) throws IOException {
    return slice(batch, 0, rows);
  }

  Batch slice(Batch batch, int from, int rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VectorSchemaRoot part = read(batch).slice(from, rows);
        ArrowRecordBatch records = new VectorUnloader(part).getRecordBatch();
        WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
      MessageSerializer.serialize(channel, records);
    }
    return new Batch(out.toByteArray(), rows);
  }

  private static ReadChannel channel(byte[] message) {
    return new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message)));
  }

  @Override
  public void close() {
    root.close();
    allocator.close();
  }
}
