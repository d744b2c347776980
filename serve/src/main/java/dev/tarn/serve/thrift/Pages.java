package dev.tarn.serve.thrift;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream.Batch;
import dev.tarn.serve.results.Chunk;
import dev.tarn.serve.results.ChunkReader;
import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.ResultLinks;
import dev.tarn.serve.results.Results;
import dev.tarn.serve.results.SpooledResult;
import dev.tarn.serve.thrift.Enums.TSparkRowSetType;
import dev.tarn.serve.thrift.Operation.Form;
import dev.tarn.serve.thrift.RowStructs.TRowSet;
import dev.tarn.serve.thrift.RowStructs.TSparkArrowBatch;
import dev.tarn.serve.thrift.RowStructs.TSparkArrowResultLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Cuts results into answers to fetches. Inline, an answer holds rows of one chunk at most. */
final class Pages {
  private static final int MOST_LINKS = 32;

  private final Results results;
  private final ResultLinks links;

  /**
   * @param end the row after the last one
   * @param more whether there are rows at {@code end}
   */
  record Page(TRowSet rows, long end, boolean more) {}

  /**
   * @param rows no limit if not positive
   * @param bytes no limit if not positive; one row is always given
   */
  record Limit(long rows, long bytes) {
    Limit {
      rows = rows <= 0 ? Long.MAX_VALUE : rows;
      bytes = bytes <= 0 ? Long.MAX_VALUE : bytes;
    }
  }

  Pages(Results results, ResultLinks links) {
    this.results = results;
    this.links = links;
  }

  static TSparkRowSetType kind(Form form, SpooledResult result) {
    return switch (form) {
      case COLUMNS -> TSparkRowSetType.COLUMN_BASED_SET;
      case ARROW -> TSparkRowSetType.ARROW_BASED_SET;
      case ARROW_OR_LINKS ->
          result.chunks().size() > 1
              ? TSparkRowSetType.URL_BASED_SET
              : TSparkRowSetType.ARROW_BASED_SET;
    };
  }

  Page page(Form form, SpooledResult result, long from, Limit limit, URI address) {
    try {
      return switch (kind(form, result)) {
        case URL_BASED_SET -> links(result, from, address);
        case COLUMN_BASED_SET -> columns(result, from, limit);
        default -> batches(result, from, limit);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All rows at once, for answers of which clients fetch the first part only. */
  Page whole(SpooledResult result) {
    try {
      List<HiveColumn> columns = hiveColumns(result);
      for (Chunk chunk : result.chunks()) {
        gather(result, chunk, 0, new Limit(0, 0), columns);
      }
      long rows = result.rowCount();
      return new Page(columnSet(0, columns), rows, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Page links(SpooledResult result, long from, URI address) {
    List<TSparkArrowResultLink> found = new ArrayList<>();
    long end = from;
    Optional<Chunk> first = chunkAt(result, from);
    for (int i = first.map(Chunk::index).orElse(Integer.MAX_VALUE);
        i < result.chunks().size() && found.size() < MOST_LINKS;
        i++) {
      Chunk chunk = result.chunks().get(i);
      ResultLinks.Link link = links.sign(address, result.statementId(), chunk.index());
      found.add(
          new TSparkArrowResultLink(
              link.url(),
              link.expiration().toEpochMilli(),
              chunk.rowOffset(),
              chunk.rowCount(),
              chunk.byteCount(),
              null));
      end = chunk.rowOffset() + chunk.rowCount();
    }
    TRowSet rows = new TRowSet(from, List.of(), null, null, null, null, found);
    return new Page(rows, end, end < result.rowCount());
  }

  private Page batches(SpooledResult result, long from, Limit limit) throws IOException {
    List<TSparkArrowBatch> found = new ArrayList<>();
    long rows = 0;
    Optional<Chunk> chunk = chunkAt(result, from);
    if (chunk.isPresent()) {
      rows =
          walk(
              result,
              chunk.get(),
              from,
              limit,
              (reader, batch) ->
                  found.add(
                      new TSparkArrowBatch(
                          packed(batch.message(), result.compression()), (long) batch.rowCount())));
    }
    TRowSet set = new TRowSet(from, List.of(), null, null, null, found, null);
    return new Page(set, from + rows, from + rows < result.rowCount());
  }

  private Page columns(SpooledResult result, long from, Limit limit) throws IOException {
    List<HiveColumn> columns = hiveColumns(result);
    Optional<Chunk> chunk = chunkAt(result, from);
    long rows = chunk.isPresent() ? gather(result, chunk.get(), from, limit, columns) : 0;
    return new Page(columnSet(from, columns), from + rows, from + rows < result.rowCount());
  }

  private static List<HiveColumn> hiveColumns(SpooledResult result) {
    return result.columns().stream().map(ResultColumn::typeText).map(HiveColumn::new).toList();
  }

  private static TRowSet columnSet(long from, List<HiveColumn> columns) {
    return new TRowSet(
        from,
        List.of(),
        columns.stream().map(HiveColumn::column).toList(),
        null,
        columns.size(),
        null,
        null);
  }

  private long gather(
      SpooledResult result, Chunk chunk, long from, Limit limit, List<HiveColumn> columns)
      throws IOException {
    return walk(
        result,
        chunk,
        from,
        limit,
        (reader, batch) -> {
          VectorSchemaRoot root = reader.values(batch);
          for (int i = 0; i < columns.size(); i++) {
            columns.get(i).add(root.getVector(i), root.getRowCount());
          }
        });
  }

  private interface Visitor {
    void visit(ChunkReader reader, Batch batch) throws IOException;
  }

  /** Visits a chunk's batches from a row on, cut to the limit; returns how many rows they had. */
  private long walk(SpooledResult result, Chunk chunk, long from, Limit limit, Visitor visitor)
      throws IOException {
    long skip = Math.max(0, from - chunk.rowOffset());
    long rows = 0;
    long bytes = 0;
    try (ChunkReader reader = results.read(result, chunk.index())) {
      for (Optional<Batch> next = reader.next();
          next.isPresent() && rows < limit.rows() && bytes < limit.bytes();
          next = reader.next()) {
        Batch batch = next.get();
        if (skip >= batch.rowCount()) {
          skip -= batch.rowCount();
          continue;
        }
        int start = (int) skip;
        skip = 0;
        int count = (int) Math.min(batch.rowCount() - start, limit.rows() - rows);
        if (batch.message().length > limit.bytes() - bytes) {
          if (rows > 0) {
            break;
          }
          long fitting = batch.rowCount() * limit.bytes() / batch.message().length;
          count = (int) Math.max(1, Math.min(count, fitting));
        }
        visitor.visit(reader, reader.slice(batch, start, count));
        rows += count;
        bytes += batch.message().length;
        if (start + count < batch.rowCount()) {
          break;
        }
      }
    }
    return rows;
  }

  private static Optional<Chunk> chunkAt(SpooledResult result, long row) {
    return result.chunks().stream()
        .filter(c -> row >= c.rowOffset() && row < c.rowOffset() + c.rowCount())
        .findFirst();
  }

  private static byte[] packed(byte[] message, Compression compression) throws IOException {
    if (compression == Compression.NONE) {
      return message;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length / 2 + 64);
    try (OutputStream frame = compression.over(out, message.length)) {
      frame.write(message);
    }
    return out.toByteArray();
  }
}
