package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.engine.sql.ResultStream.Batch;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;

/** Pulls a result batch by batch into chunks; holds one batch in memory at a time. */
final class Spool implements AutoCloseable {
  private final Path folder;
  private final RepresentedStream stream;
  private final SpoolRequest request;
  private final long chunkBytes;
  private final byte[] schema;
  private final BatchReader reader;
  private final ChunkEncoder encoder;
  private final List<Chunk> chunks = new ArrayList<>();

  private final Keep keep;
  private ChunkOutput output;
  private OutputStream out;
  private Counter encoded;
  private long rowsBefore;
  private long rowsInChunk;
  private long encodedBefore;

  /** Takes chunks that need no file. */
  @FunctionalInterface
  interface Keep {
    /** Returns whether there was room. */
    boolean small(int chunk, byte[] bytes);
  }

  Spool(
      Path folder,
      Keep keep,
      ResultStream stream,
      SpoolRequest request,
      long chunkBytes,
      BufferAllocator allocator)
      throws IOException {
    this.folder = folder;
    this.keep = keep;
    this.stream =
        RepresentedStream.of(
            stream,
            request.format() == ResultFormat.ARROW_STREAM ? request.arrowTypes() : null,
            allocator);
    this.request = request;
    this.chunkBytes = chunkBytes;
    this.schema = this.stream.arrowSchema();
    this.reader = new BatchReader(allocator, schema);
    this.encoder =
        switch (request.format()) {
          case ARROW_STREAM -> new ArrowStreamEncoder(schema);
          case JSON_ARRAY -> new JsonArrayEncoder(reader);
          case CSV -> new CsvEncoder(reader, stream.columns());
        };
  }

  SpooledResult run(String statementId, BooleanSupplier stopped) throws IOException {
    long rowsLeft = request.rowLimit().orElse(Long.MAX_VALUE);
    long bytesLeft = request.byteLimit().orElse(Long.MAX_VALUE);
    boolean truncated = false;
    Optional<Batch> next = stream.next();
    while (next.isPresent() && !truncated) {
      Batch batch = next.get();
      int keep = (int) Math.min(rowsLeft, rowsWithin(batch, bytesLeft));
      truncated = keep < batch.rowCount();
      if (keep > 0) {
        append(truncated ? reader.head(batch, keep) : batch);
      }
      rowsLeft -= keep;
      bytesLeft -= batch.message().length;
      if (!truncated) {
        if (stopped.getAsBoolean()) {
          throw new TarnException(
              ErrorCode.CANCELLED, "57014", "The statement was cancelled.", null);
        }
        next = stream.next();
      }
    }
    finishChunk();
    return new SpooledResult(
        statementId,
        List.copyOf(stream.columns()),
        schema,
        request.format(),
        request.compression(),
        List.copyOf(chunks),
        truncated);
  }

  private static long rowsWithin(Batch batch, long bytes) {
    int size = batch.message().length;
    return size <= bytes ? batch.rowCount() : batch.rowCount() * bytes / size;
  }

  private void append(Batch batch) throws IOException {
    if (out == null) {
      beginChunk(batch.message().length);
    }
    encoder.write(encoded, batch);
    rowsInChunk += batch.rowCount();
    refuseIfTooLarge();
    if (encoded.bytes >= chunkBytes) {
      finishChunk();
    }
  }

  private void refuseIfTooLarge() {
    if (encodedBefore + encoded.bytes > request.failBeyond().orElse(Long.MAX_VALUE)) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "54000",
          "The result is larger than the "
              + request.failBeyond().getAsLong()
              + " bytes that disposition INLINE may carry. Use disposition EXTERNAL_LINKS, or set"
              + " row_limit or byte_limit.",
          null);
    }
  }

  private void beginChunk(int firstBytes) throws IOException {
    output = new ChunkOutput(folder.resolve(Integer.toString(chunks.size())));
    out = request.compression().over(output, firstBytes);
    encoded = new Counter(out);
    encoder.begin(encoded, chunks.size());
  }

  private void finishChunk() throws IOException {
    if (out == null) {
      return;
    }
    encoder.end(encoded);
    out.close();
    out = null;
    int index = chunks.size();
    if (output.small().isPresent() && !keep.small(index, output.small().get())) {
      output.toDisk();
      output.close();
    }
    chunks.add(new Chunk(index, rowsBefore, rowsInChunk, output.written()));
    rowsBefore += rowsInChunk;
    encodedBefore += encoded.bytes;
    rowsInChunk = 0;
  }

  @Override
  public void close() throws IOException {
    try {
      reader.close();
      stream.close();
    } finally {
      if (out != null) {
        out.close();
      }
    }
  }

  private static final class Counter extends FilterOutputStream {
    private long bytes;

    Counter(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      out.write(b, offset, length);
      bytes += length;
    }
  }
}
