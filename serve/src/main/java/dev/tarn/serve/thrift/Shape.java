package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.Enums.Numbered;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TType;

/** How values of one Java type travel. A list is written while it is walked, and may be lazy. */
record Shape(byte type, Reader reader, Writer writer) {
  interface Reader {
    Object read(TProtocol in, Budget budget) throws TException;
  }

  interface Writer {
    void write(TProtocol out, Object value) throws TException;
  }

  private static final Map<Class<?>, Shape> SCALARS =
      Map.of(
          Boolean.class,
          new Shape(TType.BOOL, (in, b) -> in.readBool(), (out, v) -> out.writeBool((Boolean) v)),
          Byte.class,
          new Shape(TType.BYTE, (in, b) -> in.readByte(), (out, v) -> out.writeByte((Byte) v)),
          Short.class,
          new Shape(TType.I16, (in, b) -> in.readI16(), (out, v) -> out.writeI16((Short) v)),
          Integer.class,
          new Shape(TType.I32, (in, b) -> in.readI32(), (out, v) -> out.writeI32((Integer) v)),
          Long.class,
          new Shape(TType.I64, (in, b) -> in.readI64(), (out, v) -> out.writeI64((Long) v)),
          Double.class,
          new Shape(
              TType.DOUBLE, (in, b) -> in.readDouble(), (out, v) -> out.writeDouble((Double) v)),
          String.class,
          new Shape(
              TType.STRING, (in, b) -> in.readString(), (out, v) -> out.writeString((String) v)),
          byte[].class,
          new Shape(
              TType.STRING,
              (in, b) -> bytes(in.readBinary()),
              (out, v) -> out.writeBinary(ByteBuffer.wrap((byte[]) v))));

  static Shape of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(of(arguments[0]))
          : map(of(arguments[0]), of(arguments[1]));
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return enumeration(plain);
    }
    if (plain.isRecord()) {
      // Looked up late: a struct may hold itself.
      return new Shape(
          TType.STRUCT,
          (in, budget) -> Struct.of(plain).read(in, budget),
          (out, value) -> Struct.of(plain).write(out, value));
    }
    return SCALARS.get(plain);
  }

  Object read(TProtocol in, Budget budget) throws TException {
    return reader.read(in, budget);
  }

  void write(TProtocol out, Object value) throws TException {
    writer.write(out, value);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** A number that we do not know reads as absent. */
  private static Shape enumeration(Class<?> type) {
    Map<Integer, Object> known = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      known.put(((Numbered) constant).number(), constant);
    }
    return new Shape(
        TType.I32,
        (in, budget) -> known.get(in.readI32()),
        (out, value) -> out.writeI32(((Numbered) value).number()));
  }

  private static Shape list(Shape element) {
    return new Shape(
        TType.LIST,
        (in, budget) -> {
          TList head = in.readListBegin();
          expect(element, head.elemType, head.size);
          List<Object> values = new ArrayList<>();
          for (int i = 0; i < head.size; i++) {
            budget.part();
            Object value = element.read(in, budget);
            // Absent, such as a number that we do not know: nobody expects a hole in a list.
            if (value != null) {
              values.add(value);
            }
          }
          in.readListEnd();
          return values;
        },
        (out, value) -> {
          List<?> values = (List<?>) value;
          out.writeListBegin(new TList(element.type(), values.size()));
          for (Object each : values) {
            element.write(out, each);
          }
          out.writeListEnd();
        });
  }

  private static Shape map(Shape key, Shape item) {
    return new Shape(
        TType.MAP,
        (in, budget) -> {
          TMap head = in.readMapBegin();
          expect(key, head.keyType, head.size);
          expect(item, head.valueType, head.size);
          Map<Object, Object> values = new LinkedHashMap<>();
          for (int i = 0; i < head.size; i++) {
            budget.part();
            Object name = key.read(in, budget);
            values.put(name, item.read(in, budget));
          }
          in.readMapEnd();
          return values;
        },
        (out, value) -> {
          Map<?, ?> values = (Map<?, ?>) value;
          out.writeMapBegin(new TMap(key.type(), item.type(), values.size()));
          for (Map.Entry<?, ?> each : values.entrySet()) {
            key.write(out, each.getKey());
            item.write(out, each.getValue());
          }
          out.writeMapEnd();
        });
  }

  private static void expect(Shape wanted, byte type, int size) throws TProtocolException {
    if (size > 0 && type != wanted.type()) {
      throw new TProtocolException(
          TProtocolException.INVALID_DATA, "a list or map holds something else than it should");
    }
  }
}
