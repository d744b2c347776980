package dev.tarn.serve.thrift;

import dev.tarn.govern.audit.Redaction;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.serve.metadata.DriverMetadata;
import dev.tarn.serve.results.ResultLinks;
import dev.tarn.serve.results.Results;
import dev.tarn.serve.sessions.Sessions;
import dev.tarn.serve.statements.Statements;
import dev.tarn.serve.thrift.MetadataStructs.TGetCatalogsReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetCatalogsResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetColumnsReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetColumnsResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetCrossReferenceReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetCrossReferenceResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetFunctionsReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetFunctionsResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetPrimaryKeysReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetPrimaryKeysResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetSchemasReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetSchemasResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetTableTypesReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetTableTypesResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetTablesReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetTablesResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetTypeInfoReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetTypeInfoResp;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TCloseOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCloseOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementReq;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementResp;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsReq;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsResp;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusReq;
import dev.tarn.serve.thrift.OperationStructs.TGetResultSetMetadataReq;
import dev.tarn.serve.thrift.SessionStructs.TCancelDelegationTokenReq;
import dev.tarn.serve.thrift.SessionStructs.TCancelDelegationTokenResp;
import dev.tarn.serve.thrift.SessionStructs.TCloseSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TCloseSessionResp;
import dev.tarn.serve.thrift.SessionStructs.TGetDelegationTokenReq;
import dev.tarn.serve.thrift.SessionStructs.TGetDelegationTokenResp;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoReq;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TRenewDelegationTokenReq;
import dev.tarn.serve.thrift.SessionStructs.TRenewDelegationTokenResp;
import dev.tarn.serve.thrift.SessionStructs.TStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that drivers speak to over Thrift: Hive's TCLIService, as Databricks has extended it.
 *
 * @see <a href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-binary-protocol.md">
 *     Thrift's binary protocol</a>
 */
public final class Thrift implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Thrift.class);

  private static final String SERVICE = "databrickssql";
  private static final int NO_METHOD = 404;
  private static final int FAILED_INSIDE = 500;
  private static final int FAILED = 400;

  private final Map<String, Method<?>> methods = new HashMap<>();
  private final Operations operations;

  /** Writes an answer; called once. */
  @FunctionalInterface
  interface Answer {
    void writeTo(OutputStream out) throws IOException;
  }

  private record Method<Q>(
      Class<Q> request, BiFunction<Call, Q, Object> handler, Function<TStatus, Object> failed) {
    Object call(Call call, Object argument) {
      try {
        return handler.apply(call, request.cast(argument));
      } catch (TarnException e) {
        call.notes().failed(Math.max(FAILED, e.code().httpStatus()), Redaction.failure(e));
        return failed.apply(Statuses.of(e));
      } catch (RuntimeException e) {
        LOG.error("A call of {} failed unexpectedly", request.getSimpleName(), e);
        call.notes().failed(FAILED_INSIDE, "INTERNAL_ERROR: " + e.getClass().getSimpleName());
        return failed.apply(
            Statuses.of(
                new TarnException(
                    ErrorCode.INTERNAL_ERROR,
                    "XX000",
                    "The call failed inside the server ("
                        + e.getClass().getSimpleName()
                        + "). The server's log says more.",
                    e)));
      }
    }
  }

  public Thrift(
      Sessions sessions,
      Statements statements,
      DriverMetadata driverMetadata,
      Results results,
      ResultLinks links,
      Clock clock) {
    operations = new Operations(statements);
    SessionCalls session = new SessionCalls(sessions, operations);
    OperationCalls operation = new OperationCalls(operations, new Pages(results, links));
    StatementCalls statement =
        new StatementCalls(sessions, statements, operations, operation, clock);
    MetadataCalls metadata =
        new MetadataCalls(sessions, statements, driverMetadata, operations, operation, clock);
    add("OpenSession", TOpenSessionReq.class, session::open, SessionCalls::refused);
    add("CloseSession", TCloseSessionReq.class, session::close, TCloseSessionResp::new);
    add("GetInfo", TGetInfoReq.class, session::info, SessionCalls::noInfo);
    add(
        "ExecuteStatement",
        TExecuteStatementReq.class,
        statement::execute,
        status -> new TExecuteStatementResp(status, null, null));
    addOperations(operation);
    addMetadata(metadata);
    addDelegationTokens();
  }

  private void addOperations(OperationCalls operation) {
    add(
        "GetOperationStatus",
        TGetOperationStatusReq.class,
        operation::status,
        OperationCalls::noStatus);
    add(
        "GetResultSetMetadata",
        TGetResultSetMetadataReq.class,
        operation::metadata,
        OperationCalls::noMetadata);
    add(
        "FetchResults",
        TFetchResultsReq.class,
        operation::fetch,
        status -> new TFetchResultsResp(status, null, null, null));
    add("CancelOperation", TCancelOperationReq.class, operation::cancel, TCancelOperationResp::new);
    add("CloseOperation", TCloseOperationReq.class, operation::close, TCloseOperationResp::new);
  }

  private void addMetadata(MetadataCalls metadata) {
    add(
        "GetTypeInfo",
        TGetTypeInfoReq.class,
        metadata::typeInfo,
        status -> new TGetTypeInfoResp(status, null, null));
    add(
        "GetCatalogs",
        TGetCatalogsReq.class,
        metadata::catalogs,
        status -> new TGetCatalogsResp(status, null, null));
    add(
        "GetSchemas",
        TGetSchemasReq.class,
        metadata::schemas,
        status -> new TGetSchemasResp(status, null, null));
    add(
        "GetTables",
        TGetTablesReq.class,
        metadata::tables,
        status -> new TGetTablesResp(status, null, null));
    add(
        "GetTableTypes",
        TGetTableTypesReq.class,
        metadata::tableTypes,
        status -> new TGetTableTypesResp(status, null, null));
    add(
        "GetColumns",
        TGetColumnsReq.class,
        metadata::columns,
        status -> new TGetColumnsResp(status, null, null));
    add(
        "GetFunctions",
        TGetFunctionsReq.class,
        metadata::functions,
        status -> new TGetFunctionsResp(status, null, null));
    add(
        "GetPrimaryKeys",
        TGetPrimaryKeysReq.class,
        metadata::primaryKeys,
        status -> new TGetPrimaryKeysResp(status, null, null));
    add(
        "GetCrossReference",
        TGetCrossReferenceReq.class,
        metadata::crossReference,
        status -> new TGetCrossReferenceResp(status, null, null));
  }

  private void addDelegationTokens() {
    add(
        "GetDelegationToken",
        TGetDelegationTokenReq.class,
        Thrift::noTokens,
        status -> new TGetDelegationTokenResp(status, null));
    add(
        "CancelDelegationToken",
        TCancelDelegationTokenReq.class,
        Thrift::noTokens,
        TCancelDelegationTokenResp::new);
    add(
        "RenewDelegationToken",
        TRenewDelegationTokenReq.class,
        Thrift::noTokens,
        TRenewDelegationTokenResp::new);
  }

  private static Object noTokens(Call call, Object request) {
    throw Statuses.unsupported(
        "There are no delegation tokens. Connect with a personal access token or OAuth.");
  }

  private <Q> void add(
      String name,
      Class<Q> request,
      BiFunction<Call, Q, Object> handler,
      Function<TStatus, Object> failed) {
    methods.put(name, new Method<>(request, handler, failed));
  }

  /**
   * Answers one call.
   *
   * @throws TarnException MALFORMED_REQUEST if the bytes are no call of this protocol
   */
  Answer answer(Call call, byte[] request) {
    Frame frame = parsed(() -> Frame.open(request));
    Method<?> method = methods.get(frame.method());
    note(call, frame.method(), method != null);
    if (method == null) {
      return out ->
          frame.refuse(out, TApplicationException.UNKNOWN_METHOD, "There is no such method here.");
    }
    Object argument = parsed(() -> frame.argument(method.request()));
    Object result = method.call(call, argument);
    return out -> frame.answer(out, result);
  }

  private static void note(Call call, String method, boolean known) {
    call.notes().parameter("protocol", "THRIFT");
    if (!known) {
      call.notes().action(SERVICE, "unknownMethod").failed(NO_METHOD, "There is no such method.");
      return;
    }
    String name =
        method.equals("ExecuteStatement")
            ? "commandSubmit"
            : Character.toLowerCase(method.charAt(0)) + method.substring(1);
    call.notes().action(SERVICE, name);
  }

  private interface Parse<T> {
    T run() throws TException;
  }

  private static <T> T parsed(Parse<T> parse) {
    try {
      return parse.run();
    } catch (TException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      // The library takes some negative lengths at their word.
      throw new TarnException(
          ErrorCode.MALFORMED_REQUEST,
          "The body is not a call in Thrift's binary protocol: " + e.getMessage() + ".",
          e);
    }
  }

  @Override
  public void close() {
    operations.close();
  }
}
