package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.IOException;
import java.io.OutputStream;

/** Wraps batches, which are IPC messages already, into a complete IPC stream. */
final class ArrowStreamEncoder implements ChunkEncoder {
  private static final byte[] END_OF_STREAM = {-1, -1, -1, -1, 0, 0, 0, 0};

  private final byte[] schemaMessage;

  ArrowStreamEncoder(byte[] schemaMessage) {
    this.schemaMessage = schemaMessage;
  }

  @Override
  public void begin(OutputStream out, int chunkIndex) throws IOException {
    out.write(schemaMessage);
  }

  @Override
  public void write(OutputStream out, Batch batch) throws IOException {
    out.write(batch.message());
  }

  @Override
  public void end(OutputStream out) throws IOException {
    out.write(END_OF_STREAM);
  }
}
