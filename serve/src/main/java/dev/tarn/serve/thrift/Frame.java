package dev.tarn.serve.thrift;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TIOStreamTransport;
import org.apache.thrift.transport.TMemoryInputTransport;

/** One call in Thrift's binary protocol, without framing, and the answer to it. */
final class Frame {
  private static final TStruct RESULT = new TStruct("result");

  private final TProtocol in;
  private final Budget budget = new Budget();
  private final TMessage head;

  private Frame(TProtocol in, TMessage head) {
    this.in = in;
    this.head = head;
  }

  /**
   * Reads the head of a call.
   *
   * @throws TException if these bytes are no call
   */
  static Frame open(byte[] bytes) throws TException {
    TConfiguration limits =
        TConfiguration.custom().setMaxMessageSize(Math.max(1, bytes.length)).build();
    // What a length field says is believed only as far as there are bytes.
    TProtocol in =
        new TBinaryProtocol(new TMemoryInputTransport(limits, bytes), bytes.length, bytes.length);
    TMessage head = in.readMessageBegin();
    if (head.type != TMessageType.CALL && head.type != TMessageType.ONEWAY) {
      throw new TProtocolException(
          TProtocolException.INVALID_DATA, "the message is an answer, not a call");
    }
    return new Frame(in, head);
  }

  String method() {
    return head.name;
  }

  /** The call's one argument. */
  Object argument(Class<?> type) throws TException {
    Object argument = null;
    in.readStructBegin();
    for (TField field = in.readFieldBegin();
        field.type != TType.STOP;
        field = in.readFieldBegin()) {
      if (field.id == 1 && field.type == TType.STRUCT && argument == null) {
        argument = Struct.of(type).read(in, budget);
      } else {
        budget.skip(in, field.type);
      }
      in.readFieldEnd();
    }
    in.readStructEnd();
    in.readMessageEnd();
    if (argument == null) {
      throw new TProtocolException(
          TProtocolException.INVALID_DATA, head.name + " is called without its request");
    }
    return argument;
  }

  void answer(OutputStream to, Object result) throws IOException {
    write(
        to,
        out -> {
          out.writeMessageBegin(new TMessage(head.name, TMessageType.REPLY, head.seqid));
          out.writeStructBegin(RESULT);
          out.writeFieldBegin(new TField("success", TType.STRUCT, (short) 0));
          Struct.of(result.getClass()).write(out, result);
          out.writeFieldEnd();
          out.writeFieldStop();
          out.writeStructEnd();
          out.writeMessageEnd();
        });
  }

  void refuse(OutputStream to, int applicationError, String message) throws IOException {
    write(
        to,
        out -> {
          out.writeMessageBegin(new TMessage(head.name, TMessageType.EXCEPTION, head.seqid));
          new TApplicationException(applicationError, message).write(out);
          out.writeMessageEnd();
        });
  }

  private interface Message {
    void writeTo(TProtocol out) throws TException;
  }

  private static void write(OutputStream to, Message message) throws IOException {
    try {
      // Not flushed: an answer that is sent before its end is streamed, which takes longer.
      message.writeTo(new TBinaryProtocol(new TIOStreamTransport(to)));
    } catch (TException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e);
    }
  }
}
