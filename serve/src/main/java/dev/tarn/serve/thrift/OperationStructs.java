package dev.tarn.serve.thrift;

import dev.tarn.serve.thrift.Enums.TCacheLookupResult;
import dev.tarn.serve.thrift.Enums.TFetchOrientation;
import dev.tarn.serve.thrift.Enums.TJobExecutionStatus;
import dev.tarn.serve.thrift.Enums.TOperationState;
import dev.tarn.serve.thrift.Enums.TOperationType;
import dev.tarn.serve.thrift.Enums.TProtocolVersion;
import dev.tarn.serve.thrift.Enums.TSparkRowSetType;
import dev.tarn.serve.thrift.RowStructs.TRowSet;
import dev.tarn.serve.thrift.SessionStructs.THandleIdentifier;
import dev.tarn.serve.thrift.SessionStructs.TNamespace;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import dev.tarn.serve.thrift.SessionStructs.TStatus;
import dev.tarn.serve.thrift.TypeStructs.TTableSchema;
import java.util.List;
import java.util.Map;

/** Structs of the wire, by its names. Of operations: executing, looking after, and fetching. */
final class OperationStructs {
  private OperationStructs() {}

  record TOperationHandle(
      @Id(value = 1, required = true) THandleIdentifier operationId,
      @Id(value = 2, required = true) TOperationType operationType,
      @Id(value = 3, required = true) Boolean hasResultSet,
      @Id(4) Double modifiedRowCount) {}

  record TExecuteStatementReq(
      @Id(value = 1, required = true) TSessionHandle sessionHandle,
      @Id(value = 2, required = true) String statement,
      @Id(3) Map<String, String> confOverlay,
      @Id(4) Boolean runAsync,
      @Id(5) Long queryTimeout,
      @Id(1281) TSparkGetDirectResults getDirectResults,
      @Id(1282) Boolean canReadArrowResult,
      @Id(1283) Boolean canDownloadResult,
      @Id(1284) Boolean canDecompressLZ4Result,
      @Id(1285) Long maxBytesPerFile,
      @Id(1286) TSparkArrowTypes useArrowNativeTypes,
      @Id(1287) Long resultRowLimit,
      @Id(1288) List<TSparkParameter> parameters,
      @Id(1289) Long maxBytesPerBatch,
      @Id(1296) TStatementConf statementConf,
      @Id(1297) List<List<TSparkParameter>> batchParameters) {}

  record TExecuteStatementResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationHandle operationHandle,
      @Id(1281) TSparkDirectResults directResults) {}

  record TSparkGetDirectResults(
      @Id(value = 1, required = true) Long maxRows, @Id(2) Long maxBytes) {}

  record TSparkDirectResults(
      @Id(1) TGetOperationStatusResp operationStatus,
      @Id(2) TGetResultSetMetadataResp resultSetMetadata,
      @Id(3) TFetchResultsResp resultSet,
      @Id(4) TCloseOperationResp closeOperation) {}

  record TSparkArrowTypes(
      @Id(1) Boolean timestampAsArrow,
      @Id(2) Boolean decimalAsArrow,
      @Id(3) Boolean complexTypesAsArrow,
      @Id(4) Boolean intervalTypesAsArrow,
      @Id(5) Boolean nullTypeAsArrow) {}

  record TSparkParameter(
      @Id(1) Integer ordinal,
      @Id(2) String name,
      @Id(3) String type,
      @Id(4) TSparkParameterValue value,
      @Id(5) List<TSparkParameterValueArg> arguments) {}

  record TSparkParameterValue(
      @Id(1) String stringValue, @Id(2) Double doubleValue, @Id(3) Boolean booleanValue) {}

  record TSparkParameterValueArg(
      @Id(1) String type, @Id(2) String value, @Id(3) List<TSparkParameterValueArg> arguments) {}

  record TStatementConf(
      @Id(1) Boolean sessionless,
      @Id(2) TNamespace initialNamespace,
      @Id(3) TProtocolVersion client_protocol,
      @Id(4) Long client_protocol_i64) {}

  record TGetOperationStatusReq(
      @Id(value = 1, required = true) TOperationHandle operationHandle,
      @Id(2) Boolean getProgressUpdate) {}

  record TGetOperationStatusResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TOperationState operationState,
      @Id(3) String sqlState,
      @Id(4) Integer errorCode,
      @Id(5) String errorMessage,
      @Id(6) String taskStatus,
      @Id(7) Long operationStarted,
      @Id(8) Long operationCompleted,
      @Id(9) Boolean hasResultSet,
      @Id(10) TProgressUpdateResp progressUpdateResponse,
      @Id(11) Long numModifiedRows,
      @Id(1281) String displayMessage,
      @Id(1282) String diagnosticInfo,
      @Id(1283) String errorDetailsJson) {}

  record TProgressUpdateResp(
      @Id(value = 1, required = true) List<String> headerNames,
      @Id(value = 2, required = true) List<List<String>> rows,
      @Id(value = 3, required = true) Double progressedPercentage,
      @Id(value = 4, required = true) TJobExecutionStatus status,
      @Id(value = 5, required = true) String footerSummary,
      @Id(value = 6, required = true) Long startTime) {}

  record TCancelOperationReq(@Id(value = 1, required = true) TOperationHandle operationHandle) {}

  record TCancelOperationResp(@Id(value = 1, required = true) TStatus status) {}

  record TCloseOperationReq(@Id(value = 1, required = true) TOperationHandle operationHandle) {}

  record TCloseOperationResp(@Id(value = 1, required = true) TStatus status) {}

  record TFetchResultsReq(
      @Id(value = 1, required = true) TOperationHandle operationHandle,
      @Id(value = 2, required = true) TFetchOrientation orientation,
      @Id(value = 3, required = true) Long maxRows,
      @Id(4) Short fetchType,
      @Id(1281) Long maxBytes,
      @Id(1282) Long startRowOffset,
      @Id(1283) Boolean includeResultSetMetadata) {}

  record TFetchResultsResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) Boolean hasMoreRows,
      @Id(3) TRowSet results,
      @Id(1281) TGetResultSetMetadataResp resultSetMetadata) {}

  record TGetResultSetMetadataReq(
      @Id(value = 1, required = true) TOperationHandle operationHandle) {}

  record TGetResultSetMetadataResp(
      @Id(value = 1, required = true) TStatus status,
      @Id(2) TTableSchema schema,
      @Id(1281) TSparkRowSetType resultFormat,
      @Id(1282) Boolean lz4Compressed,
      @Id(1283) byte[] arrowSchema,
      @Id(1284) TCacheLookupResult cacheLookupResult,
      @Id(1285) Long uncompressedBytes,
      @Id(1286) Long compressedBytes,
      @Id(1287) Boolean isStagingOperation) {}
}
