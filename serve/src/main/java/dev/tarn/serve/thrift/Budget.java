package dev.tarn.serve.thrift;

import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;

/** Bounds how deep a message is and of how many parts it may consist. */
final class Budget {
  private static final int DEEPEST = 32;
  private static final int MOST_PARTS = 500_000;

  private int depth;
  private int parts;

  void enter() throws TProtocolException {
    depth++;
    if (depth > DEEPEST) {
      throw new TProtocolException(
          TProtocolException.DEPTH_LIMIT, "structs are nested more than " + DEEPEST + " deep");
    }
    part();
  }

  void leave() {
    depth--;
  }

  void part() throws TProtocolException {
    parts++;
    if (parts > MOST_PARTS) {
      throw new TProtocolException(
          TProtocolException.SIZE_LIMIT, "the message has more than " + MOST_PARTS + " parts");
    }
  }

  void skip(TProtocol in, byte type) throws TException {
    in.skip(type, DEEPEST - depth);
  }
}
