package dev.tarn.serve.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;

/** Puts other messages in the place of those inside a message, from the innermost outwards. */
final class Rewriting {
  private Rewriting() {}

  /**
   * @param each the message itself if it is to stay as it is
   */
  static Message deep(Message message, UnaryOperator<Message> each) {
    Message.Builder changed = null;
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      Object now =
          field.getKey().isRepeated()
              ? all((List<?>) field.getValue(), each)
              : deep((Message) field.getValue(), each);
      if (now != field.getValue()) {
        changed = changed == null ? message.toBuilder() : changed;
        changed.setField(field.getKey(), now);
      }
    }
    return each.apply(changed == null ? message : changed.build());
  }

  private static List<?> all(List<?> messages, UnaryOperator<Message> each) {
    List<Message> now = new ArrayList<>(messages.size());
    boolean same = true;
    for (Object message : messages) {
      Message one = deep((Message) message, each);
      now.add(one);
      same &= one == message;
    }
    return same ? messages : now;
  }
}
