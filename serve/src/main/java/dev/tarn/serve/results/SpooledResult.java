package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultColumn;
import java.util.List;

/**
 * A whole result on disk.
 *
 * @param arrowSchema an encapsulated IPC Schema message of what was spooled
 * @param truncated whether a row or byte limit cut rows off
 */
public record SpooledResult(
    String statementId,
    List<ResultColumn> columns,
    byte[] arrowSchema,
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
