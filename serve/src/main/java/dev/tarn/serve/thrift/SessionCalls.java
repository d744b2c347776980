package dev.tarn.serve.thrift;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.sessions.OpenSession;
import dev.tarn.serve.sessions.Session;
import dev.tarn.serve.sessions.Sessions;
import dev.tarn.serve.thrift.Enums.TProtocolVersion;
import dev.tarn.serve.thrift.SessionStructs.TCloseSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TCloseSessionResp;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoReq;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoResp;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoValue;
import dev.tarn.serve.thrift.SessionStructs.TNamespace;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionResp;
import dev.tarn.serve.thrift.SessionStructs.TStatus;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens and closes sessions, and says what server this is. */
final class SessionCalls {
  private static final TProtocolVersion NEWEST = TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V9;
  private static final int OLDEST_OF_SPARK =
      TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V1.number();

  /** Settings that speak to the protocol, which has fields for the same. */
  static final String OF_THE_PROTOCOL = "spark.thriftserver.";

  private final Sessions sessions;
  private final Operations operations;

  SessionCalls(Sessions sessions, Operations operations) {
    this.sessions = sessions;
    this.operations = operations;
  }

  TOpenSessionResp open(Call call, TOpenSessionReq request) {
    Map<String, String> settings = new HashMap<>();
    if (request.configuration() != null) {
      settings.putAll(request.configuration());
      settings.keySet().removeIf(name -> name.startsWith(OF_THE_PROTOCOL));
    }
    Optional<TNamespace> begin = Optional.ofNullable(request.initialNamespace());
    Session session =
        sessions.open(
            call.principal(),
            new OpenSession(
                call.warehouseId(),
                begin.map(TNamespace::catalogName).orElse(null),
                begin.map(TNamespace::schemaName).orElse(null),
                settings));
    call.notes().session(session.id());
    List<TGetInfoValue> infos =
        request.getInfos() == null
            ? null
            : request.getInfos().stream().map(ServerInfo::of).toList();
    return new TOpenSessionResp(
        Statuses.SUCCESS,
        version(request),
        Handles.session(session.id()),
        Map.of(),
        infos,
        begin.orElse(null),
        request.canUseMultipleCatalogs());
  }

  static TOpenSessionResp refused(TStatus status) {
    return new TOpenSessionResp(status, NEWEST, null, null, null, null, null);
  }

  /** What the client speaks, or our newest if that is older. */
  private static TProtocolVersion version(TOpenSessionReq request) {
    long asked =
        request.client_protocol_i64() != null
            ? request.client_protocol_i64()
            : request.client_protocol() != null ? request.client_protocol().number() : -1;
    if (asked < 0 || asked >= NEWEST.number()) {
      return NEWEST;
    }
    long floor = asked < OLDEST_OF_SPARK ? 0 : OLDEST_OF_SPARK;
    return Arrays.stream(TProtocolVersion.values())
        .filter(v -> v.number() >= floor && v.number() <= asked)
        .max(Comparator.comparingInt(TProtocolVersion::number))
        .orElse(NEWEST);
  }

  TCloseSessionResp close(Call call, TCloseSessionReq request) {
    String id = Handles.id(request.sessionHandle());
    try {
      sessions.close(call.principal(), id);
    } catch (TarnException e) {
      if (e.code() != ErrorCode.RESOURCE_DOES_NOT_EXIST) {
        throw e;
      }
      return new TCloseSessionResp(Statuses.alreadyGone(e));
    }
    operations.closeAllOf(id);
    return new TCloseSessionResp(Statuses.SUCCESS);
  }

  TGetInfoResp info(Call call, TGetInfoReq request) {
    sessions.get(call.principal(), Handles.id(request.sessionHandle()));
    return new TGetInfoResp(Statuses.SUCCESS, ServerInfo.of(request.infoType()));
  }

  static TGetInfoResp noInfo(TStatus status) {
    return new TGetInfoResp(status, new TGetInfoValue("", null, null, null, null, null));
  }
}
