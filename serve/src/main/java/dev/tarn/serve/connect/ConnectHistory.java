package dev.tarn.serve.connect;

import dev.tarn.engine.sql.Profile;
import dev.tarn.serve.history.Query;
import dev.tarn.serve.history.QueryClient;
import dev.tarn.serve.history.QueryHistory;
import dev.tarn.serve.history.QueryStatus;
import dev.tarn.serve.history.QueryTag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.connect.service.ExecuteJobTag;
import org.apache.spark.sql.connect.service.SparkListenerConnectOperationCanceled;
import org.apache.spark.sql.connect.service.SparkListenerConnectOperationClosed;
import org.apache.spark.sql.connect.service.SparkListenerConnectOperationFailed;
import org.apache.spark.sql.connect.service.SparkListenerConnectOperationFinished;
import org.apache.spark.sql.connect.service.SparkListenerConnectOperationStarted;

/**
 * Tells the query history of operations as Spark tells of them, since an operation outlives the
 * calls that its client makes for it.
 */
final class ConnectHistory {
  private static final int MOST_OPEN = 10_000;
  private static final int MOST_TAGS = 20;
  private static final int LONGEST_TAG = 128;

  /** Of gRPC, before what went wrong. */
  private static final Pattern STATUS = Pattern.compile("^[A-Z_]+: (?=\\[|PERMISSION_DENIED)");

  private static final Pattern QUERY =
      Pattern.compile(
          "[\\s(]*(SELECT|WITH|VALUES|FROM|TABLE)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final QueryHistory history;
  private final Map<String, Operation> open = new ConcurrentHashMap<>();

  ConnectHistory(QueryHistory history) {
    this.history = history;
  }

  /** Takes one of Spark's events; others than those of operations are none of its business. */
  void on(SparkListenerEvent event) {
    if (event instanceof SparkListenerConnectOperationStarted started) {
      started(started);
    } else if (event instanceof SparkListenerConnectOperationFinished finished) {
      end(finished.jobTag(), QueryStatus.FINISHED, finished.eventTime(), null);
    } else if (event instanceof SparkListenerConnectOperationFailed failed) {
      end(failed.jobTag(), QueryStatus.FAILED, failed.eventTime(), failed.errorMessage());
    } else if (event instanceof SparkListenerConnectOperationCanceled canceled) {
      end(canceled.jobTag(), QueryStatus.CANCELED, canceled.eventTime(), null);
    } else if (event instanceof SparkListenerConnectOperationClosed closed) {
      Operation operation = open.remove(closed.jobTag());
      if (operation != null) {
        operation.close(closed.eventTime());
      }
      ConnectOperations.forget(closed.jobTag());
    }
  }

  private void started(SparkListenerConnectOperationStarted event) {
    if (event.planRequest().isEmpty() || open.size() >= MOST_OPEN) {
      return;
    }
    Operation operation = new Operation(event, event.planRequest().get());
    open.put(event.jobTag(), operation);
    operation.record();
  }

  private void end(String jobTag, QueryStatus status, long at, String error) {
    Operation operation = open.get(jobTag);
    if (operation != null) {
      operation.end(status, at, error);
    }
  }

  /** Takes an answer on its way to the client. */
  void sent(String user, ExecutePlanResponse response) {
    if (!response.hasArrowBatch() && !response.hasSqlCommandResult()) {
      return;
    }
    String jobTag = ExecuteJobTag.apply(user, response.getSessionId(), response.getOperationId());
    if (response.hasArrowBatch()) {
      Delivery.sent(jobTag, response.getArrowBatch());
    }
    Operation operation = open.get(jobTag);
    if (operation != null) {
      operation.sent(response);
    }
  }

  private final class Operation {
    private final SparkListenerConnectOperationStarted started;
    private final ExecutePlanRequest request;
    private final String text;
    private final Optional<ConnectOperations.Operation> work;
    private final boolean prepares;
    private QueryStatus status = QueryStatus.RUNNING;
    private Long endedAt;
    private String error;
    private long rows;
    private long bytes;

    /** Whether Spark only looked at the statement, and the client asks for its rows after that. */
    private boolean lookedAt;

    private boolean closed;

    Operation(SparkListenerConnectOperationStarted started, ExecutePlanRequest request) {
      this.started = started;
      this.request = request;
      this.work = ConnectOperations.find(started.jobTag());
      this.text = PlanText.of(GovernedPlans.original(request.getPlan()));
      this.prepares =
          GovernedPlans.original(request.getPlan()).getCommand().hasSqlCommand()
              && QUERY.matcher(text).matches();
    }

    synchronized void end(QueryStatus now, long at, String failure) {
      if (!status.ended()) {
        status = now;
        endedAt = at;
        error = failure == null ? null : STATUS.matcher(failure).replaceFirst("");
        record();
      }
    }

    synchronized void sent(ExecutePlanResponse response) {
      if (response.hasSqlCommandResult()) {
        lookedAt = !response.getSqlCommandResult().getRelation().hasLocalRelation();
        return;
      }
      var batch = response.getArrowBatch();
      // After a broken connection some come once more.
      if (batch.getStartOffset() + batch.getRowCount() > rows) {
        rows = batch.getStartOffset() + batch.getRowCount();
      }
      bytes += batch.getData().size();
    }

    synchronized void close(long at) {
      closed = true;
      if (!status.ended()) {
        end(QueryStatus.CANCELED, at, null);
      } else if (status == QueryStatus.FINISHED) {
        record();
      }
    }

    /** A query that a client prepares is the history's only if it fails or when its rows come. */
    private boolean shown() {
      if (request.getPlan().getRoot().hasLocalRelation()) {
        // The client reads the rows of a command that has run already.
        return false;
      }
      return status == QueryStatus.FAILED
          || status == QueryStatus.CANCELED
          || !prepares
          || closed && !lookedAt;
    }

    /** Spark's own tags are keys alone. */
    private List<QueryTag> tags() {
      return request.getTagsList().stream()
          .filter(tag -> !tag.isBlank() && tag.length() <= LONGEST_TAG)
          .limit(MOST_TAGS)
          .map(tag -> new QueryTag(tag, null))
          .toList();
    }

    synchronized void record() {
      if (!shown()) {
        return;
      }
      long queued = work.map(ConnectOperations.Operation::queuedMillis).orElse(0L);
      long run = endedAt == null ? 0 : Math.max(0, endedAt - started.eventTime() - queued);
      history.record(
          new Query(
              started.operationId(),
              started.userName(),
              work.map(ConnectOperations.Operation::warehouseId).orElse(""),
              started.sessionId(),
              text,
              new QueryClient(request.getClientType()),
              status,
              started.eventTime(),
              endedAt,
              queued,
              0,
              run,
              0,
              rows,
              bytes,
              "spark",
              error,
              null,
              tags(),
              Profile.NONE));
    }
  }
}
