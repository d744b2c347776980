package dev.tarn.serve.connect;

import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.audit.AuditedCall;
import dev.tarn.govern.audit.AuditedCall.Action;
import dev.tarn.govern.audit.AuditedCall.Origin;
import dev.tarn.govern.audit.AuditedCall.Verdict;
import dev.tarn.govern.audit.Redaction;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.connect.proto.AnalyzePlanRequest;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.Plan;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.Status;
import org.sparkproject.connect.protobuf.Descriptors.FieldDescriptor;
import org.sparkproject.connect.protobuf.Message;

/** Calls of Spark Connect as the audit log keeps them. */
final class ConnectAudit {
  private static final String SERVICE = "sparkConnect";
  private static final Action LOGIN = new Action("accounts", "tokenLogin");
  private static final Action SUBMIT = new Action("databrickssql", "commandSubmit");
  private static final Action FINISH = new Action("databrickssql", "commandFinish");
  private static final String LOCAL = "127.0.0.1";

  private static final Metadata.Key<String> ORIGIN =
      Metadata.Key.of(SparkConnect.ORIGIN, Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> USER_AGENT =
      Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);

  private final AuditLog log;
  private final String originKey;

  /**
   * @param originKey what the header begins with in which the HTTP server says who calls
   */
  ConnectAudit(AuditLog log, String originKey) {
    this.log = log;
    this.originKey = originKey;
  }

  /**
   * @param method such as {@code ExecutePlan}
   */
  Record begin(Metadata headers, String method) {
    String address =
        Optional.ofNullable(headers.get(ORIGIN))
            .filter(value -> value.startsWith(originKey + ' '))
            .map(value -> value.substring(originKey.length() + 1))
            .orElse(LOCAL);
    return new Record(
        new Origin(address, headers.get(USER_AGENT), UUID.randomUUID().toString()), method);
  }

  /** The record of one call. */
  final class Record {
    private final Origin origin;
    private final String method;
    private String user;
    private String session;
    private Message request;
    private String operation = "";
    private boolean told;
    private boolean ended;

    private Record(Origin origin, String method) {
      this.origin = origin;
      this.method = method;
    }

    synchronized void by(String name) {
      user = name;
    }

    /** Takes what the client asks; of a call that has many messages, the first. */
    synchronized void asked(Message message, String sessionId) {
      if (request == null) {
        request = message;
        session = sessionId;
      }
    }

    /** Takes the name of the operation, which the server gives it if the client has not. */
    synchronized void runs(String operationId) {
      if (operation.isEmpty()) {
        operation = operationId;
      }
    }

    /** Something is about to leave. */
    synchronized void answering() {
      if (!told) {
        told = true;
        log.record(call(user == null ? LOGIN : action(), Verdict.DONE, true));
      }
    }

    /** The call is about to end; what went wrong after the first answer is a record of its own. */
    synchronized void ending(Status status) {
      if (ended) {
        return;
      }
      ended = true;
      Verdict verdict = verdict(status);
      if (!told) {
        told = true;
        boolean unknown = user == null || status.getCode() == Status.Code.UNAUTHENTICATED;
        log.record(call(unknown ? LOGIN : action(), verdict, true));
      } else if (!status.isOk() && isExecution()) {
        log.record(call(FINISH, verdict, false));
      }
    }

    /** The client is gone; what it has begun may go on, and it may come back for it. */
    synchronized void left() {
      if (!told) {
        ending(Status.CANCELLED.withDescription("The client went away."));
      }
    }

    private boolean isExecution() {
      return method.equals("ExecutePlan") || method.equals("ReattachExecute");
    }

    private Action action() {
      return method.equals("ExecutePlan")
          ? SUBMIT
          : new Action(SERVICE, Character.toLowerCase(method.charAt(0)) + method.substring(1));
    }

    private AuditedCall call(Action action, Verdict verdict, boolean whole) {
      Map<String, String> parameters = new TreeMap<>();
      parameters.put("protocol", "SPARK_CONNECT");
      if (action.equals(LOGIN)) {
        parameters.put("method", method);
      }
      if (request != null) {
        put(parameters, "commandId", operation);
        Plan plan = whole ? plan(request) : null;
        if (plan != null) {
          parameters.put("commandText", Redaction.sql(PlanText.of(plan)));
        }
      }
      return new AuditedCall(action, user, origin, session, parameters, verdict);
    }

    /** What is to be run or looked at; null if that is no plan. */
    private static Plan plan(Message request) {
      if (request instanceof ExecutePlanRequest execute) {
        return execute.getPlan();
      }
      if (request instanceof AnalyzePlanRequest analyse) {
        for (Object asked : analyse.getAllFields().values()) {
          if (asked instanceof Message of) {
            FieldDescriptor plan = of.getDescriptorForType().findFieldByName("plan");
            if (plan != null && of.hasField(plan)) {
              return (Plan) of.getField(plan);
            }
          }
        }
      }
      return null;
    }

    private static void put(Map<String, String> parameters, String name, String value) {
      if (!value.isEmpty()) {
        parameters.put(name, value);
      }
    }
  }

  private static Verdict verdict(Status status) {
    if (status.isOk()) {
      return Verdict.DONE;
    }
    String description = status.getDescription();
    boolean refused =
        status.getCode() == Status.Code.UNAUTHENTICATED
            || status.getCode() == Status.Code.PERMISSION_DENIED;
    return new Verdict(
        status(status),
        status.getCode().name() + ": " + (refused ? description : Redaction.failure(description)));
  }

  private static int status(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, DATA_LOSS -> 500;
      // Of the protocol's clients every failure of a statement is an internal one.
      default -> 400;
    };
  }
}
