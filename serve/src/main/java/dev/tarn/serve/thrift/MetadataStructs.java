package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.OperationStructs.TOperationHandle;
import dev.tarn.serve.thrift.OperationStructs.TSparkDirectResults;
import dev.tarn.serve.thrift.OperationStructs.TSparkGetDirectResults;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import dev.tarn.serve.thrift.SessionStructs.TStatus;
import java.util.List;

/** Structs of the wire, by its names. Of questions about metadata. */
final class MetadataStructs {
  private MetadataStructs() {}

  record TGetTypeInfoReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetTypeInfoResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetCatalogsReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetCatalogsResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetSchemasReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(2) String catalogName,
      @Id(3) String schemaName,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetSchemasResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetTablesReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(2) String catalogName,
      @Id(3) String schemaName,
      @Id(4) String tableName,
      @Id(5) List<String> tableTypes,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetTablesResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetTableTypesReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetTableTypesResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetColumnsReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(2) String catalogName,
      @Id(3) String schemaName,
      @Id(4) String tableName,
      @Id(5) String columnName,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetColumnsResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetFunctionsReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(2) String catalogName,
      @Id(3) String schemaName,
      @Id(value = 4, required = true) String functionName,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetFunctionsResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetPrimaryKeysReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(2) String catalogName,
      @Id(3) String schemaName,
      @Id(4) String tableName,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetPrimaryKeysResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TGetCrossReferenceReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(2) String parentCatalogName,
      @Id(3) String parentSchemaName,
      @Id(4) String parentTableName,
      @Id(5) String foreignCatalogName,
      @Id(6) String foreignSchemaName,
      @Id(7) String foreignTableName,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean runAsync) {}

  record TGetCrossReferenceResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}
}
