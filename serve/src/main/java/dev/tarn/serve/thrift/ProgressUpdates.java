package dev.tarn.serve.thrift;

import dev.tarn.engine.sql.Progress;
import dev.tarn.serve.thrift.Enums.TJobExecutionStatus;
import dev.tarn.serve.thrift.OperationStructs.TProgressUpdateResp;
import java.time.Instant;
import java.util.List;

/** Progress as Hive's clients show it: a table with a row for each thing that is counted. */
final class ProgressUpdates {
  private static final List<String> HEADERS = List.of("STAGES", "STATUS", "TOTAL", "COMPLETED");

  private ProgressUpdates() {}

  static TProgressUpdateResp running(Progress progress, Instant since) {
    return new TProgressUpdateResp(
        HEADERS,
        List.of(
            List.of(
                progress.unit(),
                "RUNNING",
                Long.toString(progress.total()),
                Long.toString(progress.done()))),
        progress.fraction(),
        TJobExecutionStatus.IN_PROGRESS,
        progress.done() + " of " + progress.total() + " " + progress.unit(),
        since.toEpochMilli());
  }
}
