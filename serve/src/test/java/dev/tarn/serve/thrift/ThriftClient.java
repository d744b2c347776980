package dev.tarn.serve.thrift;

import dev.tarn.kernel.identity.Principal;
import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementReq;
import dev.tarn.serve.thrift.OperationStructs.TSparkGetDirectResults;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameter;
import dev.tarn.serve.thrift.SessionStructs.TNamespace;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionResp;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TByteBuffer;
import org.apache.thrift.transport.TMemoryBuffer;

/** Calls the room over Thrift as one principal. */
final class ThriftClient {
  static final String PATH = "/sql/1.0/warehouses/default";
  private static final long V10 = 42250;

  private final ServeTestRoom room;
  private final Principal principal;

  ThriftClient(ServeTestRoom room, Principal principal) {
    this.room = room;
    this.principal = principal;
  }

  static byte[] frame(String method, Object request) {
    try {
      TMemoryBuffer buffer = new TMemoryBuffer(256);
      TProtocol out = new TBinaryProtocol(buffer);
      out.writeMessageBegin(new TMessage(method, TMessageType.CALL, 7));
      out.writeStructBegin(new TStruct("args"));
      out.writeFieldBegin(new TField("req", TType.STRUCT, (short) 1));
      Struct.of(request.getClass()).write(out, request);
      out.writeFieldEnd();
      out.writeFieldStop();
      out.writeStructEnd();
      out.writeMessageEnd();
      return java.util.Arrays.copyOf(buffer.getArray(), buffer.length());
    } catch (TException e) {
      throw new AssertionError(e);
    }
  }

  ServeTestRoom.Answer send(byte[] frame) {
    return room.post(principal, PATH, frame);
  }

  <T> T call(String method, Object request, Class<T> response) {
    ServeTestRoom.Answer answer = send(frame(method, request));
    if (answer.status() != 200) {
      throw new AssertionError(answer.json());
    }
    try {
      return read(answer.body(), response);
    } catch (TException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T read(byte[] body, Class<T> response) throws TException {
    TProtocol in = new TBinaryProtocol(new TByteBuffer(ByteBuffer.wrap(body)));
    TMessage head = in.readMessageBegin();
    if (head.type == TMessageType.EXCEPTION) {
      throw TApplicationException.readFrom(in);
    }
    if (head.seqid != 7 || head.type != TMessageType.REPLY) {
      throw new AssertionError(head);
    }
    in.readStructBegin();
    TField field = in.readFieldBegin();
    if (field.id != 0) {
      throw new AssertionError(field);
    }
    return response.cast(Struct.of(response).read(in, new Budget()));
  }

  TSessionHandle open() {
    return open(null, Map.of()).sessionHandle();
  }

  TOpenSessionResp open(String schema, Map<String, String> configuration) {
    return call(
        "OpenSession",
        new TOpenSessionReq(
            null, null, null, configuration, null, V10, null, new TNamespace("main", schema), true),
        TOpenSessionResp.class);
  }

  /** A request as the drivers' own, to be read as Arrow, uncompressed and inline. */
  static TExecuteStatementReq statement(
      TSessionHandle session, String sql, Long maxRows, TSparkParameter... parameters) {
    return new TExecuteStatementReq(
        session,
        sql,
        null,
        true,
        null,
        maxRows == null ? null : new TSparkGetDirectResults(maxRows, null),
        true,
        false,
        false,
        null,
        null,
        null,
        List.of(parameters),
        null,
        null,
        null);
  }

  /** A request of a client that reads columns alone. */
  static TExecuteStatementReq columns(TSessionHandle session, String sql, Long maxRows) {
    return new TExecuteStatementReq(
        session,
        sql,
        null,
        true,
        null,
        maxRows == null ? null : new TSparkGetDirectResults(maxRows, null),
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
