package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the batches of one chunk in one format. */
interface ChunkEncoder {
  void begin(OutputStream out, int chunkIndex) throws IOException;

  void write(OutputStream out, Batch batch) throws IOException;

  void end(OutputStream out) throws IOException;
}
