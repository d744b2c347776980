package dev.tarn.serve.thrift;

import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.SpooledResult;
import dev.tarn.serve.statements.StatementState;
import dev.tarn.serve.statements.StatementView;
import dev.tarn.serve.thrift.Enums.TFetchOrientation;
import dev.tarn.serve.thrift.Enums.TOperationState;
import dev.tarn.serve.thrift.Enums.TOperationType;
import dev.tarn.serve.thrift.Enums.TSparkRowSetType;
import dev.tarn.serve.thrift.Enums.TStatusCode;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TCloseOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCloseOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsReq;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsResp;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusReq;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusResp;
import dev.tarn.serve.thrift.OperationStructs.TGetResultSetMetadataReq;
import dev.tarn.serve.thrift.OperationStructs.TGetResultSetMetadataResp;
import dev.tarn.serve.thrift.OperationStructs.TProgressUpdateResp;
import dev.tarn.serve.thrift.OperationStructs.TSparkDirectResults;
import dev.tarn.serve.thrift.OperationStructs.TSparkGetDirectResults;
import dev.tarn.serve.thrift.Pages.Limit;
import dev.tarn.serve.thrift.Pages.Page;
import dev.tarn.serve.thrift.SessionStructs.TStatus;
import java.time.Duration;

/** Looks after operations, whatever they were started as, and hands out their rows. */
final class OperationCalls {
  /**
   * How long an answer is held back for an operation to end. Until a client has the handle it
   * cannot cancel, so this is short.
   */
  private static final Duration DIRECT_WAIT = Duration.ofMillis(800);

  private static final Duration STATUS_WAIT = Duration.ofMillis(800);
  private static final Duration SYNCHRONOUS_WAIT = Duration.ofSeconds(60);
  private static final String TIMED_OUT = "57KD0";

  private final Operations operations;
  private final Pages pages;

  OperationCalls(Operations operations, Pages pages) {
    this.operations = operations;
    this.pages = pages;
  }

  /**
   * What goes along with the answer that hands out an operation.
   *
   * @return null if nothing does
   * @throws TarnException why it failed, if it already has
   */
  TSparkDirectResults begun(
      Call call, Operation operation, TSparkGetDirectResults wanted, boolean async) {
    Duration wait = wanted != null ? DIRECT_WAIT : async ? Duration.ZERO : SYNCHRONOUS_WAIT;
    StatementView view = operations.await(operation, wait);
    if (view.state() == StatementState.FAILED) {
      operations.close(operation);
      throw view.failure();
    }
    if (wanted == null) {
      return null;
    }
    TGetOperationStatusResp status = status(operation, view, null);
    if (view.state() != StatementState.SUCCEEDED) {
      return new TSparkDirectResults(status, null, null, null);
    }
    SpooledResult result = view.result();
    long maxBytes = wanted.maxBytes() == null ? 0 : wanted.maxBytes();
    Page page = page(call, operation, result, 0, new Limit(wanted.maxRows(), maxBytes));
    operation.nextRow(page.end());
    TGetResultSetMetadataResp metadata = metadata(operation, result);
    TCloseOperationResp closed = null;
    if (!page.more() && metadata.resultFormat() != TSparkRowSetType.URL_BASED_SET) {
      operations.close(operation);
      closed = new TCloseOperationResp(Statuses.SUCCESS);
    }
    return new TSparkDirectResults(
        status,
        metadata,
        new TFetchResultsResp(Statuses.SUCCESS, page.more(), page.rows(), null),
        closed);
  }

  TGetOperationStatusResp status(Call call, TGetOperationStatusReq request) {
    Operation operation = operations.get(call, request.operationHandle());
    StatementView view = operations.await(operation, STATUS_WAIT);
    boolean wanted =
        Boolean.TRUE.equals(request.getProgressUpdate()) && view.state() == StatementState.RUNNING;
    TProgressUpdateResp progress =
        wanted
            ? operations
                .progress(operation)
                .map(each -> ProgressUpdates.running(each, operation.startedAt()))
                .orElse(null)
            : null;
    return status(operation, view, progress);
  }

  private static TGetOperationStatusResp status(
      Operation operation, StatementView view, TProgressUpdateResp progress) {
    TOperationState state =
        switch (view.state()) {
          case PENDING -> TOperationState.PENDING_STATE;
          case RUNNING -> TOperationState.RUNNING_STATE;
          case SUCCEEDED -> TOperationState.FINISHED_STATE;
          case FAILED -> TOperationState.ERROR_STATE;
          case CANCELED ->
              operation.timedOut()
                  ? TOperationState.TIMEDOUT_STATE
                  : TOperationState.CANCELED_STATE;
          case CLOSED -> TOperationState.CLOSED_STATE;
        };
    TStatus status = Statuses.SUCCESS;
    String sqlState = null;
    String message = null;
    if (view.failure() != null) {
      status = Statuses.of(view.failure());
      sqlState = status.sqlState();
      message = status.errorMessage();
    } else if (state == TOperationState.TIMEDOUT_STATE) {
      // Not an error of the call: clients take it for a timeout by the state alone.
      sqlState = TIMED_OUT;
      message = "The statement was stopped because it ran longer than its time limit.";
      status = new TStatus(TStatusCode.SUCCESS_STATUS, null, null, null, message, message, null);
    }
    Boolean rows = view.result() == null ? null : !view.result().columns().isEmpty();
    return new TGetOperationStatusResp(
        status,
        state,
        sqlState,
        null,
        message,
        null,
        operation.startedAt().toEpochMilli(),
        null,
        rows,
        progress,
        null,
        message,
        null,
        null);
  }

  static TGetOperationStatusResp noStatus(TStatus status) {
    return new TGetOperationStatusResp(
        status,
        null,
        status.sqlState(),
        null,
        status.errorMessage(),
        null,
        null,
        null,
        null,
        null,
        null,
        status.displayMessage(),
        null,
        null);
  }

  static TGetResultSetMetadataResp noMetadata(TStatus status) {
    return new TGetResultSetMetadataResp(status, null, null, null, null, null, null, null, null);
  }

  TGetResultSetMetadataResp metadata(Call call, TGetResultSetMetadataReq request) {
    Operation operation = operations.get(call, request.operationHandle());
    return metadata(operation, result(operation));
  }

  private static TGetResultSetMetadataResp metadata(Operation operation, SpooledResult result) {
    TSparkRowSetType kind = Pages.kind(operation.form(), result);
    boolean arrow = kind != TSparkRowSetType.COLUMN_BASED_SET;
    return new TGetResultSetMetadataResp(
        Statuses.SUCCESS,
        TypeDescriptions.schema(result.columns()),
        kind,
        arrow && result.compression() == Compression.LZ4_FRAME,
        arrow ? result.arrowSchema() : null,
        null,
        null,
        null,
        false);
  }

  TFetchResultsResp fetch(Call call, TFetchResultsReq request) {
    Operation operation = operations.get(call, request.operationHandle());
    if (request.fetchType() != null && request.fetchType() != 0) {
      throw Statuses.unsupported("Operations have rows only; there are no logs to fetch.");
    }
    SpooledResult result = result(operation);
    long from = from(operation, request);
    long maxBytes = request.maxBytes() == null ? 0 : request.maxBytes();
    Page page = page(call, operation, result, from, new Limit(request.maxRows(), maxBytes));
    operation.nextRow(page.end());
    return new TFetchResultsResp(
        Statuses.SUCCESS,
        page.more(),
        page.rows(),
        Boolean.TRUE.equals(request.includeResultSetMetadata())
            ? metadata(operation, result)
            : null);
  }

  private static long from(Operation operation, TFetchResultsReq request) {
    if (request.startRowOffset() != null) {
      if (request.startRowOffset() < 0) {
        throw TarnException.invalid("startRowOffset must be 0 or more.");
      }
      return request.startRowOffset();
    }
    if (request.orientation() == TFetchOrientation.FETCH_FIRST) {
      return 0;
    }
    if (request.orientation() != TFetchOrientation.FETCH_NEXT) {
      throw Statuses.unsupported(
          "Rows are fetched with FETCH_NEXT or FETCH_FIRST, or from startRowOffset on.");
    }
    return operation.nextRow();
  }

  private Page page(Call call, Operation operation, SpooledResult result, long from, Limit limit) {
    if (operation.type() != TOperationType.EXECUTE_STATEMENT && from == 0) {
      return pages.whole(result);
    }
    return pages.page(operation.form(), result, from, limit, call.address());
  }

  /** Waits for the rows: clients may fetch without asking for the state before. */
  private SpooledResult result(Operation operation) {
    StatementView view = operations.await(operation, SYNCHRONOUS_WAIT);
    return switch (view.state()) {
      case SUCCEEDED -> view.result();
      case FAILED -> throw view.failure();
      case CANCELED ->
          throw new TarnException(
              ErrorCode.CANCELLED, "57014", "The statement was cancelled.", null);
      case CLOSED -> throw Statuses.operationGone(operation.id());
      case PENDING, RUNNING ->
          throw new TarnException(
              ErrorCode.INVALID_STATE,
              "HY010",
              "The statement still runs. Ask for its status, and fetch when it is finished.",
              null);
    };
  }

  TCancelOperationResp cancel(Call call, TCancelOperationReq request) {
    operations.cancel(operations.get(call, request.operationHandle()));
    return new TCancelOperationResp(Statuses.SUCCESS);
  }

  TCloseOperationResp close(Call call, TCloseOperationReq request) {
    Operation operation;
    try {
      operation = operations.get(call, request.operationHandle());
    } catch (TarnException e) {
      return new TCloseOperationResp(Statuses.alreadyGone(e));
    }
    operations.close(operation);
    return new TCloseOperationResp(Statuses.SUCCESS);
  }
}
