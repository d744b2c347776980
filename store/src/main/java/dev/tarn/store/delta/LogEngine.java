package dev.tarn.store.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Reads the log of one table and nothing else: parts of a checkpoint are files that another part
 * names, and a log of others would name theirs.
 */
final class LogEngine implements Engine {
  private final Engine engine;
  private final TableRoot root;

  LogEngine(Engine engine, TableRoot root) {
    this.engine = engine;
    this.root = root;
  }

  private CloseableIterator<FileStatus> confined(CloseableIterator<FileStatus> files) {
    return files.map(
        file -> {
          root.requireOfLog(new Path(file.getPath()));
          return file;
        });
  }

  @Override
  public JsonHandler getJsonHandler() {
    return new Json(engine.getJsonHandler());
  }

  @Override
  public ParquetHandler getParquetHandler() {
    return new Parquet(engine.getParquetHandler());
  }

  @Override
  public ExpressionHandler getExpressionHandler() {
    return engine.getExpressionHandler();
  }

  @Override
  public FileSystemClient getFileSystemClient() {
    return engine.getFileSystemClient();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("Logs are only read here.");
  }

  private final class Json implements JsonHandler {
    private final JsonHandler handler;

    Json(JsonHandler handler) {
      this.handler = handler;
    }

    @Override
    public ColumnarBatch parseJson(
        ColumnVector texts, StructType schema, Optional<ColumnVector> selected) {
      return handler.parseJson(texts, schema, selected);
    }

    @Override
    public CloseableIterator<ColumnarBatch> readJsonFiles(
        CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate)
        throws IOException {
      return handler.readJsonFiles(confined(files), schema, predicate);
    }

    @Override
    public void writeJsonFileAtomically(
        String file, CloseableIterator<Row> rows, boolean overwrite) {
      throw readOnly();
    }
  }

  private final class Parquet implements ParquetHandler {
    private final ParquetHandler handler;

    Parquet(ParquetHandler handler) {
      this.handler = handler;
    }

    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
        CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate)
        throws IOException {
      return handler.readParquetFiles(confined(files), schema, predicate);
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
        String folder, CloseableIterator<FilteredColumnarBatch> rows, List<Column> statistics) {
      throw readOnly();
    }

    @Override
    public void writeParquetFileAtomically(
        String file, CloseableIterator<FilteredColumnarBatch> rows) {
      throw readOnly();
    }
  }
}
