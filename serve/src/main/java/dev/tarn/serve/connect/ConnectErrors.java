package dev.tarn.serve.connect;

import dev.tarn.engine.session.SparkErrors;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.identity.Principal;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.connect.service.SessionHolder;
import org.apache.spark.sql.connect.utils.ErrorUtils$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkproject.connect.google_protos.rpc.ErrorInfo;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.Status;
import org.sparkproject.connect.grpc.StatusRuntimeException;
import org.sparkproject.connect.grpc.protobuf.StatusProto;
import org.sparkproject.connect.protobuf.Any;
import scala.Option;

/** Failures as Spark Connect's clients read them: a status of gRPC with details in its trailers. */
final class ConnectErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectErrors.class);

  /** How a call ends. */
  record Answer(Status status, Metadata trailers) {}

  private ConnectErrors() {}

  /** The answer to a request that did not reach Spark. */
  static Answer answer(Principal principal, String sessionId, Exception failure) {
    if (failure instanceof TarnException tarn) {
      return answer(principal, sessionId, tarn);
    }
    if (failure instanceof SparkThrowable) {
      return details(principal, sessionId, failure, Status.Code.INTERNAL);
    }
    LOG.error("A request of Spark Connect failed", failure);
    return new Answer(
        Status.INTERNAL.withDescription("Something went wrong. See the server's log."),
        new Metadata());
  }

  /** What Tarn said, if that is why Spark failed. */
  static Optional<Answer> ours(
      Principal principal, String sessionId, Status status, Metadata trailers) {
    Option<SessionHolder> session = ConnectSessions.find(principal, sessionId);
    if (session.isEmpty()) {
      return Optional.empty();
    }
    return errorId(status, trailers)
        .map(session.get().errorIdToError()::getIfPresent)
        .filter(ConnectErrors::isTarns)
        .map(failure -> answer(principal, sessionId, SparkErrors.toTarn(failure)));
  }

  private static boolean isTarns(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof TarnException) {
        return true;
      }
    }
    return false;
  }

  /** The name under which Spark keeps the failure for a while. */
  private static Optional<String> errorId(Status status, Metadata trailers) {
    var details = StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList();
    for (Any detail : details) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return Optional.ofNullable(
              detail.unpack(ErrorInfo.class).getMetadataMap().get("errorId"));
        } catch (IOException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static Answer answer(Principal principal, String sessionId, TarnException failure) {
    return details(principal, sessionId, new ConnectFailure(failure), code(failure));
  }

  private static Answer details(
      Principal principal, String sessionId, Throwable failure, Status.Code code) {
    Option<SessionHolder> session =
        principal == null ? Option.empty() : ConnectSessions.find(principal, sessionId);
    StatusRuntimeException told =
        StatusProto.toStatusRuntimeException(
            ErrorUtils$.MODULE$.buildStatusFromThrowable(failure, session).toBuilder()
                .setCode(code.value())
                .build());
    Metadata trailers = told.getTrailers() == null ? new Metadata() : told.getTrailers();
    return new Answer(told.getStatus(), trailers);
  }

  private static Status.Code code(TarnException failure) {
    return switch (failure.code()) {
      case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
      case PERMISSION_DENIED -> Status.Code.PERMISSION_DENIED;
      case CANCELLED -> Status.Code.CANCELLED;
      case REQUEST_LIMIT_EXCEEDED, RESOURCE_EXHAUSTED -> Status.Code.RESOURCE_EXHAUSTED;
      case NOT_IMPLEMENTED -> Status.Code.UNIMPLEMENTED;
      case TEMPORARILY_UNAVAILABLE -> Status.Code.UNAVAILABLE;
      default -> Status.Code.INTERNAL;
    };
  }
}
