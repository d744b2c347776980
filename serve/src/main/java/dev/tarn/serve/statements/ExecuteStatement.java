package dev.tarn.serve.statements;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.tarn.serve.history.Query;
import dev.tarn.serve.history.QueryTag;
import dev.tarn.serve.results.ArrowTypes;
import dev.tarn.serve.results.Compression;
import dev.tarn.serve.results.ResultFormat;
import java.util.List;

/**
 * Body of a request to execute a statement.
 *
 * @param waitTimeout {@code 0s}, or {@code 5s} to {@code 50s}; {@code 10s} when absent
 * @param sessionId of an open session, which then gives catalog and schema
 * @param queryTags labels for the query history, beside those of the session
 * @param arrowTypes for format ARROW_STREAM; not on this wire, whose clients get the default
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
    OnWaitTimeout onWaitTimeout,
    List<QueryTag> queryTags,
    @JsonIgnore ArrowTypes arrowTypes) {

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
        statement,
        warehouseId,
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
        null,
        null);
  }

  /** A request with the default Arrow types. */
  public ExecuteStatement(
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
    this(
        statement,
        warehouseId,
        sessionId,
        catalog,
        schema,
        parameters,
        rowLimit,
        byteLimit,
        disposition,
        format,
        resultCompression,
        waitTimeout,
        onWaitTimeout,
        null,
        null);
  }

  /** The same with the tags of its session too. */
  ExecuteStatement inSession(List<QueryTag> tags) {
    return tags.isEmpty()
        ? this
        : new ExecuteStatement(
            statement,
            warehouseId,
            sessionId,
            catalog,
            schema,
            parameters,
            rowLimit,
            byteLimit,
            disposition,
            format,
            resultCompression,
            waitTimeout,
            onWaitTimeout,
            QueryTag.merged(queryTags, tags),
            arrowTypes);
  }

  /** The same with no more text than the history keeps. */
  ExecuteStatement brief() {
    if (statement.length() <= Query.LONGEST_TEXT) {
      return this;
    }
    return new ExecuteStatement(
        statement.substring(0, Query.LONGEST_TEXT + 1),
        warehouseId,
        sessionId,
        catalog,
        schema,
        List.of(),
        rowLimit,
        byteLimit,
        disposition,
        format,
        resultCompression,
        waitTimeout,
        onWaitTimeout,
        queryTags,
        arrowTypes);
  }

  public ExecuteStatement {
    parameters = parameters == null ? List.of() : List.copyOf(parameters);
    disposition = disposition == null ? Disposition.INLINE : disposition;
    format = format == null ? ResultFormat.JSON_ARRAY : format;
    resultCompression = resultCompression == null ? Compression.NONE : resultCompression;
    queryTags = queryTags == null ? List.of() : List.copyOf(queryTags);
    arrowTypes = arrowTypes == null ? ArrowTypes.DEFAULT : arrowTypes;
    onWaitTimeout = onWaitTimeout == null ? OnWaitTimeout.CONTINUE : onWaitTimeout;
  }
}
