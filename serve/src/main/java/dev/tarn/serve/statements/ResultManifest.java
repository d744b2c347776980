package dev.tarn.serve.statements;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.serve.results.Chunk;
import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.ManifestType;
import dev.tarn.serve.results.ResultFormat;
import dev.tarn.serve.results.SpooledResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a result consists of.
 *
 * @param truncated whether a limit cut rows off
 */
public record ResultManifest(
    ResultFormat format,
    Schema schema,
    int totalChunkCount,
    List<ChunkInfo> chunks,
    long totalRowCount,
    long totalByteCount,
    boolean truncated,
    Optional<Compression> resultCompression) {

  public record Schema(int columnCount, List<ColumnInfo> columns) {}

  /**
   * @param position from 0
   */
  public record ColumnInfo(
      String name,
      String typeText,
      String typeName,
      int position,
      Optional<Integer> typePrecision,
      Optional<Integer> typeScale,
      Optional<String> typeIntervalType) {}

  public record ChunkInfo(int chunkIndex, long rowOffset, long rowCount, long byteCount) {
    static ChunkInfo of(Chunk chunk) {
      return new ChunkInfo(chunk.index(), chunk.rowOffset(), chunk.rowCount(), chunk.byteCount());
    }
  }

  static ResultManifest of(SpooledResult result) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (ResultColumn column : result.columns()) {
      ManifestType type = ManifestType.of(column.typeText());
      columns.add(
          new ColumnInfo(
              column.name(),
              column.typeText(),
              type.typeName(),
              columns.size(),
              type.precision(),
              type.scale(),
              type.intervalType()));
    }
    return new ResultManifest(
        result.format(),
        new Schema(columns.size(), columns),
        result.chunks().size(),
        result.chunks().stream().map(ChunkInfo::of).toList(),
        result.rowCount(),
        result.byteCount(),
        result.truncated(),
        Optional.of(result.compression()).filter(c -> c != Compression.NONE));
  }
}
