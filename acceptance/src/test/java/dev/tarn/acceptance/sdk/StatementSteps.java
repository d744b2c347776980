package dev.tarn.acceptance.sdk;

import static dev.tarn.acceptance.sdk.SdkClient.all;
import static dev.tarn.acceptance.sdk.SdkClient.print;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.sql.CancelExecutionRequest;
import com.databricks.sdk.service.sql.Disposition;
import com.databricks.sdk.service.sql.EndpointInfo;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.ExternalLink;
import com.databricks.sdk.service.sql.Format;
import com.databricks.sdk.service.sql.GetStatementRequest;
import com.databricks.sdk.service.sql.GetStatementResultChunkNRequest;
import com.databricks.sdk.service.sql.ListQueryHistoryRequest;
import com.databricks.sdk.service.sql.ListWarehousesRequest;
import com.databricks.sdk.service.sql.QueryFilter;
import com.databricks.sdk.service.sql.QueryInfo;
import com.databricks.sdk.service.sql.QueryMetrics;
import com.databricks.sdk.service.sql.QueryStatus;
import com.databricks.sdk.service.sql.QueryTag;
import com.databricks.sdk.service.sql.ResultData;
import com.databricks.sdk.service.sql.StatementExecutionAPI;
import com.databricks.sdk.service.sql.StatementParameterListItem;
import com.databricks.sdk.service.sql.StatementResponse;
import com.databricks.sdk.service.sql.StatementState;
import com.databricks.sdk.service.sql.TimeRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Every method of the SDK's services {@code statementExecution} and {@code queryHistory}. */
final class StatementSteps {
  private static final Set<StatementState> GOING =
      EnumSet.of(StatementState.PENDING, StatementState.RUNNING);

  private final WorkspaceClient client;
  private final StatementExecutionAPI api;

  StatementSteps(WorkspaceClient client) {
    this.client = client;
    this.api = client.statementExecution();
  }

  private static ExecuteStatementRequest request(String text) {
    return new ExecuteStatementRequest()
        .setWarehouseId("default")
        .setStatement(text)
        .setWaitTimeout("50s");
  }

  void sql(String text) {
    StatementResponse answer = api.executeStatement(request(text));
    print("state", answer.getStatus().getState());
    if (answer.getResult() != null && answer.getResult().getDataArray() != null) {
      answer.getResult().getDataArray().forEach(row -> print("row", List.copyOf(row)));
    }
  }

  /** Downloads a result of one column, a link at a time, as the manifest and each chunk say. */
  void links(String text) {
    StatementResponse answer =
        api.executeStatement(
            request(text)
                .setCatalog("main")
                .setSchema("default")
                .setParameters(
                    List.of(
                        new StatementParameterListItem()
                            .setName("n")
                            .setType("BIGINT")
                            .setValue("1")))
                .setQueryTags(List.of(new QueryTag().setKey("team").setValue("lake")))
                .setDisposition(Disposition.EXTERNAL_LINKS)
                .setFormat(Format.CSV));
    print("format", answer.getManifest().getFormat());
    print("rows", answer.getManifest().getTotalRowCount());
    long lines = 0;
    long chunks = 0;
    ResultData data = answer.getResult();
    while (data != null) {
      Long next = null;
      for (ExternalLink link : data.getExternalLinks()) {
        lines += lines(link);
        chunks++;
        next = link.getNextChunkIndex();
      }
      data = next == null ? null : chunk(answer, next);
    }
    print("several", chunks > 1 && chunks == answer.getManifest().getTotalChunkCount());
    print("lines", lines);
  }

  private static long lines(ExternalLink link) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                URI.create(link.getExternalLink()).toURL().openStream(), StandardCharsets.UTF_8))) {
      return in.lines().count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a result of numbers inline, chunk after chunk. */
  void chunks(String text) {
    StatementResponse answer = api.executeStatement(request(text).setRowLimit(900_000L));
    print("truncated", answer.getManifest().getTruncated());
    long rows = 0;
    long sum = 0;
    long chunks = 0;
    ResultData data = answer.getResult();
    while (data != null) {
      for (var row : data.getDataArray()) {
        rows++;
        sum += Long.parseLong(row.iterator().next());
      }
      chunks++;
      data = data.getNextChunkIndex() == null ? null : chunk(answer, data.getNextChunkIndex());
    }
    print("several", chunks > 1 && chunks == answer.getManifest().getTotalChunkCount());
    print("read", rows + " " + sum);
  }

  private ResultData chunk(StatementResponse answer, long index) {
    return api.getStatementResultChunkN(
        new GetStatementResultChunkNRequest()
            .setStatementId(answer.getStatementId())
            .setChunkIndex(index));
  }

  /** Cancels a statement that would run for long. */
  void cancel(String text) {
    String id = api.executeStatement(request(text).setWaitTimeout("0s")).getStatementId();
    api.cancelExecution(new CancelExecutionRequest().setStatementId(id));
    StatementState state = StatementState.RUNNING;
    while (GOING.contains(state)) {
      state = api.getStatement(new GetStatementRequest().setStatementId(id)).getStatus().getState();
    }
    print("ended", state);
  }

  /** What the newest query that finished read. */
  void metrics() {
    ListQueryHistoryRequest request =
        new ListQueryHistoryRequest()
            .setMaxResults(1L)
            .setIncludeMetrics(true)
            .setFilterBy(new QueryFilter().setStatuses(List.of(QueryStatus.FINISHED)));
    for (QueryInfo query : client.queryHistory().list(request).getRes()) {
      QueryMetrics metrics = query.getMetrics();
      print(
          "metrics",
          metrics.getResultFromCache()
              + " "
              + metrics.getReadFilesCount()
              + " "
              + metrics.getPrunedFilesCount()
              + " "
              + metrics.getRowsProducedCount());
    }
  }

  /** The newest of one's own queries that finished. */
  void queries() {
    long me = Long.parseLong(client.currentUser().me(new MeRequest()).getId());
    ListQueryHistoryRequest request =
        new ListQueryHistoryRequest()
            .setMaxResults(1L)
            .setIncludeMetrics(true)
            .setFilterBy(
                new QueryFilter()
                    .setStatuses(List.of(QueryStatus.FINISHED))
                    .setUserIds(List.of(me))
                    .setWarehouseIds(
                        all(client.warehouses().list(new ListWarehousesRequest())).stream()
                            .map(EndpointInfo::getId)
                            .toList())
                    .setQueryStartTimeRange(new TimeRange().setStartTimeMs(1L)));
    for (QueryInfo query : client.queryHistory().list(request).getRes()) {
      print("text", query.getQueryText());
      print(
          "query",
          String.join(
              " ",
              query.getStatementType().name(),
              query.getUserName(),
              query.getRowsProduced().toString(),
              query.getClientApplication(),
              Boolean.toString(query.getMetrics().getTotalTimeMs() >= 0)));
    }
  }
}
