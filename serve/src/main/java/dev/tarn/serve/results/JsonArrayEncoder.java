package dev.tarn.serve.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.tarn.engine.sql.ResultStream.Batch;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Writes an array of rows, each an array of texts. */
final class JsonArrayEncoder implements ChunkEncoder {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final BatchReader reader;
  private JsonGenerator json;

  JsonArrayEncoder(BatchReader reader) {
    this.reader = reader;
  }

  @Override
  public void begin(OutputStream out, int chunkIndex) throws IOException {
    json = JSON.createGenerator(out);
    json.writeStartArray();
  }

  @Override
  public void write(OutputStream out, Batch batch) throws IOException {
    VectorSchemaRoot root = reader.read(batch);
    for (int row = 0; row < root.getRowCount(); row++) {
      json.writeStartArray();
      for (FieldVector vector : root.getFieldVectors()) {
        json.writeString(CellText.ISO.of(vector, row));
      }
      json.writeEndArray();
    }
    json.flush();
  }

  @Override
  public void end(OutputStream out) throws IOException {
    json.writeEndArray();
    json.close();
  }
}
