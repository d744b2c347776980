package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Writes RFC 4180. NULL is a bare {@code null}; the text "null" is quoted, so the two differ.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvEncoder implements ChunkEncoder {
  private static final String NULL = "null";

  private final BatchReader reader;
  private final List<ResultColumn> columns;

  CsvEncoder(BatchReader reader, List<ResultColumn> columns) {
    this.reader = reader;
    this.columns = columns;
  }

  @Override
  public void begin(OutputStream out, int chunkIndex) throws IOException {
    if (chunkIndex > 0) {
      return;
    }
    StringBuilder line = new StringBuilder();
    for (ResultColumn column : columns) {
      append(line, column.name());
    }
    write(out, line);
  }

  @Override
  public void write(OutputStream out, Batch batch) throws IOException {
    VectorSchemaRoot root = reader.read(batch);
    StringBuilder line = new StringBuilder();
    for (int row = 0; row < root.getRowCount(); row++) {
      line.setLength(0);
      for (FieldVector vector : root.getFieldVectors()) {
        append(line, CellText.ISO.of(vector, row));
      }
      write(out, line);
    }
  }

  @Override
  public void end(OutputStream out) {}

  private static void append(StringBuilder line, String text) {
    if (text == null) {
      line.append(NULL);
    } else if (needsQuotes(text)) {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else {
      line.append(text);
    }
    line.append(',');
  }

  private static boolean needsQuotes(String text) {
    return text.equals(NULL)
        || text.isEmpty()
        || text.indexOf(',') >= 0
        || text.indexOf('"') >= 0
        || text.indexOf('\n') >= 0
        || text.indexOf('\r') >= 0;
  }

  private static void write(OutputStream out, StringBuilder line) throws IOException {
    if (!line.isEmpty()) {
      line.setLength(line.length() - 1);
    }
    out.write(line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }
}
