package dev.tarn.serve.thrift;

import dev.tarn.govern.audit.Redaction;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.history.QueryTag;
import dev.tarn.serve.results.ArrowTypes;
import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.ResultFormat;
import dev.tarn.serve.sessions.Sessions;
import dev.tarn.serve.statements.ExecuteStatement;
import dev.tarn.serve.statements.ExecuteStatement.Disposition;
import dev.tarn.serve.statements.StatementParameter;
import dev.tarn.serve.statements.Statements;
import dev.tarn.serve.thrift.Enums.TOperationType;
import dev.tarn.serve.thrift.Operation.Form;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementReq;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementResp;
import dev.tarn.serve.thrift.OperationStructs.TSparkArrowTypes;
import dev.tarn.serve.thrift.OperationStructs.TSparkDirectResults;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameter;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameterValue;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Starts statements. */
final class StatementCalls {
  private final Sessions sessions;
  private final Statements statements;
  private final Operations operations;
  private final OperationCalls calls;
  private final Clock clock;

  StatementCalls(
      Sessions sessions,
      Statements statements,
      Operations operations,
      OperationCalls calls,
      Clock clock) {
    this.sessions = sessions;
    this.statements = statements;
    this.operations = operations;
    this.calls = calls;
    this.clock = clock;
  }

  TExecuteStatementResp execute(Call call, TExecuteStatementReq request) {
    String sessionId = Handles.id(request.sessionHandle());
    call.notes().session(sessionId).parameter("commandText", Redaction.sql(request.statement()));
    sessions.get(call.principal(), sessionId);
    if (request.batchParameters() != null && !request.batchParameters().isEmpty()) {
      throw Statuses.unsupported(
          "Batches of parameters are not supported. Send one statement for each.");
    }
    refuseOverlay(request);
    Form form = form(request);
    String id =
        statements.submit(call.principal(), statement(request, sessionId, form), call.client());
    // A statement that has failed, or has been read whole, is forgotten before it is answered.
    call.notes().parameter("commandId", id);
    Operation operation =
        new Operation(
            id,
            call.principal(),
            sessionId,
            TOperationType.EXECUTE_STATEMENT,
            form,
            clock.instant());
    operations.add(operation);
    if (request.queryTimeout() != null && request.queryTimeout() > 0) {
      operations.limit(operation, Duration.ofSeconds(request.queryTimeout()));
    }
    TSparkDirectResults direct =
        calls.begun(
            call, operation, request.getDirectResults(), Boolean.TRUE.equals(request.runAsync()));
    statements.answering(id, call.notes());
    return new TExecuteStatementResp(
        Statuses.SUCCESS, Handles.operation(id, operation.type()), direct);
  }

  /** A setting that would be ignored is an answer to a question that was not asked. */
  private static void refuseOverlay(TExecuteStatementReq request) {
    if (request.confOverlay() != null) {
      for (String name : request.confOverlay().keySet()) {
        if (!name.startsWith(SessionCalls.OF_THE_PROTOCOL) && !name.equals(QueryTag.SETTING)) {
          throw Statuses.unsupported(
              "Setting '" + name + "' cannot be given for one statement. Use SET in the session.");
        }
      }
    }
    if (request.statementConf() != null
        && Boolean.TRUE.equals(request.statementConf().sessionless())) {
      throw Statuses.unsupported("Statements run in a session. Open one first.");
    }
  }

  private static List<QueryTag> tags(TExecuteStatementReq request) {
    String text =
        request.confOverlay() == null ? null : request.confOverlay().get(QueryTag.SETTING);
    return text == null ? List.of() : QueryTag.parse(text);
  }

  private static Form form(TExecuteStatementReq request) {
    if (!Boolean.TRUE.equals(request.canReadArrowResult())) {
      return Form.COLUMNS;
    }
    return Boolean.TRUE.equals(request.canDownloadResult()) ? Form.ARROW_OR_LINKS : Form.ARROW;
  }

  private static ExecuteStatement statement(
      TExecuteStatementReq request, String sessionId, Form form) {
    boolean pack = form != Form.COLUMNS && Boolean.TRUE.equals(request.canDecompressLZ4Result());
    Long limit = request.resultRowLimit();
    return new ExecuteStatement(
        request.statement(),
        null,
        sessionId,
        null,
        null,
        parameters(request.parameters()),
        limit != null && limit > 0 ? limit : null,
        null,
        Disposition.INLINE_OR_EXTERNAL_LINKS,
        ResultFormat.ARROW_STREAM,
        pack ? Compression.LZ4_FRAME : Compression.NONE,
        null,
        null,
        tags(request),
        arrowTypes(request.useArrowNativeTypes()));
  }

  /**
   * What a client does not ask for in Arrow's own types, it gets as text. Nested values are always
   * text: the JDBC driver asks for Arrow's types, and then reads dates in them as numbers.
   */
  private static ArrowTypes arrowTypes(TSparkArrowTypes asked) {
    if (asked == null) {
      return new ArrowTypes(false, false, false, false, false);
    }
    return new ArrowTypes(
        Boolean.TRUE.equals(asked.timestampAsArrow()),
        Boolean.TRUE.equals(asked.decimalAsArrow()),
        false,
        Boolean.TRUE.equals(asked.intervalTypesAsArrow()),
        Boolean.TRUE.equals(asked.nullTypeAsArrow()));
  }

  private static List<StatementParameter> parameters(List<TSparkParameter> given) {
    if (given == null) {
      return List.of();
    }
    return given.stream().map(StatementCalls::parameter).toList();
  }

  /** A parameter with a name may have an ordinal too, which then means nothing. */
  private static StatementParameter parameter(TSparkParameter given) {
    if (given.arguments() != null && !given.arguments().isEmpty()) {
      throw TarnException.invalid(
          "Parameters of complex types are not supported. Send the parts one by one.");
    }
    boolean named = given.name() != null && !given.name().isEmpty();
    return new StatementParameter(
        named ? given.name() : null,
        named ? null : given.ordinal(),
        given.type(),
        text(given.value()));
  }

  private static String text(TSparkParameterValue value) {
    if (value == null) {
      return null;
    }
    if (value.doubleValue() != null) {
      return value.doubleValue().toString();
    }
    return value.booleanValue() != null ? value.booleanValue().toString() : value.stringValue();
  }
}
