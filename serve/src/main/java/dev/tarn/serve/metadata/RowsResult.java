package dev.tarn.serve.metadata;

import dev.tarn.engine.sql.ResultColumn;
import dev.tarn.engine.sql.ResultStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
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

/** Rows made in memory, as a result. Columns are STRING, TINYINT, SMALLINT, INT or BOOLEAN. */
final class RowsResult implements ResultStream {
  private static final int ROWS_PER_BATCH = 4096;

  private final List<ResultColumn> columns;
  private final List<List<Object>> rows;
  private final Schema schema;
  private int at;

  RowsResult(List<ResultColumn> columns, List<List<Object>> rows) {
    this.columns = columns;
    this.rows = rows;
    this.schema = new Schema(columns.stream().map(RowsResult::field).toList());
  }

  private static Field field(ResultColumn column) {
    ArrowType type =
        switch (column.typeText()) {
          case "TINYINT" -> new ArrowType.Int(8, true);
          case "SMALLINT" -> new ArrowType.Int(16, true);
          case "INT" -> new ArrowType.Int(32, true);
          case "BOOLEAN" -> ArrowType.Bool.INSTANCE;
          default -> ArrowType.Utf8.INSTANCE;
        };
    return new Field(
        column.name(),
        new FieldType(
            column.nullable(), type, null, Map.of("Spark:DataType:SqlName", column.typeText())),
        List.of());
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public byte[] arrowSchema() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
      MessageSerializer.serialize(channel, schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public Optional<Batch> next() {
    if (at >= rows.size()) {
      return Optional.empty();
    }
    List<List<Object>> part = rows.subList(at, Math.min(rows.size(), at + ROWS_PER_BATCH));
    at += part.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      fill(root, part);
      try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch();
          WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
        MessageSerializer.serialize(channel, batch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(new Batch(out.toByteArray(), part.size()));
  }

  private static void fill(VectorSchemaRoot root, List<List<Object>> rows) {
    root.allocateNew();
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.get(row).size(); column++) {
        Object value = rows.get(row).get(column);
        FieldVector vector = root.getVector(column);
        if (value == null) {
          vector.setNull(row);
        } else if (vector instanceof BaseIntVector numbers) {
          numbers.setWithPossibleTruncate(row, ((Number) value).longValue());
        } else if (vector instanceof BitVector bits) {
          bits.setSafe(row, Boolean.TRUE.equals(value) ? 1 : 0);
        } else {
          ((VarCharVector) vector).setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    root.setRowCount(rows.size());
  }

  @Override
  public String executor() {
    return "catalog";
  }

  @Override
  public void close() {
    at = rows.size();
  }
}
