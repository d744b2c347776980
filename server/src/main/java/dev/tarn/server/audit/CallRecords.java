package dev.tarn.server.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.audit.AuditedCall;
import dev.tarn.govern.audit.AuditedCall.Action;
import dev.tarn.govern.audit.AuditedCall.Origin;
import dev.tarn.govern.audit.AuditedCall.Verdict;
import dev.tarn.govern.audit.Redaction;
import dev.tarn.kernel.json.Json;
import dev.tarn.server.http.CallLog;
import dev.tarn.server.http.ServedCall;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Calls of HTTP as the audit log keeps them. */
public final class CallRecords implements CallLog {
  private static final int UNAUTHENTICATED = 401;
  private static final int MOST_JSON = 256 << 10;

  /** Fields that hold more than one value and nobody's secret. */
  private static final Set<String> STRUCTURED = Set.of("changes", "access_control_list");

  private static final String STATEMENT = "statement";
  private static final String STATEMENTS = "/api/2.0/sql/statements";

  private final AuditLog log;
  private final Map<String, Action> actions = new ConcurrentHashMap<>();

  public CallRecords(AuditLog log) {
    this.log = log;
  }

  @Override
  public void record(ServedCall call) {
    log.record(audited(call));
  }

  @Override
  public CompletableFuture<Void> recordLater(ServedCall call) {
    return log.recordLater(audited(call));
  }

  private AuditedCall audited(ServedCall call) {
    Action action = action(call);
    Map<String, String> parameters = new TreeMap<>();
    body(call.json(), parameters);
    call.query().forEach((name, values) -> parameters.put(name, String.join(",", values)));
    parameters.putAll(call.pathParameters());
    boolean refused = action.equals(AuditedActions.LOGIN);
    if (call.route().isEmpty() || refused) {
      parameters.clear();
      parameters.put("path", call.path());
      parameters.put("method", call.method());
    }
    parameters.putAll(call.notes().parameters());
    String session = parameters.get("session_id");
    return new AuditedCall(
        action,
        call.user().orElse(null),
        new Origin(call.address(), call.userAgent(), call.requestId()),
        call.notes().session().orElse(session),
        parameters,
        new Verdict(call.status(), error(call)));
  }

  /** Why a statement failed may hold values of rows, also where its result is asked for. */
  private static String error(ServedCall call) {
    boolean ofStatement =
        call.route().filter(route -> route.path().startsWith(STATEMENTS)).isPresent();
    return ofStatement && call.error() != null && call.notes().error().isEmpty()
        ? Redaction.failure(call.error())
        : call.error();
  }

  private Action action(ServedCall call) {
    if (call.status() == UNAUTHENTICATED && call.user().isEmpty()) {
      return AuditedActions.LOGIN;
    }
    if (call.route().isEmpty()) {
      return AuditedActions.NOWHERE;
    }
    Action byPath =
        actions.computeIfAbsent(
            call.method() + ' ' + call.route().get().path(),
            key -> AuditedActions.of(call.method(), call.route().get().path()));
    return new Action(
        call.notes().service().orElse(byPath.service()),
        call.notes().action().orElse(byPath.name()));
  }

  /** The fields of a JSON object that hold one value each. */
  private static void body(byte[] json, Map<String, String> parameters) {
    if (json == null || json.length == 0 || json.length > MOST_JSON) {
      return;
    }
    try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
          if (name.equals(STATEMENT)) {
            parameters.put("commandText", Redaction.sql(parser.getText()));
          } else {
            parameters.put(name, parser.getText());
          }
        } else if (STRUCTURED.contains(name)) {
          parameters.put(name, Json.mapper().readTree(parser).toString());
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // What is no JSON was refused; that is in the record too.
      parameters.put("request_body", "malformed");
    }
  }
}
