package dev.tarn.serve.results;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.util.ArrowUtils;

/** A result whose columns of some types are turned into text, and whose others pass unchanged. */
final class RepresentedStream implements ResultStream {
  private final ResultStream source;
  private final BufferAllocator allocator;
  private final BatchReader reader;
  private final List<Field> fields;
  private final boolean[] texts;
  private final boolean changes;

  private RepresentedStream(
      ResultStream source,
      BatchReader reader,
      List<Field> fields,
      boolean[] texts,
      boolean changes,
      BufferAllocator allocator) {
    this.source = source;
    this.reader = reader;
    this.fields = fields;
    this.texts = texts;
    this.changes = changes;
    this.allocator = allocator;
  }

  /**
   * Closing what this returns leaves the source open, which stays the caller's.
   *
   * @param types null to leave every column as it is
   */
  static RepresentedStream of(ResultStream source, ArrowTypes types, BufferAllocator allocator)
      throws IOException {
    BatchReader reader = new BatchReader(allocator, source.arrowSchema());
    List<Field> given = reader.schema().getFields();
    List<Field> fields = new ArrayList<>();
    boolean[] texts = new boolean[given.size()];
    boolean any = false;
    for (int i = 0; i < texts.length; i++) {
      Field field = given.get(i);
      texts[i] = types != null && isText(field, types);
      any |= texts[i];
      fields.add(texts[i] ? asText(field) : field);
    }
    return new RepresentedStream(source, reader, fields, texts, any, allocator);
  }

  private static boolean isText(Field field, ArrowTypes types) {
    return switch (field.getType().getTypeID()) {
      case List, Map, Struct -> !types.complexTypes() || holdsVariant(field);
      case Interval, Duration -> !types.intervals();
      case Timestamp -> !types.timestamps();
      case Decimal -> !types.decimals();
      case Null -> !types.nulls();
      default -> false;
    };
  }

  private static boolean holdsVariant(Field field) {
    return (field.getType() instanceof ArrowType.Struct && ArrowUtils.isVariantField(field))
        || field.getChildren().stream().anyMatch(RepresentedStream::holdsVariant);
  }

  private static Field asText(Field field) {
    return new Field(
        field.getName(),
        new FieldType(true, ArrowType.Utf8.INSTANCE, null, field.getMetadata()),
        List.of());
  }

  @Override
  public List<ResultColumn> columns() {
    return source.columns();
  }

  @Override
  public byte[] arrowSchema() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
      MessageSerializer.serialize(channel, new Schema(fields));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public Optional<Batch> next() {
    return changes ? source.next().map(this::converted) : source.next();
  }

  private Batch converted(Batch batch) {
    List<FieldVector> own = new ArrayList<>();
    try {
      VectorSchemaRoot given = reader.read(batch);
      List<FieldVector> vectors = new ArrayList<>();
      for (int i = 0; i < texts.length; i++) {
        FieldVector vector = given.getVector(i);
        if (texts[i]) {
          VarCharVector text = new VarCharVector(fields.get(i), allocator);
          own.add(text);
          write(vector, text, given.getRowCount());
          vector = text;
        }
        vectors.add(vector);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      // The root is not closed: it would close the reader's vectors too.
      VectorSchemaRoot root = new VectorSchemaRoot(fields, vectors, given.getRowCount());
      try (ArrowRecordBatch records = new VectorUnloader(root).getRecordBatch();
          WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
        MessageSerializer.serialize(channel, records);
      }
      return new Batch(out.toByteArray(), batch.rowCount());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      own.forEach(FieldVector::close);
    }
  }

  private static void write(FieldVector from, VarCharVector to, int rows) throws IOException {
    to.allocateNew(rows);
    for (int row = 0; row < rows; row++) {
      String text = CellText.SQL.of(from, row);
      if (text == null) {
        to.setNull(row);
      } else {
        to.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
      }
    }
    to.setValueCount(rows);
  }

  @Override
  public void close() {
    reader.close();
  }
}
