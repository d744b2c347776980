package dev.tarn.serve.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tarn.serve.ServeTestRoom;
import dev.tarn.serve.results.ResultsConfig;
import dev.tarn.serve.statements.StatementsConfig;
import dev.tarn.serve.thrift.Enums.TFetchOrientation;
import dev.tarn.serve.thrift.Enums.TGetInfoType;
import dev.tarn.serve.thrift.Enums.TOperationState;
import dev.tarn.serve.thrift.Enums.TProtocolVersion;
import dev.tarn.serve.thrift.Enums.TSparkRowSetType;
import dev.tarn.serve.thrift.Enums.TStatusCode;
import dev.tarn.serve.thrift.MetadataStructs.TGetColumnsReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetColumnsResp;
import dev.tarn.serve.thrift.MetadataStructs.TGetSchemasReq;
import dev.tarn.serve.thrift.MetadataStructs.TGetSchemasResp;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCancelOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TCloseOperationReq;
import dev.tarn.serve.thrift.OperationStructs.TCloseOperationResp;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementReq;
import dev.tarn.serve.thrift.OperationStructs.TExecuteStatementResp;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsReq;
import dev.tarn.serve.thrift.OperationStructs.TFetchResultsResp;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusReq;
import dev.tarn.serve.thrift.OperationStructs.TGetOperationStatusResp;
import dev.tarn.serve.thrift.OperationStructs.TGetResultSetMetadataReq;
import dev.tarn.serve.thrift.OperationStructs.TGetResultSetMetadataResp;
import dev.tarn.serve.thrift.OperationStructs.TOperationHandle;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameter;
import dev.tarn.serve.thrift.OperationStructs.TSparkParameterValue;
import dev.tarn.serve.thrift.RowStructs.TColumn;
import dev.tarn.serve.thrift.SessionStructs.TCloseSessionReq;
import dev.tarn.serve.thrift.SessionStructs.TCloseSessionResp;
import dev.tarn.serve.thrift.SessionStructs.TGetDelegationTokenReq;
import dev.tarn.serve.thrift.SessionStructs.TGetDelegationTokenResp;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoReq;
import dev.tarn.serve.thrift.SessionStructs.TGetInfoResp;
import dev.tarn.serve.thrift.SessionStructs.TOpenSessionResp;
import dev.tarn.serve.thrift.SessionStructs.TSessionHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TApplicationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service over real statements, beyond what the JDBC driver shows of it. */
class ThriftIT {
  /** Many small chunks, so that results have several. */
  private static final ResultsConfig SMALL_CHUNKS = new ResultsConfig(1 << 16, null, null);

  private static final String ENDLESS = "SELECT count(*) FROM range(100000000000000)";

  @TempDir static Path data;
  static ServeTestRoom room;
  static ThriftClient admin;

  @BeforeAll
  static void start() {
    room = new ServeTestRoom(data, SMALL_CHUNKS, StatementsConfig.DEFAULT);
    admin = new ThriftClient(room, ServeTestRoom.ADMIN);
  }

  @AfterAll
  static void stop() {
    room.close();
  }

  private static TExecuteStatementResp execute(Object request) {
    return admin.call("ExecuteStatement", request, TExecuteStatementResp.class);
  }

  /** What came with the answer; on a slow machine a statement is run again until something did. */
  private static TExecuteStatementResp direct(Object request) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> execute(request), answer -> answer.directResults().resultSet() != null);
  }

  private static TFetchResultsResp fetch(TOperationHandle handle, Long offset, long rows) {
    return admin.call(
        "FetchResults",
        new TFetchResultsReq(handle, TFetchOrientation.FETCH_NEXT, rows, null, null, offset, null),
        TFetchResultsResp.class);
  }

  private static TGetOperationStatusResp status(TOperationHandle handle) {
    return admin.call(
        "GetOperationStatus",
        new TGetOperationStatusReq(handle, false),
        TGetOperationStatusResp.class);
  }

  private static void awaitState(TOperationHandle handle, TOperationState state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(status(handle).operationState()).isEqualTo(state));
  }

  @Test
  void opensSessionsInTheVersionOfTheClient() {
    TOpenSessionResp opened = admin.open("default", Map.of());

    assertThat(opened.status().statusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);
    assertThat(opened.serverProtocolVersion())
        .isEqualTo(TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V9);
    assertThat(opened.initialNamespace().schemaName()).isEqualTo("default");
    TGetInfoResp info =
        admin.call(
            "GetInfo",
            new TGetInfoReq(opened.sessionHandle(), TGetInfoType.CLI_DBMS_NAME),
            TGetInfoResp.class);
    assertThat(info.infoValue().stringValue()).isEqualTo("Spark SQL");
  }

  @Test
  void givesASmallResultAtOnceAndClosesIt() {
    TExecuteStatementResp answer =
        direct(ThriftClient.columns(admin.open(), "SELECT id, id > 0 FROM range(2)", 100L));

    assertThat(answer.directResults().operationStatus().operationState())
        .isEqualTo(TOperationState.FINISHED_STATE);
    assertThat(answer.directResults().resultSetMetadata().resultFormat())
        .isEqualTo(TSparkRowSetType.COLUMN_BASED_SET);
    List<TColumn> columns = answer.directResults().resultSet().results().columns();
    assertThat(columns.get(0).i64Val().values()).containsExactly(0L, 1L);
    assertThat(columns.get(1).boolVal().values()).containsExactly(false, true);
    assertThat(answer.directResults().closeOperation()).isNotNull();
    assertThat(status(answer.operationHandle()).status().statusCode())
        .isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
  }

  @Test
  void marksNullsInColumns() {
    TExecuteStatementResp answer =
        direct(
            ThriftClient.columns(
                admin.open(),
                "SELECT * FROM VALUES (1, 'a', 1.5d), (null, null, null), (3, 'c', 3.5d)",
                100L));

    List<TColumn> columns = answer.directResults().resultSet().results().columns();
    assertThat(columns.get(0).i32Val().values()).containsExactly(1, 0, 3);
    assertThat(columns.get(0).i32Val().nulls()).containsExactly(2);
    assertThat(columns.get(1).stringVal().nulls()).containsExactly(2);
    assertThat(columns.get(2).doubleVal().values()).containsExactly(1.5, 0.0, 3.5);
  }

  @Test
  void fetchesEveryRowOnceInPagesOfAnySize() {
    TExecuteStatementResp answer =
        execute(ThriftClient.columns(admin.open(), "SELECT id FROM range(50000)", null));
    awaitState(answer.operationHandle(), TOperationState.FINISHED_STATE);

    List<Long> ids = new ArrayList<>();
    TFetchResultsResp page;
    do {
      page = fetch(answer.operationHandle(), null, 7001);
      assertThat(page.results().startRowOffset()).isEqualTo(ids.size());
      ids.addAll(page.results().columns().get(0).i64Val().values());
    } while (page.hasMoreRows());

    assertThat(ids).hasSize(50_000).doesNotHaveDuplicates().isSorted();
    TFetchResultsResp again = fetch(answer.operationHandle(), 12_345L, 3);
    assertThat(again.results().columns().get(0).i64Val().values())
        .containsExactly(12_345L, 12_346L, 12_347L);
    TFetchResultsResp first =
        admin.call(
            "FetchResults",
            new TFetchResultsReq(
                answer.operationHandle(),
                TFetchOrientation.FETCH_FIRST,
                1L,
                null,
                null,
                null,
                true),
            TFetchResultsResp.class);
    assertThat(first.results().columns().get(0).i64Val().values()).containsExactly(0L);
    assertThat(first.resultSetMetadata().schema().columns().get(0).columnName()).isEqualTo("id");
  }

  @Test
  void givesArrowBatchesWithTheirSchemaApart() {
    TExecuteStatementResp answer =
        direct(ThriftClient.statement(admin.open(), "SELECT id FROM range(10)", 4L));

    TGetResultSetMetadataResp metadata = answer.directResults().resultSetMetadata();
    assertThat(metadata.resultFormat()).isEqualTo(TSparkRowSetType.ARROW_BASED_SET);
    assertThat(metadata.arrowSchema()).isNotEmpty();
    assertThat(answer.directResults().resultSet().hasMoreRows()).isTrue();
    assertThat(answer.directResults().resultSet().results().arrowBatches())
        .hasSize(1)
        .allSatisfy(batch -> assertThat(batch.rowCount()).isEqualTo(4));
    long rest =
        fetch(answer.operationHandle(), null, 100).results().arrowBatches().stream()
            .mapToLong(batch -> batch.rowCount())
            .sum();
    assertThat(rest).isEqualTo(6);
    assertThat(
            admin
                .call(
                    "GetResultSetMetadata",
                    new TGetResultSetMetadataReq(answer.operationHandle()),
                    TGetResultSetMetadataResp.class)
                .schema()
                .columns())
        .hasSize(1);
  }

  @Test
  void takesParametersByNameAndByPlace() {
    TSessionHandle session = admin.open();
    TSparkParameterValue two = new TSparkParameterValue("2", null, null);

    TExecuteStatementResp placed =
        direct(
            ThriftClient.statement(
                session,
                "SELECT 1 WHERE ? = 2 AND ? IS NULL",
                10L,
                new TSparkParameter(2, null, "STRING", null, null),
                new TSparkParameter(1, null, "INT", two, null)));
    TExecuteStatementResp named =
        direct(
            ThriftClient.statement(
                session,
                "SELECT 1 WHERE :x = 2 AND :y",
                10L,
                new TSparkParameter(null, "x", "INT", two, null),
                new TSparkParameter(
                    null, "y", "BOOLEAN", new TSparkParameterValue(null, null, true), null)));

    assertThat(placed.directResults().resultSet().results().arrowBatches()).hasSize(1);
    assertThat(named.directResults().resultSet().results().arrowBatches()).hasSize(1);
  }

  @Test
  void tellsWhyAStatementFailed() {
    TExecuteStatementResp answer =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> execute(ThriftClient.statement(admin.open(), "SELECT * FROM nope", 10L)),
                refused -> refused.directResults() == null);

    assertThat(answer.status().statusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
    assertThat(answer.status().sqlState()).isEqualTo("42P01");
    assertThat(answer.status().errorMessage()).contains("nope");
    assertThat(answer.status().displayMessage()).contains("nope");
  }

  @Test
  void cancelsAndTellsSo() {
    TExecuteStatementResp answer = execute(ThriftClient.statement(admin.open(), ENDLESS, null));
    awaitState(answer.operationHandle(), TOperationState.RUNNING_STATE);

    admin.call(
        "CancelOperation",
        new TCancelOperationReq(answer.operationHandle()),
        TCancelOperationResp.class);

    awaitState(answer.operationHandle(), TOperationState.CANCELED_STATE);
    assertThat(fetch(answer.operationHandle(), null, 1).status().sqlState()).isEqualTo("57014");
  }

  @Test
  void closesWhatASessionLeftOpen() {
    TSessionHandle session = admin.open();
    TExecuteStatementResp answer = execute(ThriftClient.statement(session, ENDLESS, null));

    assertThat(close(session).status().statusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);

    assertThat(status(answer.operationHandle()).status().statusCode())
        .isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
    TExecuteStatementResp after = execute(ThriftClient.statement(session, "SELECT 1", 1L));
    assertThat(after.status().statusCode()).isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
    assertThat(after.status().sqlState()).isEqualTo("08003");
    assertThat(close(session).status().statusCode())
        .isEqualTo(TStatusCode.SUCCESS_WITH_INFO_STATUS);
  }

  private static TCloseSessionResp close(TSessionHandle session) {
    return admin.call("CloseSession", new TCloseSessionReq(session), TCloseSessionResp.class);
  }

  @Test
  void hidesSessionsAndOperationsOfOthers() {
    TSessionHandle session = admin.open();
    TExecuteStatementResp mine =
        execute(ThriftClient.statement(session, "SELECT id FROM range(10)", null));
    ThriftClient bob = new ThriftClient(room, ServeTestRoom.BOB);

    TExecuteStatementResp inMySession =
        bob.call(
            "ExecuteStatement",
            ThriftClient.statement(session, "SELECT 1", 1L),
            TExecuteStatementResp.class);
    TFetchResultsResp myRows =
        bob.call(
            "FetchResults",
            new TFetchResultsReq(
                mine.operationHandle(), TFetchOrientation.FETCH_NEXT, 1L, null, null, null, null),
            TFetchResultsResp.class);
    bob.call(
        "CloseOperation",
        new TCloseOperationReq(mine.operationHandle()),
        TCloseOperationResp.class);

    assertThat(inMySession.status().statusCode()).isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
    assertThat(myRows.status().statusCode()).isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
    awaitState(mine.operationHandle(), TOperationState.FINISHED_STATE);
  }

  @Test
  void answersMetadataInColumns() {
    TSessionHandle session = admin.open();
    room.execute(ServeTestRoom.ADMIN, "SELECT 1", "");

    TGetSchemasResp schemas =
        admin.call(
            "GetSchemas",
            new TGetSchemasReq(
                session,
                "ma%",
                "defaul_",
                new OperationStructs.TSparkGetDirectResults(100L, null),
                true),
            TGetSchemasResp.class);
    TGetColumnsResp none =
        admin.call(
            "GetColumns",
            new TGetColumnsReq(
                session,
                "m\\_ain",
                null,
                null,
                null,
                new OperationStructs.TSparkGetDirectResults(100L, null),
                true),
            TGetColumnsResp.class);

    List<TColumn> columns = schemas.directResults().resultSet().results().columns();
    assertThat(columns.get(0).stringVal().values()).containsExactly("default");
    assertThat(columns.get(1).stringVal().values()).containsExactly("main");
    assertThat(none.directResults().resultSet().results().columns()).hasSize(23);
    assertThat(none.directResults().resultSet().results().columns().get(0).stringVal().values())
        .isEmpty();
  }

  @Test
  void refusesSettingsThatItWouldIgnore() {
    TExecuteStatementResp answer =
        execute(
            new TExecuteStatementReq(
                admin.open(),
                "SELECT 1",
                Map.of("spark.sql.ansi.enabled", "false"),
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));

    assertThat(answer.status().sqlState()).isEqualTo("0A000");
    assertThat(answer.status().errorMessage()).contains("spark.sql.ansi.enabled");
  }

  @Test
  void refusesWhatItDoesNotDo() {
    TSessionHandle session = admin.open();

    assertThat(
            admin
                .call(
                    "GetDelegationToken",
                    new TGetDelegationTokenReq(session, "a", "b"),
                    TGetDelegationTokenResp.class)
                .status()
                .sqlState())
        .isEqualTo("0A000");
    byte[] body = admin.send(ThriftClient.frame("Nonsense", new TCloseSessionReq(session))).body();
    assertThatThrownBy(() -> ThriftClient.read(body, TCloseSessionResp.class))
        .isInstanceOfSatisfying(
            TApplicationException.class,
            e -> assertThat(e.getType()).isEqualTo(TApplicationException.UNKNOWN_METHOD));
  }
}
