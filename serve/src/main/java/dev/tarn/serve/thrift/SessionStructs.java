package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.Enums.TGetInfoType;
import dev.tarn.serve.thrift.Enums.TProtocolVersion;
import dev.tarn.serve.thrift.Enums.TStatusCode;
import java.util.List;
import java.util.Map;

/**
 * Structs of the wire, by its names. Of the session: opening, closing, and facts about the server.
 */
final class SessionStructs {
  private SessionStructs() {}

  record TStatus(
      @Id(value = 1, required = true) TStatusCode statusCode,
      @Id(2) List<String> infoMessages,
      @Id(3) String sqlState,
      @Id(4) Integer errorCode,
      @Id(5) String errorMessage,
      @Id(6) String displayMessage,
      @Id(1281) String errorDetailsJson) {}

  record THandleIdentifier(
      @Id(value = 1, required = true) byte[] guid, @Id(value = 2, required = true) byte[] secret) {}

  record TSessionHandle(@Id(value = 1, required = true) THandleIdentifier sessionId) {}

  record TNamespace(@Id(1) String catalogName, @Id(2) String schemaName) {}

  record TOpenSessionReq(
      @Id(1) TProtocolVersion client_protocol,
      @Id(2) String username,
      @Id(3) String password,
      @Id(4) Map<String, String> configuration,
      @Id(1281) List<TGetInfoType> getInfos,
      @Id(1282) Long client_protocol_i64,
      @Id(1283) Map<String, String> connectionProperties,
      @Id(1284) TNamespace initialNamespace,
      @Id(1285) Boolean canUseMultipleCatalogs) {}

  record TOpenSessionResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(value = 2, required = true) TProtocolVersion serverProtocolVersion,
      @Id(3) TSessionHandle sessionHandle,
      @Id(4) Map<String, String> configuration,
      @Id(1281) List<TGetInfoValue> getInfos,
      @Id(1284) TNamespace initialNamespace,
      @Id(1285) Boolean canUseMultipleCatalogs) {}

  record TCloseSessionReq(@Id(value = 1, required = true) TSessionHandle sessionHandle) {}

  record TCloseSessionResp(@Id(value = 1, required = true) TStatus status) {}

  record TGetInfoReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(value = 2, required = true) TGetInfoType infoType) {}

  record TGetInfoResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(value = 2, required = true) TGetInfoValue infoValue) {}

  record TGetInfoValue(
      @Id(1) String stringValue,
      @Id(2) Short smallIntValue,
      @Id(3) Integer integerBitmask,
      @Id(4) Integer integerFlag,
      @Id(5) Integer binaryValue,
      @Id(6) Long lenValue) {}

  record TGetDelegationTokenReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(value = 2, required = true) String owner,
      @Id(value = 3, required = true) String renewer) {}

  record TGetDelegationTokenResp(
      @Id(value = 1, required = true) TStatus status, @Id(2) String delegationToken) {}

  record TCancelDelegationTokenReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(value = 2, required = true) String delegationToken) {}

  record TCancelDelegationTokenResp(@Id(value = 1, required = true) TStatus status) {}

  record TRenewDelegationTokenReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(value = 2, required = true) String delegationToken) {}

  record TRenewDelegationTokenResp(@Id(value = 1, required = true) TStatus status) {}
}
