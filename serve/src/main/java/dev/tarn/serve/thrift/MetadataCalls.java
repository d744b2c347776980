package dev.tarn.serve.thrift;

import dev.tarn.engine.sql.ResultStream;
import dev.tarn.kernel.name.EntityName;
import dev.tarn.serve.metadata.DriverMetadata;
import dev.tarn.serve.results.ResultFormat;
import dev.tarn.serve.sessions.Sessions;
import dev.tarn.serve.statements.ExecuteStatement;
import dev.tarn.serve.statements.ExecuteStatement.Disposition;
import dev.tarn.serve.statements.Statements;
import dev.tarn.serve.thrift.Enums.TOperationType;
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
import dev.tarn.serve.thrift.Operation.Form;
import dev.tarn.serve.thrift.OperationStructs.TOperationHandle;
import dev.tarn.serve.thrift.OperationStructs.TSparkDirectResults;
import dev.tarn.serve.thrift.OperationStructs.TSparkGetDirectResults;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Questions about metadata. Each is an operation, and does not wait for the statements of its
 * session.
 */
final class MetadataCalls {
  private final Sessions sessions;
  private final Statements statements;
  private final DriverMetadata metadata;
  private final Operations operations;
  private final OperationCalls calls;
  private final Clock clock;

  private record Begun(TOperationHandle handle, TSparkDirectResults direct) {}

  MetadataCalls(
      Sessions sessions,
      Statements statements,
      DriverMetadata metadata,
      Operations operations,
      OperationCalls calls,
      Clock clock) {
    this.sessions = sessions;
    this.statements = statements;
    this.metadata = metadata;
    this.operations = operations;
    this.calls = calls;
    this.clock = clock;
  }

  private Begun begin(
      Call call,
      TSessionHandle session,
      String question,
      TOperationType type,
      TSparkGetDirectResults direct,
      Boolean async,
      Supplier<ResultStream> answer) {
    String sessionId = Handles.id(session);
    sessions.get(call.principal(), sessionId);
    ExecuteStatement request =
        new ExecuteStatement(
            question,
            call.warehouseId(),
            null,
            null,
            null,
            null,
            null,
            null,
            Disposition.INLINE_OR_EXTERNAL_LINKS,
            ResultFormat.ARROW_STREAM,
            null,
            null,
            null);
    String id = statements.submit(call.principal(), request, call.client(), answer);
    Operation operation =
        new Operation(id, call.principal(), sessionId, type, Form.COLUMNS, clock.instant());
    operations.add(operation);
    return new Begun(
        Handles.operation(id, type),
        calls.begun(call, operation, direct, Boolean.TRUE.equals(async)));
  }

  TGetCatalogsResp catalogs(Call call, TGetCatalogsReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetCatalogs",
            TOperationType.GET_CATALOGS,
            r.getDirectResults(),
            r.runAsync(),
            () -> metadata.catalogs(call.principal()));
    return new TGetCatalogsResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetSchemasResp schemas(Call call, TGetSchemasReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetSchemas",
            TOperationType.GET_SCHEMAS,
            r.getDirectResults(),
            r.runAsync(),
            () -> metadata.schemas(call.principal(), r.catalogName(), r.schemaName()));
    return new TGetSchemasResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetTablesResp tables(Call call, TGetTablesReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetTables",
            TOperationType.GET_TABLES,
            r.getDirectResults(),
            r.runAsync(),
            () ->
                metadata.tables(
                    call.principal(),
                    r.catalogName(),
                    r.schemaName(),
                    r.tableName(),
                    r.tableTypes()));
    return new TGetTablesResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetTableTypesResp tableTypes(Call call, TGetTableTypesReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetTableTypes",
            TOperationType.GET_TABLE_TYPES,
            r.getDirectResults(),
            r.runAsync(),
            metadata::tableTypes);
    return new TGetTableTypesResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetColumnsResp columns(Call call, TGetColumnsReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetColumns",
            TOperationType.GET_COLUMNS,
            r.getDirectResults(),
            r.runAsync(),
            () ->
                metadata.columns(
                    call.principal(),
                    r.catalogName(),
                    r.schemaName(),
                    r.tableName(),
                    r.columnName()));
    return new TGetColumnsResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetFunctionsResp functions(Call call, TGetFunctionsReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetFunctions",
            TOperationType.GET_FUNCTIONS,
            r.getDirectResults(),
            r.runAsync(),
            metadata::functions);
    return new TGetFunctionsResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetPrimaryKeysResp primaryKeys(Call call, TGetPrimaryKeysReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetPrimaryKeys",
            TOperationType.UNKNOWN,
            r.getDirectResults(),
            r.runAsync(),
            () ->
                metadata.primaryKeys(
                    call.principal(), r.catalogName(), r.schemaName(), r.tableName()));
    return new TGetPrimaryKeysResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  TGetCrossReferenceResp crossReference(Call call, TGetCrossReferenceReq r) {
    EntityName parent = whole(r.parentCatalogName(), r.parentSchemaName(), r.parentTableName());
    EntityName foreign = whole(r.foreignCatalogName(), r.foreignSchemaName(), r.foreignTableName());
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetCrossReference",
            TOperationType.UNKNOWN,
            r.getDirectResults(),
            r.runAsync(),
            () -> metadata.crossReference(call.principal(), parent, foreign));
    return new TGetCrossReferenceResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }

  /** Null unless all parts are there. */
  private static EntityName whole(String catalog, String schema, String table) {
    return catalog == null || schema == null || table == null
        ? null
        : new EntityName(catalog, schema, table);
  }

  TGetTypeInfoResp typeInfo(Call call, TGetTypeInfoReq r) {
    Begun begun =
        begin(
            call,
            r.sessionHandle(),
            "GetTypeInfo",
            TOperationType.GET_TYPE_INFO,
            r.getDirectResults(),
            r.runAsync(),
            metadata::typeInfo);
    return new TGetTypeInfoResp(Statuses.SUCCESS, begun.handle(), begun.direct());
  }
}
