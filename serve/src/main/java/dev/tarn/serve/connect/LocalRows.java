package dev.tarn.serve.connect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.spark.connect.proto.LocalRelation;

/**
 * Rows that a client sends along. Spark reads Arrow with bare addresses, so that offsets which
 * point outside their buffers would show it other people's memory, or end the server; and a schema
 * in JSON can name a class to make.
 */
final class LocalRows {
  private static final int DEEPEST_SCHEMA = 200;

  /** Times the size of what was sent: room for what Arrow rounds up. */
  private static final int ALLOCATION_FACTOR = 4;

  private static final long LEAST_ALLOCATION = 16L << 20;

  private LocalRows() {}

  /**
   * @throws TarnException INVALID_PARAMETER_VALUE if the rows are not what they say they are
   */
  static void check(LocalRelation rows) {
    checkSchema(rows.getSchema());
    if (rows.hasData()) {
      checkArrow(rows.getData().toByteArray());
    }
  }

  private static void checkArrow(byte[] stream) {
    long most = Math.max(LEAST_ALLOCATION, (long) ALLOCATION_FACTOR * stream.length);
    try (BufferAllocator allocator = new RootAllocator(most);
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      while (reader.loadNextBatch()) {
        ValueVectorUtility.validateFull(reader.getVectorSchemaRoot());
      }
    } catch (IOException | RuntimeException e) {
      throw invalid("The rows are not a valid Arrow stream: " + e.getMessage(), e);
    }
  }

  /** Lets schemas through that are no JSON, or JSON without a type that names a class. */
  static void checkSchema(String schema) {
    String text = schema.strip();
    if (text.isEmpty() || "{\"[".indexOf(text.charAt(0)) < 0) {
      return;
    }
    try (JsonParser json = Json.mapper().getFactory().createParser(text)) {
      int depth = 0;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        boolean type = token == JsonToken.VALUE_STRING && "type".equals(json.currentName());
        if (depth > DEEPEST_SCHEMA) {
          throw invalid("The schema is nested too deeply.", null);
        }
        if (type && "udt".equals(json.getText())) {
          throw MessagePolicy.refused(
              "A user-defined type", "Use a struct: code does not run inside Tarn.");
        }
      }
    } catch (IOException e) {
      throw invalid("The schema is not valid JSON.", e);
    }
  }

  private static TarnException invalid(String message, Throwable cause) {
    return new TarnException(ErrorCode.INVALID_PARAMETER_VALUE, "22023", message, cause);
  }
}
