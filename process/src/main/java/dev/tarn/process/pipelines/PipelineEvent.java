package dev.tarn.process.pipelines;

import dev.tarn.engine.dialect.DataQuality;
import dev.tarn.kernel.error.TarnException;
import dev.tarn.process.updates.FlowProgress;
import dev.tarn.process.updates.UpdateState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One event of a pipeline's log, in the shape that Databricks documents.
 *
 * @see <a href="https://docs.databricks.com/aws/en/ldp/monitor-event-log-schema">Event log
 *     schema</a>
 */
public record PipelineEvent(
    String id,
    Origin origin,
    String timestamp,
    String message,
    String level,
    String eventType,
    String maturityLevel,
    ErrorDetail error,
    Map<String, Object> details) {

  public record Origin(
      String pipelineId,
      String pipelineName,
      String updateId,
      String flowName,
      String datasetName) {}

  public record ErrorDetail(boolean fatal, List<SerializedException> exceptions) {}

  public record SerializedException(String className, String message) {}

  record FlowDetail(String status, Metrics metrics, Quality dataQuality) {}

  record Metrics(long numOutputRows) {}

  record Quality(long droppedRecords, List<Expectation> expectations) {}

  record Expectation(String name, String dataset, long passedRecords, long failedRecords) {}

  static PipelineEvent of(Origin origin, UpdateState state) {
    return event(
        new Origin(origin.pipelineId(), origin.pipelineName(), origin.updateId(), null, null),
        "Update " + origin.updateId() + " is " + state + ".",
        state == UpdateState.FAILED ? "ERROR" : "INFO",
        "update_progress",
        null,
        Map.of("update_progress", Map.of("state", state.name())));
  }

  static PipelineEvent of(Origin origin, TarnException failure) {
    return event(
        origin,
        failure.getMessage(),
        "ERROR",
        "update_progress",
        error(failure),
        Map.of("update_progress", Map.of("state", UpdateState.FAILED.name())));
  }

  static PipelineEvent of(Origin origin, FlowProgress progress) {
    FlowDetail detail =
        new FlowDetail(
            progress.status().name(),
            progress.quality().map(q -> new Metrics(q.outputRows())).orElse(null),
            progress.quality().map(q -> quality(progress.dataset(), q)).orElse(null));
    return event(
        new Origin(
            origin.pipelineId(),
            origin.pipelineName(),
            origin.updateId(),
            progress.flow(),
            progress.dataset()),
        progress.message(),
        switch (progress.status()) {
          case FAILED -> "ERROR";
          case SKIPPED, STOPPED -> "WARN";
          default -> "INFO";
        },
        "flow_progress",
        progress.error().map(PipelineEvent::error).orElse(null),
        Map.of("flow_progress", detail));
  }

  private static Quality quality(String dataset, DataQuality quality) {
    return new Quality(
        quality.droppedRows(),
        quality.expectations().stream()
            .map(c -> new Expectation(c.name(), dataset, c.passed(), c.failed()))
            .toList());
  }

  private static ErrorDetail error(TarnException failure) {
    return new ErrorDetail(
        true, List.of(new SerializedException(failure.code().name(), failure.getMessage())));
  }

  private static PipelineEvent event(
      Origin origin,
      String message,
      String level,
      String type,
      ErrorDetail error,
      Map<String, Object> details) {
    return new PipelineEvent(
        UUID.randomUUID().toString(),
        origin,
        Instant.now().toString(),
        message,
        level,
        type,
        "STABLE",
        error,
        details);
  }
}
