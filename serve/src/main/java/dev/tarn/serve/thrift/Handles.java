package dev.tarn.serve.thrift;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.thrift.Enums.TOperationType;
import dev.tarn.serve.thrift.OperationStructs.TOperationHandle;
import dev.tarn.serve.thrift.SessionStructs.THandleIdentifier;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Handles are the ids of sessions and statements as 16 bytes. Their secret adds nothing: only the
 * principal they belong to can use them.
 */
final class Handles {
  private static final int LENGTH = 16;

  private Handles() {}

  static TSessionHandle session(String id) {
    return new TSessionHandle(identifier(id));
  }

  static TOperationHandle operation(String id, TOperationType type) {
    return new TOperationHandle(identifier(id), type, true, null);
  }

  private static THandleIdentifier identifier(String id) {
    UUID uuid = UUID.fromString(id);
    byte[] bytes =
        ByteBuffer.allocate(LENGTH)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    return new THandleIdentifier(bytes, bytes);
  }

  static String id(TSessionHandle handle) {
    return id(handle.sessionId());
  }

  static String id(TOperationHandle handle) {
    return id(handle.operationId());
  }

  private static String id(THandleIdentifier identifier) {
    if (identifier.guid().length != LENGTH) {
      throw new TarnException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "HY000",
          "A handle's guid has " + identifier.guid().length + " bytes instead of 16.",
          null);
    }
    ByteBuffer bytes = ByteBuffer.wrap(identifier.guid());
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }
}
