package dev.tarn.serve.statements;

import dev.tarn.govern.audit.AuditLog;
import dev.tarn.govern.audit.AuditedCall;
import dev.tarn.govern.audit.AuditedCall.Action;
import dev.tarn.govern.audit.AuditedCall.Origin;
import dev.tarn.govern.audit.AuditedCall.Verdict;
import dev.tarn.govern.audit.Redaction;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.kernel.http.CallNotes;
import dev.tarn.serve.history.Query;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of statements, for the audit log: in the record of the call that brought the
 * statement if that is answered when it ends, else in a record {@code commandFinish} of its own.
 */
final class StatementAudit {
  private static final Logger LOG = LoggerFactory.getLogger(StatementAudit.class);
  private static final Action FINISH = new Action("databrickssql", "commandFinish");
  private static final int FAILED = 400;

  private final AuditLog log;

  /** Where those came from whose call was answered while they ran. */
  private final Map<String, Origin> answered = new ConcurrentHashMap<>();

  StatementAudit(AuditLog log) {
    this.log = log;
  }

  /** Completes the notes of a call that brought a statement and is about to be answered. */
  void answering(Execution execution, CallNotes notes) {
    Query query = execution.query();
    notes
        .session(query.sessionId())
        .parameter("commandId", execution.id())
        .parameter("warehouseId", execution.warehouseId())
        .parameter("commandText", Redaction.sql(query.text()));
    answered.put(
        execution.id(), new Origin(notes.address(), query.client().userAgent(), notes.requestId()));
    StatementView view = execution.view();
    if (view.state().terminal() && answered.remove(execution.id()) != null) {
      TarnException failure = view.failure();
      if (failure != null) {
        notes.failed(status(failure), Redaction.failure(failure));
      }
    }
  }

  /** Called when a statement has ended. */
  void ended(Execution execution) {
    Origin origin = answered.remove(execution.id());
    if (origin == null) {
      return;
    }
    TarnException failure = execution.view().failure();
    Query query = execution.query();
    log.recordLater(
            new AuditedCall(
                FINISH,
                execution.principal().name(),
                origin,
                query.sessionId(),
                Map.of("commandId", execution.id(), "warehouseId", execution.warehouseId()),
                failure == null
                    ? Verdict.DONE
                    : new Verdict(status(failure), Redaction.failure(failure))))
        .whenComplete(
            (recorded, e) -> {
              if (e != null) {
                LOG.warn("The end of statement {} is not in the audit log", execution.id(), e);
              }
            });
  }

  static int status(TarnException failure) {
    return Math.max(FAILED, failure.code().httpStatus());
  }
}
