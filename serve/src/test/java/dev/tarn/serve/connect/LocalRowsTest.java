package dev.tarn.serve.connect;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kernel.error.TarnException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.spark.connect.proto.LocalRelation;
import org.junit.jupiter.api.Test;
import org.sparkproject.connect.protobuf.ByteString;

class LocalRowsTest {
  private static final int ENTRIES = 77;

  private static byte[] map() throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        MapVector map = MapVector.empty("m", allocator, false)) {
      UnionMapWriter writer = map.getWriter();
      writer.allocate();
      writer.setPosition(0);
      writer.startMap();
      for (int i = 0; i < ENTRIES; i++) {
        writer.startEntry();
        writer.key().integer().writeInt(i);
        writer.value().integer().writeInt(i);
        writer.endEntry();
      }
      writer.endMap();
      writer.setValueCount(1);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(map.getField()), List.of(map), 1);
          ArrowStreamWriter stream = new ArrowStreamWriter(root, null, out)) {
        stream.writeBatch();
      }
      return out.toByteArray();
    }
  }

  private static LocalRelation rows(byte[] stream) {
    return LocalRelation.newBuilder().setData(ByteString.copyFrom(stream)).build();
  }

  /** DESCRIBE HISTORY has one, and its rows come back from the client. */
  @Test
  void takesMaps() throws IOException {
    LocalRelation rows = rows(map());
    assertThatCode(() -> LocalRows.check(rows)).doesNotThrowAnyException();
  }

  @Test
  void refusesMapsThatEndBeforeTheyBegin() throws IOException {
    ByteBuffer stream = ByteBuffer.wrap(map()).order(ByteOrder.LITTLE_ENDIAN);
    int at = stream.capacity() - Integer.BYTES;
    // The offsets of one map: where it begins, and where it ends.
    while (stream.getInt(at) != ENTRIES || stream.getInt(at - Integer.BYTES) != 0) {
      at--;
    }
    stream.putInt(at, -ENTRIES);
    LocalRelation rows = rows(stream.array());
    assertThatThrownBy(() -> LocalRows.check(rows))
        .isInstanceOf(TarnException.class)
        .hasMessageContaining("not a valid Arrow stream");
  }
}
