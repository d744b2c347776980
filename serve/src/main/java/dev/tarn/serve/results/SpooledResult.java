package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultColumn;
import java.util.List;

/**
 * A whole result on disk.
 *
 * @param truncated whether a row or byte limit cut rows off
 */
public record SpooledResult(
    String statementId,
    List<ResultColumn> columns,
    ResultFormat format,
    Compression compression,
    List<Chunk> chunks,
    boolean truncated) {

  public long rowCount() {
    return chunks.stream().mapToLong(Chunk::rowCount).sum();
  }

  public long byteCount() {
    return chunks.stream().mapToLong(Chunk::byteCount).sum();
  }
}
