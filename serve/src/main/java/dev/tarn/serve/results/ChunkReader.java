package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Reads a chunk in format ARROW_STREAM batch by batch, holding one at a time. Not thread-safe.
 *
 * @see <a href="https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format">
 *     Encapsulated messages</a>
 */
public final class ChunkReader implements AutoCloseable {
  private static final int PREFIX = 8;
  private static final int BUFFER = 64 << 10;

  private final DataInputStream in;
  private final BatchReader reader;

  ChunkReader(ChunkBytes bytes, Compression compression, byte[] schema, BufferAllocator allocator)
      throws IOException {
    InputStream raw = bytes.from(0);
    try {
      in =
          new DataInputStream(
              compression.over(
                  bytes instanceof ChunkBytes.OnDisk ? new BufferedInputStream(raw, BUFFER) : raw));
      in.skipNBytes(schema.length);
      reader = new BatchReader(allocator, schema);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** The next batch, or empty at the end of the chunk. */
  public Optional<Batch> next() throws IOException {
    byte[] prefix = in.readNBytes(PREFIX);
    int length =
        prefix.length < PREFIX
            ? 0
            : ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getInt(PREFIX / 2);
    if (length == 0) {
      return Optional.empty();
    }
    byte[] metadata = in.readNBytes(length);
    Message message = Message.getRootAsMessage(ByteBuffer.wrap(metadata));
    if (message.headerType() != MessageHeader.RecordBatch) {
      throw new IOException("The chunk holds something that is not a record batch");
    }
    int rows = Math.toIntExact(((RecordBatch) message.header(new RecordBatch())).length());
    int body = Math.toIntExact(message.bodyLength());
    byte[] whole = new byte[PREFIX + length + body];
    System.arraycopy(prefix, 0, whole, 0, PREFIX);
    System.arraycopy(metadata, 0, whole, PREFIX, length);
    in.readFully(whole, PREFIX + length, body);
    return Optional.of(new Batch(whole, rows));
  }

  /** Some rows of a batch as a batch of their own. */
  public Batch slice(Batch batch, int from, int rows) throws IOException {
    return from == 0 && rows == batch.rowCount() ? batch : reader.slice(batch, from, rows);
  }

  /** The batch's values; valid until the next call. */
  public VectorSchemaRoot values(Batch batch) throws IOException {
    return reader.read(batch);
  }

  /** A value as SQL casts it to STRING, or null for NULL; nested values as JSON. */
  public static String text(FieldVector vector, int row) throws IOException {
    return CellText.SQL.of(vector, row);
  }

  @Override
  public void close() throws IOException {
    try {
      reader.close();
    } finally {
      in.close();
    }
  }
}
