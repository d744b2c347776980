package dev.tarn.serve.thrift;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;

/** A record as a struct of the wire: reads and writes it by the {@link Id}s of its components. */
final class Struct {
  private static final ClassValue<Struct> KNOWN =
      new ClassValue<>() {
        @Override
        protected Struct computeValue(Class<?> type) {
          return new Struct(type);
        }
      };

  private record Member(TField field, boolean required, Shape shape, MethodHandle get) {}

  private final TStruct name;
  private final List<Member> members = new ArrayList<>();
  private final Map<Short, Integer> places = new HashMap<>();
  private final MethodHandle constructor;

  private Struct(Class<?> type) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    name = new TStruct(type.getSimpleName());
    RecordComponent[] components = type.getRecordComponents();
    try {
      for (RecordComponent component : components) {
        Id id = component.getAnnotation(Id.class);
        Shape shape = Shape.of(component.getGenericType());
        places.put(id.value(), members.size());
        members.add(
            new Member(
                new TField(component.getName(), shape.type(), id.value()),
                id.required(),
                shape,
                lookup.unreflect(component.getAccessor())));
      }
      constructor =
          lookup
              .unreflectConstructor(
                  type.getDeclaredConstructor(
                      Arrays.stream(components)
                          .map(RecordComponent::getType)
                          .toArray(Class<?>[]::new)))
              .asSpreader(Object[].class, components.length);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Struct of(Class<?> type) {
    return KNOWN.get(type);
  }

  /**
   * @param budget lets only so much be read
   */
  Object read(TProtocol in, Budget budget) throws TException {
    budget.enter();
    Object[] values = new Object[members.size()];
    in.readStructBegin();
    for (TField field = in.readFieldBegin();
        field.type != TType.STOP;
        field = in.readFieldBegin()) {
      Integer place = places.get(field.id);
      if (place == null || members.get(place).field().type != field.type) {
        budget.skip(in, field.type);
      } else {
        values[place] = members.get(place).shape().read(in, budget);
      }
      in.readFieldEnd();
    }
    in.readStructEnd();
    budget.leave();
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && members.get(i).required()) {
        throw new TProtocolException(
            TProtocolException.INVALID_DATA,
            "field '" + members.get(i).field().name + "' of " + name.name + " is missing");
      }
    }
    return make(values);
  }

  private Object make(Object[] values) {
    try {
      return constructor.invoke(values);
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot make a " + name.name, e);
    }
  }

  void write(TProtocol out, Object value) throws TException {
    out.writeStructBegin(name);
    for (Member member : members) {
      Object part = get(member, value);
      if (part != null) {
        out.writeFieldBegin(member.field());
        member.shape().write(out, part);
        out.writeFieldEnd();
      }
    }
    out.writeFieldStop();
    out.writeStructEnd();
  }

  private static Object get(Member member, Object value) {
    try {
      return member.get().invoke(value);
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot read " + member.field().name, e);
    }
  }
}
