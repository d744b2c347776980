package dev.tarn.serve.connect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.ipc.message.MessageResult;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.apache.arrow.vector.validate.ValidateVectorDataVisitor;
import org.apache.arrow.vector.validate.ValidateVectorTypeVisitor;
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

  private static final int MOST_FIELDS = 50_000;
  private static final int CONTINUES = -1;

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
    checkFrames(stream);
    long most = Math.max(LEAST_ALLOCATION, (long) ALLOCATION_FACTOR * stream.length);
    try (BufferAllocator allocator = new RootAllocator(most);
        Bodies bodies = new Bodies(stream, allocator);
        ArrowStreamReader reader = new ArrowStreamReader(bodies.channel, allocator)) {
      while (reader.loadNextBatch()) {
        validate(reader.getVectorSchemaRoot());
      }
    } catch (IOException | RuntimeException e) {
      throw invalid("The rows are not a valid Arrow stream: " + e.getMessage(), e);
    }
  }

  private static void validate(VectorSchemaRoot root) {
    for (FieldVector column : root.getFieldVectors()) {
      ValidateUtil.validateOrThrow(
          column.getValueCount() == root.getRowCount(), "Columns differ in length.");
      column.accept(new Types(), null);
      column.accept(new ValidateVectorBufferVisitor(), null);
      column.accept(new ValidateVectorDataVisitor(), null);
    }
  }

  /** Arrow's own takes a map for a list of the wrong type. */
  private static final class Types extends ValidateVectorTypeVisitor {
    @Override
    public Void visit(ListVector vector, Void nothing) {
      return vector instanceof MapVector
          ? vector.getDataVector().accept(this, nothing)
          : super.visit(vector, nothing);
    }
  }

  /** Gives back the memory of a message that Arrow's reader stumbled over. */
  private static final class Bodies implements AutoCloseable {
    private final MessageChannelReader channel;
    private ArrowBuf last;

    Bodies(byte[] stream, BufferAllocator allocator) {
      channel =
          new MessageChannelReader(
              new ReadChannel(Channels.newChannel(new ByteArrayInputStream(stream))), allocator) {
            @Override
            public MessageResult readNext() throws IOException {
              MessageResult message = super.readNext();
              last = message == null ? null : message.getBodyBuffer();
              return message;
            }
          };
    }

    @Override
    public void close() {
      if (last != null && last.refCnt() > 0) {
        last.getReferenceManager().release(last.refCnt());
      }
    }
  }

  /** What Arrow's reader would take at its word: lengths, and how often a field is repeated. */
  private static void checkFrames(byte[] stream) {
    ByteBuffer in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (in.remaining() >= Integer.BYTES) {
        int length = in.getInt();
        length = length == CONTINUES ? in.getInt() : length;
        if (length == 0) {
          return;
        }
        // A slice with a length that is not there throws.
        ByteBuffer metadata = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        Message message = Message.getRootAsMessage(metadata);
        in.position(in.position() + length);
        if (message.headerType() == MessageHeader.Schema) {
          Schema schema = (Schema) message.header(new Schema());
          int left = MOST_FIELDS;
          for (int i = 0; i < schema.fieldsLength(); i++) {
            left = checkField(schema.fields(i), DEEPEST_SCHEMA, left);
          }
        }
        in.position(in.position() + Math.toIntExact(message.bodyLength()));
      }
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException
        | BufferUnderflowException
        | NullPointerException e) {
      throw invalid("The rows are not a valid Arrow stream: a length in it is wrong.", e);
    }
  }

  /**
   * Fields may share their children, so that few bytes stand for more fields than there is room.
   */
  private static int checkField(Field field, int deepest, int most) {
    int left = most - 1;
    if (deepest == 0 || left < 0) {
      throw invalid("The rows have too many columns, or columns nested too deeply.", null);
    }
    for (int i = 0; i < field.childrenLength(); i++) {
      left = checkField(field.children(i), deepest - 1, left);
    }
    return left;
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
