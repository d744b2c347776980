package dev.tarn.serve.statements;

import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.ResultFormat;
import java.util.List;

/**
 * Body of a request to execute a statement.
 *
 * @param waitTimeout {@code 0s}, or {@code 5s} to {@code 50s}; {@code 10s} when absent
 * @param sessionId of an open session, which then gives catalog and schema
 */
public record ExecuteStatement(
    String statement,
    String warehouseId,
    String sessionId,
    String catalog,
    String schema,
    List<StatementParameter> parameters,
    Long rowLimit,
    Long byteLimit,
    Disposition disposition,
    ResultFormat format,
    Compression resultCompression,
    String waitTimeout,
    OnWaitTimeout onWaitTimeout) {

  /** How rows come back. Names are the wire's. */
  public enum Disposition {
    INLINE,
    EXTERNAL_LINKS,
    /** Inline if the whole result is one chunk, else links. */
    INLINE_OR_EXTERNAL_LINKS
  }

  /** What happens to a statement that runs on when the wait is over. Names are the wire's. */
  public enum OnWaitTimeout {
    CONTINUE,
    CANCEL
  }

  /** A request for a statement alone, all else at its default. */
  public static ExecuteStatement of(String warehouseId, String statement) {
    return new ExecuteStatement(
        statement, warehouseId, null, null, null, null, null, null, null, null, null, null, null);
  }

  public ExecuteStatement {
    parameters = parameters == null ? List.of() : List.copyOf(parameters);
    disposition = disposition == null ? Disposition.INLINE : disposition;
    format = format == null ? ResultFormat.JSON_ARRAY : format;
    resultCompression = resultCompression == null ? Compression.NONE : resultCompression;
    onWaitTimeout = onWaitTimeout == null ? OnWaitTimeout.CONTINUE : onWaitTimeout;
  }
}
